"""From the layer catalogue to layers of the browser: colours, names, words of the language."""

from collections.abc import Mapping
from typing import Any

from gis.accounts.model import Scope
from gis.catalog.layers import Layer, Sign
from gis.catalog.palettes import palette
from gis.tiles.render import scope_key
from gis.tiles.values import Classes
from gis.ui.maps.tile_layer import WanmiTileLayer

LIVE_REFRESH_S = 15
LAMPS = ("#b42318", "#d98a00", "#1b7f5c")
"""Overdue, soon due, in time: apart for colour-blind eyes; the shape's title says it too."""
NO_LAMP = "#64748b"
SOON_MINUTES = 240
LAMP_STEP_MINUTES = 5
"""The lamps' "now" moves in steps, so that a rerun a second later repaints nothing."""


def _colour(spec: Any, now_minutes: int) -> Any:
    if not isinstance(spec, Mapping):
        return spec
    if "palette" in spec:
        cats = {code: tone.color for code, tone in palette(spec["palette"]).items()}
        return {"by": spec["by"], "cats": cats, "other": spec.get("other")}
    if spec.get("lamp"):
        now = now_minutes - now_minutes % LAMP_STEP_MINUTES
        stops = [now, now + SOON_MINUTES]
        return {"by": spec["by"], "stops": stops, "range": list(LAMPS), "nodata": NO_LAMP}
    return spec


def rules_of(layer: Layer, *, now_minutes: int) -> list[dict[str, Any]]:
    """The layer's style rules with palettes and lamps filled in."""
    return [
        {key: _colour(value, now_minutes) if key == "color" else value for key, value in r.items()}
        for r in layer.rules
    ]


def _labels(layer: Layer, locale: str) -> list[dict[str, Any]]:
    name = "zh" if locale == "zh-CN" else "en"
    return [
        {key: name if value == "@name" else value for key, value in label.items()}
        for label in layer.labels
    ]


def tile_layer(layer: Layer, *, locale: str, credits: list[str]) -> WanmiTileLayer:
    """
    The layer as it goes into the map's script: hidden, without version and colours of the day.

    What changes (visible, version, lamps, values) comes with `layer_patch`, so that the script
    stays the same and the map is never rebuilt.
    """
    return WanmiTileLayer(
        layer.id,
        f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}" + ("" if layer.live else "?v={v}"),
        rules_of(layer, now_minutes=0),
        labels=_labels(layer, locale),
        visible=False,
        order=layer.order,
        credits=credits,
        refreshSeconds=LIVE_REFRESH_S if layer.live else 0,
        interactive=layer.id not in {"water_green", "buildings"},
    )


def layer_patch(
    layer: Layer, *, visible: bool, version: int, scope: Scope, now_minutes: int,
    classes: Classes | None,
) -> dict[str, Any]:  # fmt: skip
    """The layer's part of the map's state."""
    rules = rules_of(layer, now_minutes=now_minutes)
    patch: dict[str, Any] = {"visible": visible}
    if not layer.live:
        patch["version"] = f"{version}.{scope_key(layer, scope)}"
    if classes is not None:
        patch["values"] = classes.values
        rules = [rule | {"color": class_colours(classes)} for rule in rules]
    if classes is not None or any(_is_lamp(rule) for rule in layer.rules):
        patch["rules"] = rules
    return patch


def _is_lamp(rule: Mapping[str, Any]) -> bool:
    colour = rule.get("color")
    return isinstance(colour, Mapping) and bool(colour.get("lamp"))


def class_colours(classes: Classes) -> dict[str, Any]:
    """A colour spec that paints joined values by class."""
    return {
        "by": "@value",
        "stops": list(classes.stops),
        "range": list(classes.colours),
        "nodata": "#e8e6e1",
    }


def legend_signs(layer: Layer, codes: list[str] | None) -> tuple[Sign, ...]:
    """The lines of a layer's legend; `codes` are those of its palette that are in use."""
    source = layer.legend_from
    if source is None:
        return layer.legend
    tones = palette(source.palette)
    shown = tones if codes is None else codes
    return tuple(Sign(source.shape, tones[code].color, tones[code].title) for code in shown)
