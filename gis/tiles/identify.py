"""What lies under a click: the attributes of one row, and everything in one unit grid."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, Permission, Scope, require
from gis.catalog.details import Detail, details
from gis.catalog.layers import Layer, Source
from gis.db.sqlfile import load_sql
from gis.errors import NotFound
from gis.i18n import N_

_CONTENTS = load_sql(__package__, "grid_contents")
_SIDES = ("XMin", "YMin", "XMax", "YMax")
_NOT_FOUND = N_("This feature is gone, or lies outside the area of your posts.")


@dataclass(frozen=True)
class Feature:
    """One row of a layer: its values by line of the panel, and where it lies."""

    layer_id: str
    source: Source
    id: int
    lines: tuple[tuple[Detail, Any], ...]
    grid_code: str | None
    """The unit grid of the row, where its table knows it."""
    row: dict[str, Any]
    """All values read, by column: what look-ups and links need."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees (EPSG:4490)."""


_LOOKED_UP_WITH = {
    "component": ["edition"],
    "cases": ["edition", "kind"],
    "repeat_place": ["edition", "kind"],
}
"""Columns without a line of their own that look-ups need."""


def _sources_of(layer: Layer, name: str) -> list[Source]:
    """The sources of a name, one per table: a cluster stands for areas far off, for cells near."""
    found = {source.table: source for source in layer.sources if source.name == name}
    if not found:
        raise NotFound(_NOT_FOUND)
    return list(found.values())


def columns_of(source: Source, lines: tuple[Detail, ...]) -> list[str]:
    """What a panel needs of a row: its lines as d0, d1 …, and columns that look-ups need."""
    columns = [f"{line.sql} AS d{number}" for number, line in enumerate(lines)]
    if source.table == "grid_cell":
        return [*columns, "code AS grid_code"]
    columns += _LOOKED_UP_WITH.get(source.table, [])
    if source.scope == "grid_code" or source.table == "building":
        columns.append("grid_code")
    return columns


def protections_of(source: Source, scope: Scope) -> list[str]:
    """The conditions that hold a person to their area, and a handler to their department."""
    conditions = []
    if source.scope and "" not in scope.prefixes:
        conditions.append(f"{source.scope} ^@ ANY(CAST(:scope AS text[]))")
    if source.department and scope.department_id is not None:
        conditions.append(f"{source.department} = CAST(:department AS bigint)")
    return conditions


def _statement(source: Source, lines: tuple[Detail, ...], scope: Scope) -> str:
    columns = columns_of(source, lines)
    columns += [
        f"ST_{side}(ST_Transform(geom_3857, 4490)) AS {side.lower()}" for side in _SIDES
    ]  # fmt: skip
    # a code is compared as the text it is: a cast would pass by its index
    one = "code = CAST(:id AS text)" if source.id == "code" else f"{source.id} = :id"
    conditions = [one, *protections_of(source, scope)]
    return (
        f"SELECT {', '.join(columns)} FROM {source.table} WHERE {' AND '.join(conditions)} LIMIT 1"
    )


def feature(
    conn: Connection, layer: Layer, source_name: str, feature_id: int, *, actor: Actor
) -> Feature:
    """
    The row behind a feature of a tile.

    Raises
    ------
    Forbidden
        When the layer is not the actor's to see.
    NotFound
        No such row, or not within the scope: the answer does not tell which.
    """
    require(actor, layer.permission)
    given: dict[str, Any] = {"id": feature_id, "scope": actor.scope.as_list()}
    given["department"] = actor.scope.department_id
    for source in _sources_of(layer, source_name):
        lines = details().get(source.table, ())
        row = conn.execute(text(_statement(source, lines, actor.scope)), given).one_or_none()
        if row is not None:
            return _feature(layer, source, feature_id, lines, row)
    raise NotFound(_NOT_FOUND)


def _feature(
    layer: Layer, source: Source, feature_id: int, lines: tuple[Detail, ...], row: Row[Any]
) -> Feature:
    values = row._asdict()
    shown = tuple((line, values.pop(f"d{number}")) for number, line in enumerate(lines))
    west, south, east, north = (values.pop(side.lower()) for side in _SIDES)
    known = {line.column: value for line, value in shown if not line.measure} | values
    bounds = (west, south, east, north)
    return Feature(layer.id, source, feature_id, shown, known.get("grid_code"), known, bounds)


@dataclass(frozen=True)
class Content:
    """One count of what a unit grid holds; `amount` is m of pipes or m² of buildings."""

    topic: str
    code: str
    items: int
    amount: float | None


_TOPIC_NEEDS = {"pipe": Permission.VIEW_PIPELINES}


def grid_contents(conn: Connection, code: str, *, actor: Actor) -> list[Content]:
    """
    What stands in one unit grid, by topic and then by number, most first; empty outside the scope.

    Topics whose layer the actor may not see are left out.

    Counts belong to the grid a row was placed in (its middle), so the sum over cells is the sum
    over the district.
    """
    params = {"code": code, "scope": actor.scope.as_list()}
    found = [Content(*row) for row in conn.execute(_CONTENTS, params)]
    return [
        content
        for content in found
        if content.topic not in _TOPIC_NEEDS or actor.may(_TOPIC_NEEDS[content.topic])
    ]
