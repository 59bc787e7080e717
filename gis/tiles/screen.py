"""
What the map page hands to the browser, as data: layers in one language, legends, base maps.

Nothing here changes from run to run: what moves (versions, live cases, counts, details) the
browser asks by itself, so that the script that builds the map stays the same text.
"""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from babel.numbers import format_decimal
from pyproj import CRS

from gis.accounts.model import Actor, Permission
from gis.catalog.base_maps import BaseMap
from gis.catalog.details import words
from gis.catalog.layers import GROUPS, Layer, Sign
from gis.catalog.styles import Style, labels_of, legend_signs
from gis.catalog.themes import Theme, resolve_theme
from gis.i18n import N_, translate
from gis.tiles.facts import LayerFacts, MapFacts
from gis.tiles.values import Classes
from gis.tiles.words import WORDS

QUIET = frozenset({"water_green", "buildings"})
"""Layers that are only looked at: a click goes through them."""
DAYS = 90
"""How far back the time slider goes."""

Rule = dict[str, Any]

NOTE_DERIVED = N_("Partly derived by us, not official.")
NOTE_GENERATED = N_("Generated demo data, not real.")
NOTE_DENSITY = N_("People per km², classes of about equal count")
NOTE_NO_FIGURES = N_("No figures in your area.")
NOTE_NOTHING = N_("Nothing of this layer in your area.")


def rules_of(style: Style, classes: Classes | None = None) -> list[Rule]:
    """The rules of a resolved style, with joined classes filled in."""
    if classes is None:
        return [dict(rule) for rule in style.rules]
    return [{**rule, "color": _class_colours(rule["color"], classes)} for rule in style.rules]


def _class_colours(spec: Any, classes: Classes) -> Any:
    """A colour spec that paints joined values by class; other specs stay."""
    if not isinstance(spec, Mapping) or spec.get("by") != "@value":
        return spec
    stops, tones = list(classes.stops), list(classes.colours)
    return {"by": "@value", "stops": stops, "range": tones, "nodata": spec.get("nodata")}


def _sign(sign: Sign, locale: str) -> dict[str, Any]:
    more = {"code": sign.code, "dash": list(sign.dash), "icon": sign.icon}
    return {
        "shape": sign.shape,
        "color": sign.color,
        "title": sign.title.text(locale),
        **{key: value for key, value in more.items() if value},
    }


def _number(value: float, locale: str) -> str:
    return format_decimal(value, "#,##0", locale="zh_CN" if locale == "zh-CN" else "en_GB")


def _class_signs(classes: Classes, locale: str) -> list[dict[str, Any]]:
    if not classes.values:
        return []
    lows = [min(classes.values.values()), *classes.stops]
    highs = [*classes.stops, max(classes.values.values())]
    return [
        {
            "shape": "fill",
            "color": colour,
            "title": f"{_number(low, locale)} – {_number(high, locale)} ({count})",
        }
        for low, high, colour, count in zip(
            lows, highs, classes.colours, classes.counts, strict=True
        )
    ]


def legend_of(style: Style, facts: LayerFacts, locale: str) -> list[dict[str, Any]]:
    """The signs of a layer's legend; of a palette only those in use."""
    if facts.classes is not None:
        return _class_signs(facts.classes, locale)
    codes = None if facts.codes is None else list(facts.codes)
    return [_sign(sign, locale) for sign in legend_signs(style, codes)]


def _notes(style: Style, facts: LayerFacts, locale: str) -> list[str]:
    notes = []
    if facts.classes is not None:
        notes.append(NOTE_DENSITY if facts.classes.values else NOTE_NO_FIGURES)
    elif facts.codes is not None and not facts.codes:
        notes.append(NOTE_NOTHING)
    if any(origin.derived for origin in facts.origins):
        notes.append(NOTE_DERIVED)
    if any(origin.generated for origin in facts.origins):
        notes.append(NOTE_GENERATED)
    said = style.note(locale)
    return [*(translate(note, locale) for note in notes), *([said] if said else [])]


def layer_config(layer: Layer, style: Style, facts: LayerFacts, locale: str) -> dict[str, Any]:
    """One layer as the browser takes it, in a style whose colours are resolved."""
    return {
        "id": layer.id,
        "group": layer.group,
        "title": layer.title.text(locale),
        "url": f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}?v={{v}}",
        "visible": layer.visible,
        "order": layer.order,
        "live": layer.live,
        "interactive": layer.id not in QUIET,
        "minzoom": min(source.minzoom for source in layer.sources),
        "rules": rules_of(style, facts.classes),
        "labels": labels_of(style, locale),
        "legend": legend_of(style, facts, locale),
        "values": dict(facts.classes.values) if facts.classes is not None else None,
        "credits": facts.credits(locale),
        "notes": _notes(style, facts, locale),
        "time": asdict(layer.time) if layer.time is not None else None,
        "counts": layer.group != "base" and layer.join is None,
    }


@cache
def crs_config(srid: int) -> dict[str, str]:
    """The working CRS for the coordinate tools: code, name and the text proj4 reads."""
    found = CRS.from_epsg(srid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what proj4 drops, the browser cannot read
        text = str(found.to_proj4())
    return {"code": f"EPSG:{srid}", "name": found.name, "proj4": text}


def source_titles(layers: Iterable[Layer], locale: str) -> dict[str, str]:
    """What a feature of each source is called: `grids.grid` → unit grid."""
    titles = {}
    for layer in layers:
        for source in layer.sources:
            term = words().get(("source", source.name))
            if term is not None:
                titles[f"{layer.id}.{source.name}"] = term.text(locale)
    return titles


def base_config(base_maps: Sequence[BaseMap], locale: str) -> list[dict[str, Any]]:
    """The drawn base map and those of the setting."""
    drawn = {"id": "drawn", "title": translate(N_("Drawn map"), locale), "kind": "drawn"}
    return [{**drawn, "credits": []}, *(base.config(locale) for base in base_maps)]


def workbench_config(
    layers: Sequence[Layer], styles: Mapping[str, Style], facts: MapFacts, *,
    actor: Actor, locale: str, theme: Theme, views: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    """
    All that the workbench of the map needs, for `layers`, lowest first, in the `styles` in force.

    Plain data, the same for equal arguments.
    """
    west, south, east, north = facts.bounds
    used = {layer.group for layer in layers}
    return {
        "home": [[south, west], [north, east]],
        "viewInLink": True,
        "locale": locale,
        "theme": theme,
        "zone": facts.zone,
        "crs": crs_config(facts.work_srid),
        "groups": [
            {"id": group, "title": translate(title, locale)}
            for group, title in GROUPS.items()
            if group in used
        ],
        "layers": [
            layer_config(
                layer,
                resolve_theme(styles[layer.id], theme),
                facts.layers.get(layer.id, LayerFacts()),
                locale,
            )
            for layer in layers
        ],
        "base": base_config(facts.base_maps, locale),
        "sources": source_titles(layers, locale),
        "views": [dict(view) for view in views],
        "links": links_for(actor),
        "swipe": True,
        "days": DAYS,
        "words": {key: translate(text, locale) for key, text in WORDS.items()},
    }


def links_for(actor: Actor) -> dict[str, str | None]:
    """Addresses of other pages that the map leads to, as far as the posts include them."""
    return {
        "print": "/print/map",
        "case": "/case?number={number}" if actor.may(Permission.VIEW_CASES) else None,
        "styles": "/styles" if actor.may(Permission.MANAGE_STYLES) else None,
    }
