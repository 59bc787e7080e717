"""
What the map can show, as data: data/catalog/layers.json; how it looks is `gis.catalog.styles`.

A layer has sources (a table each, by zoom) and, where its style says so, a legend made of a table.
Names of tables and columns reach SQL from here only, so every name is checked when the file is
read.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from gis.accounts.model import Actor, Permission
from gis.config import CHECKOUT
from gis.errors import Term
from gis.i18n import N_

LAYERS_FILE = CHECKOUT / "data" / "catalog" / "layers.json"
STYLES_FILE = LAYERS_FILE.with_name("styles.json")
GEOMETRIES = ("area", "line", "point", "label", "cluster")
SHAPES = ("geom_3857", "geom_far_3857")
TRANSFORMS = (
    *("first2", "last3", "running_lamp", "day"),
    *("count", "earliest_minutes", "middle_minutes"),
)
OPERATORS = ("=", "<>", "<=", ">=", "is null", "is not null", "is true")
MIN_ZOOM, MAX_ZOOM = 8, 20
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}$")
_WORD = re.compile(r"^[A-Za-z0-9_ -]{1,40}$")

GROUPS: Mapping[str, str] = {
    "cases": N_("Cases"),
    "grids": N_("Grids"),
    "city": N_("Components and pipelines"),
    "people": N_("People and facilities"),
    "land": N_("Land"),
    "base": N_("Base map"),
}
"""Groups of the layer tree in order, with their titles."""


@dataclass(frozen=True)
class Column:
    """One attribute of a tile: a column, perhaps transformed, from a zoom on."""

    name: str
    column: str
    transform: str | None = None
    minzoom: int = 0


@dataclass(frozen=True)
class Condition:
    """One comparison of a column with a constant; `value` is None for the unary ones."""

    column: str
    operator: str
    value: str | int | bool | None = None


@dataclass(frozen=True)
class Counted:
    """
    The rows that a cluster counts: those whose `code` begins with the code of the cluster's area.

    `code` holds grid codes; an index that starts with it makes the count cheap. `department`
    names the column that narrows handlers.
    """

    table: str
    code: str
    department: str | None = None
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Recent:
    """Only rows whose moment in `column` lies within the last `days`."""

    column: str
    days: int


@dataclass(frozen=True)
class Source:
    """
    One table inside the tiles of a layer, for zooms `minzoom` ≤ z < `maxzoom`.

    `scope` names the column that holds the grid or area code of a protected row; None: the rows
    are public inside the district. `department` names the column that narrows handlers.
    """

    name: str
    table: str
    geometry: str
    id: str
    minzoom: int
    maxzoom: int = MAX_ZOOM + 1
    scope: str | None = None
    department: str | None = None
    columns: tuple[Column, ...] = ()
    where: tuple[Condition, ...] = ()
    shape: str = "geom_3857"
    """The column that is drawn; rows are found by `geom_3857`, which has the index."""
    counts: Counted | None = None
    """What a `cluster` counts in each area of `table`; its `columns` are taken from there."""
    recent: Recent | None = None
    through_cells: bool = False
    """Find rows by the unit grids under the tile: for tables without an index on their points."""

    @property
    def narrowed_by(self) -> str | None:
        """The column that narrows handlers to their department, wherever it stands."""
        return self.counts.department if self.counts else self.department


@dataclass(frozen=True)
class TimeOf:
    """Which source of a layer the time slider filters, and by which attribute."""

    source: str
    attribute: str


@dataclass(frozen=True)
class LegendFrom:
    """A legend made of a palette: of its codes in use in `table.column`, or of all of them."""

    palette: str
    shape: str
    table: str | None = None
    column: str | None = None
    scope: str | None = None
    dashes: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Codes whose line is drawn dashed."""


@dataclass(frozen=True)
class Sign:
    """One line of a legend: a shape in a colour and what it means."""

    shape: str
    color: str
    title: Term
    code: str | None = None
    """The code of the features it stands for, where they can be counted by it."""
    dash: tuple[float, ...] = ()
    icon: str | None = None


@dataclass(frozen=True)
class Layer:
    """One entry of the layer tree."""

    id: str
    group: str
    title: Term
    permission: Permission
    order: int
    visible: bool
    sources: tuple[Source, ...]
    legend_from: LegendFrom | None = None
    join: str | None = None
    """Name of the values the page joins to the features (`@value`)."""
    live: bool = False
    """Rows change all day: the version of the tiles rises with every step of a case."""
    time: TimeOf | None = None
    version_keys: tuple[str, ...] = field(default=())
    """Rows of `layer_version` that this layer depends on: its id, its tables, its sources."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the sources, each once."""
        return tuple(dict.fromkeys(source.table for source in self.sources))

    @cached_property
    def is_scoped(self) -> bool:
        """Whether two persons may see different rows."""
        return any(source.scope or source.narrowed_by for source in self.sources)

    def sources_at(self, zoom: int) -> tuple[Source, ...]:
        """The sources that a tile of this zoom holds; empty: nothing is drawn there."""
        return tuple(s for s in self.sources if s.minzoom <= zoom < s.maxzoom)


def _checked(value: str, pattern: re.Pattern[str] = _NAME) -> str:
    if not pattern.fullmatch(value):
        msg = f"layers.json: {value!r} is not a plain name"
        raise ValueError(msg)
    return value


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        msg = f"layers.json: {value!r} is none of {', '.join(allowed)}"
        raise ValueError(msg)
    return value


def _column(name: str, raw: str | Mapping[str, Any]) -> Column:
    entry: Mapping[str, Any] = {"column": raw} if isinstance(raw, str) else raw
    transform = entry.get("as")
    if transform is not None:
        _one_of(transform, TRANSFORMS)
    return Column(_checked(name), _checked(entry["column"]), transform, entry.get("minzoom", 0))


def _condition(raw: list[Any]) -> Condition:
    column, operator = _checked(raw[0]), _one_of(raw[1], OPERATORS)
    value = raw[2] if len(raw) > 2 else None
    if (value is None) != operator.startswith("is ") or not isinstance(
        value, str | int | bool | None
    ):
        msg = f"layers.json: the condition {raw!r} cannot be read"
        raise ValueError(msg)
    return Condition(column, operator, _checked(value, _WORD) if isinstance(value, str) else value)


def _counted(raw: Mapping[str, Any] | None) -> Counted | None:
    if raw is None:
        return None
    return Counted(
        table=_checked(raw["table"]),
        code=_checked(raw["code"]),
        department=_checked(raw["department"]) if raw.get("department") else None,
        where=tuple(_condition(item) for item in raw.get("where", ())),
    )


def _recent(raw: Mapping[str, Any] | None) -> Recent | None:
    return Recent(_checked(raw["column"]), int(raw["days"])) if raw else None


def _source(raw: Mapping[str, Any]) -> Source:
    if (raw["geometry"] == "cluster") != ("counts" in raw):
        msg = f"layers.json: {raw['name']!r} must both be a cluster and say what it counts"
        raise ValueError(msg)
    return Source(
        name=_checked(raw["name"]),
        table=_checked(raw["table"]),
        geometry=_one_of(raw["geometry"], GEOMETRIES),
        shape=_one_of(raw.get("shape", SHAPES[0]), SHAPES),
        counts=_counted(raw.get("counts")),
        recent=_recent(raw.get("recent")),
        through_cells=bool(raw.get("through_cells", False)),
        id=_checked(raw["id"]),
        minzoom=int(raw["minzoom"]),
        maxzoom=int(raw.get("maxzoom", MAX_ZOOM + 1)),
        scope=_checked(raw["scope"]) if raw.get("scope") else None,
        department=_checked(raw["department"]) if raw.get("department") else None,
        columns=tuple(_column(name, value) for name, value in raw["columns"].items()),
        where=tuple(_condition(item) for item in raw.get("where", ())),
    )


def sign_of(raw: Mapping[str, Any]) -> Sign:
    """One line of a legend as styles.json writes it."""
    return Sign(
        shape=raw["shape"],
        color=raw["color"],
        title=Term(raw["zh"], raw["en"]),
        code=raw.get("code"),
        dash=tuple(raw.get("dash", ())),
        icon=raw.get("icon"),
    )


def legend_source_of(raw: Mapping[str, Any] | None) -> LegendFrom | None:
    """The `legend_from` of a style; the names in it are checked, for they reach SQL."""
    if raw is None:
        return None
    names = {key: _checked(raw[key]) for key in ("table", "column", "scope") if raw.get(key)}
    return LegendFrom(
        palette=_checked(raw["palette"]),
        shape=raw["shape"],
        dashes={code: tuple(dash) for code, dash in raw.get("dash", {}).items()},
        **names,
    )


def _layer(raw: Mapping[str, Any], style: Mapping[str, Any]) -> Layer:
    sources = tuple(_source(source) for source in raw["sources"])
    keys = [raw["id"], *(s.table for s in sources), *(s.name for s in sources)]
    return Layer(
        id=_checked(raw["id"]),
        group=_one_of(raw["group"], tuple(GROUPS)),
        title=Term(raw["title"]["zh"], raw["title"]["en"]),
        permission=Permission(raw["permission"]),
        order=int(raw["order"]),
        visible=bool(raw["visible"]),
        sources=sources,
        legend_from=legend_source_of(style.get("legend_from")),
        join=raw.get("join"),
        live=bool(raw.get("live", False)),
        time=TimeOf(*(_checked(raw["time"][k]) for k in ("source", "attribute")))
        if raw.get("time")
        else None,
        version_keys=tuple(dict.fromkeys(key.removesuffix("_label") for key in keys)),
    )


@cache
def layers() -> Mapping[str, Layer]:
    """
    All layers by id, lowest first.

    Raises
    ------
    ValueError
        For a name, operator or shape that is not understood: a damaged catalogue must not start
        the product.
    """
    styles = json.loads(STYLES_FILE.read_text(encoding="utf-8"))
    raws = json.loads(LAYERS_FILE.read_text(encoding="utf-8"))
    found = [_layer(raw, styles[raw["id"]]) for raw in raws]
    if len({layer.id for layer in found}) != len(found):
        msg = "layers.json names a layer twice"
        raise ValueError(msg)
    return {layer.id: layer for layer in sorted(found, key=lambda layer: layer.order)}


def layers_for(actor: Actor) -> list[Layer]:
    """The layers that `actor` may see, lowest first."""
    return [layer for layer in layers().values() if actor.may(layer.permission)]
