"""
How each layer looks: shipped in data/catalog/styles.json, overridden by the newest saved version.

A style is data: rules and labels of the browser's layer (docs/map.md) and a legend. Colours may be
names (`$water`) that a theme resolves, see `gis.catalog.themes`. A saved style that no longer fits
its layer never reaches a map: the layer looks as shipped and says why.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from gis.accounts.tables import person
from gis.catalog import layers as catalogue
from gis.catalog.layers import Layer, LegendFrom, Sign, layers, legend_source_of, sign_of
from gis.catalog.palettes import palette
from gis.catalog.style_check import faults_of
from gis.catalog.tables import layer_style
from gis.errors import Fault
from gis.i18n import N_, translate

VERSIONS_MOST = 50
RawStyle = Mapping[str, Any]
"""A style as styles.json and the table `layer_style` hold it."""


@dataclass(frozen=True)
class Style:
    """The looks of one layer."""

    layer: str
    rules: tuple[Mapping[str, Any], ...]
    labels: tuple[Mapping[str, Any], ...] = ()
    legend: tuple[Sign, ...] = ()
    legend_from: LegendFrom | None = None
    version: int = 0
    """The newest saved version; 0: nothing was ever saved."""
    faults: tuple[Fault, ...] = ()
    """Why the saved version is not the one shown; empty: it is, or there is none."""

    def note(self, locale: str) -> str | None:
        """The sentence the layer tree says about a saved style that cannot be used."""
        if not self.faults:
            return None
        said = translate(
            N_("The saved style (version {version}) is not used: {fault} Shown as shipped."), locale
        )
        return said.format(version=self.version, fault=self.faults[0].text(locale))


@dataclass(frozen=True)
class Version:
    """One entry of the history of a style."""

    version: int
    raw: RawStyle | None
    """None: as shipped again."""
    note: str
    made_by: str | None
    made_at: datetime


@cache
def shipped() -> Mapping[str, RawStyle]:
    """The styles that come with the product, by layer."""
    found: dict[str, RawStyle] = json.loads(catalogue.STYLES_FILE.read_text(encoding="utf-8"))
    return found


def style_from(layer: Layer, raw: RawStyle, version: int = 0) -> Style:
    """A style that was checked, as an object."""
    return Style(
        layer=layer.id,
        rules=tuple(raw["rules"]),
        labels=tuple(raw.get("labels", ())),
        legend=tuple(sign_of(sign) for sign in raw.get("legend", ())),
        legend_from=legend_source_of(raw.get("legend_from")),
        version=version,
    )


def shipped_style(layer: Layer) -> Style:
    """The style of a layer as it came."""
    return style_from(layer, shipped()[layer.id])


def _kept(layer: Layer, raw: RawStyle | None, version: int) -> Style:
    """What a saved row makes of the layer: itself, or the shipped style with the reasons."""
    if raw is None:
        return replace(shipped_style(layer), version=version)
    faults = tuple(faults_of(raw, layer))
    if faults:
        return replace(shipped_style(layer), version=version, faults=faults)
    return style_from(layer, raw, version)


def styles(conn: Connection) -> dict[str, Style]:
    """The style of every layer now, by id. Cached for pages by `gis.ui.cache`."""
    newest = (
        select(layer_style.c.layer, layer_style.c.version, layer_style.c.style)
        .ext(distinct_on(layer_style.c.layer))
        .order_by(layer_style.c.layer, layer_style.c.version.desc())
        .limit(len(layers()) + VERSIONS_MOST)
    )
    held = {row.layer: row for row in conn.execute(newest)}
    return {
        layer.id: _kept(layer, held[layer.id].style, held[layer.id].version)
        if layer.id in held
        else shipped_style(layer)
        for layer in layers().values()
    }


def newest_row(conn: Connection, layer_id: str) -> Row[Any] | None:
    """The newest saved version of one layer, with the name of who made it."""
    statement = (
        select(layer_style, person.c.name.label("maker"))
        .join(person, person.c.id == layer_style.c.made_by, isouter=True)
        .where(layer_style.c.layer == layer_id)
        .order_by(layer_style.c.version.desc())
        .limit(1)
    )
    return conn.execute(statement).one_or_none()


def style_of(conn: Connection, layer: Layer) -> Style:
    """The style of one layer now."""
    row = newest_row(conn, layer.id)
    return shipped_style(layer) if row is None else _kept(layer, row.style, row.version)


def current_raw(conn: Connection, layer: Layer) -> tuple[RawStyle, int]:
    """What an editor begins with: the style that is shown, as data, and the newest version."""
    row = newest_row(conn, layer.id)
    if row is None:
        return shipped()[layer.id], 0
    fits = row.style is not None and not faults_of(row.style, layer)
    return (row.style if fits else shipped()[layer.id]), row.version


def history(conn: Connection, layer: Layer) -> list[Version]:
    """The saved versions of a layer, newest first, at most fifty."""
    statement = (
        select(layer_style, person.c.name.label("maker"))
        .join(person, person.c.id == layer_style.c.made_by, isouter=True)
        .where(layer_style.c.layer == layer.id)
        .order_by(layer_style.c.version.desc())
        .limit(VERSIONS_MOST)
    )
    return [
        Version(row.version, row.style, row.note, row.maker, row.made_at)
        for row in conn.execute(statement)
    ]


def legend_signs(style: Style, codes: list[str] | None) -> tuple[Sign, ...]:
    """The lines of a layer's legend; `codes` are those of its palette that are in use."""
    source = style.legend_from
    if source is None:
        return style.legend
    tones = palette(source.palette)
    shown = list(tones) if codes is None else [code for code in codes if code in tones]
    return tuple(
        Sign(source.shape, tones[c].color, tones[c].title, c, source.dashes.get(c, ()))
        for c in shown
    )


def labels_of(style: Style, locale: str) -> list[dict[str, Any]]:
    """The label rules of a style with the attribute of the reader's language."""
    name = "zh" if locale == "zh-CN" else "en"
    return [
        {key: name if value == "@name" else value for key, value in label.items()}
        for label in style.labels
    ]
