"""How many features of each layer lie in a box, by the codes of the legend."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import time

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gis.accounts.model import Actor, Scope, require
from gis.catalog.layers import MAX_ZOOM, Layer, Source
from gis.catalog.styles import Style, style_of
from gis.tiles.identify import protections_of
from gis.tiles.sql import LAMP_BASE, condition_of, value_of

COUNTED_MOST = 200_000
"""Beyond this a count is said as “at least”: counting on would keep people waiting."""
TIMEOUT_MS = 2_000
CELLS_MOST = 2_000
"""So many unit grids at most lead to rows of tables without an index on their points."""
_NOT_COUNTED = ("57014", "42", "22")
"""SQL states of one layer's trouble: too slow, a table or column missing, a value damaged."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Count:
    """
    What a box holds of one layer.

    `total` is None where counting took too long or the layer's table is damaged. With `capped`
    there are more: total and the counts by code are lower bounds.
    """

    total: int | None
    codes: dict[str, int] | None = field(default=None)
    capped: bool = False


def counted_source(layer: Layer, style: Style) -> Source | None:
    """
    The source whose rows stand for the layer: what is drawn nearest to the ground.

    Of several kinds of things in one layer it is the one that the legend is made of, else the
    last. None for a layer of labels and clusters alone.
    """
    drawn = [s for s in layer.sources if s.geometry in _REACHES and s.maxzoom > MAX_ZOOM]
    table = style.legend_from.table if style.legend_from else None
    of_legend = [source for source in drawn if source.table == table]
    return next(reversed(of_legend or drawn), None)


def _code_of(style: Style, source: Source) -> str | None:
    """The expression of the legend's code over a row; None where the legend knows no codes."""
    legend = style.legend_from
    if legend is not None and legend.column is not None and legend.table == source.table:
        return legend.column
    columns = {column.name: column for column in source.columns}
    for rule in style.rules:
        color = rule.get("color")
        if rule.get("source") != source.name or not isinstance(color, dict):
            continue
        column = columns.get(color.get("by", ""))
        if column is not None and color.get("clock"):
            return _LAMP.format(lamp=value_of(column))
        if column is not None and ("cats" in color or "palette" in color):
            return f"CAST({value_of(column)} AS text)"
    return None


# a CASE, for the planner would look up an OR in the index twice
_INTO = (
    "geom_3857 && {box} AND CASE WHEN geom_3857 @ {box} THEN true"
    " ELSE ST_Intersects(geom_3857, {box}) END"
)
_REACHES = {"point": "geom_3857 && {box}", "line": _INTO, "area": _INTO}
"""How a shape reaches into the box, by its kind; most lie wholly inside, which costs less."""
_BY_COMMUNITY = (
    "CASE WHEN left(grid_code, 12) IN (SELECT code FROM area WHERE level = 4"
    " AND valid_to IS NULL AND geom_3857 @ {box}) THEN true"
    " WHEN left(grid_code, 12) IN (SELECT code FROM area WHERE level = 4"
    " AND valid_to IS NULL AND NOT geom_3857 && {box}) THEN false"
    " ELSE geom_3857 && {box} END"
)
"""For rows without an index on their points: most need no look at the point, the last column."""
_LAMP = (
    "(SELECT CASE WHEN lamp IS NULL THEN 'none'"
    f" WHEN lamp / {LAMP_BASE} < :minute THEN 'red'"
    f" WHEN lamp / {LAMP_BASE} - mod(lamp, {LAMP_BASE}) < :minute THEN 'yellow'"
    " ELSE 'green' END FROM (SELECT {lamp} AS lamp) AS clock)"
)
"""The lamps of the map as codes; the first limit that is not passed counts."""


def _statement(source: Source, code: str | None, scope: Scope, *, by_cells: bool) -> str:
    box = "ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857)"
    parts = [_REACHES[source.geometry].format(box=box)]
    if by_cells:
        parts.append(
            f"grid_code = ANY (ARRAY(SELECT code FROM grid_cell WHERE geom_3857 && {box}))"
        )
    elif source.through_cells:
        parts = [_BY_COMMUNITY.format(box=box)]
    if source.recent:
        parts.append(f"{source.recent.column} >= now() - interval '{source.recent.days} days'")
    parts += [condition_of(condition) for condition in source.where]
    parts += protections_of(source, scope)
    return (
        "SELECT code, count(*) AS items, sum(count(*)) OVER () AS total"
        f" FROM (SELECT {code or 'NULL'} AS code FROM {source.table}"
        f" WHERE {' AND '.join(parts)} LIMIT :most) AS found GROUP BY code ORDER BY code LIMIT 500"
    )


def counts_in(
    conn: Connection, wanted: Sequence[Layer], bounds: Bounds, *, actor: Actor
) -> dict[str, Count]:
    """
    What a box (west, south, east, north in degrees, EPSG:4490) holds of each layer, by its id.

    Counted is what the person may see and what the layer draws at its largest scale; lines and
    areas count when they reach into the box. Edges hold to a metre: boxes of an index are rounded.

    Raises
    ------
    Forbidden
        When one of the layers is not the actor's to see.
    """
    for layer in wanted:
        require(actor, layer.permission)
    conn.execute(text(f"SET LOCAL statement_timeout = {TIMEOUT_MS}"))
    return {layer.id: _count(conn, layer, bounds, actor) for layer in wanted}


def _count(conn: Connection, layer: Layer, bounds: Bounds, actor: Actor) -> Count:
    style = style_of(conn, layer)
    source = counted_source(layer, style)
    if source is None:
        return Count(None)
    scope, code = actor.scope, _code_of(style, source)
    west, south, east, north = bounds
    given = {
        "west": west, "south": south, "east": east, "north": north, "scope": scope.as_list(),
        "department": scope.department_id, "most": COUNTED_MOST + 1, "minute": time() / 60,
    }  # fmt: skip
    by_cells = source.through_cells and _few_cells(conn, given)
    sql = _statement(source, code, scope, by_cells=by_cells)
    savepoint = conn.begin_nested()
    try:
        rows = conn.execute(text(sql), given).all()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        savepoint.rollback()
        if not str(getattr(error.orig, "sqlstate", None)).startswith(_NOT_COUNTED):
            raise
        return Count(None)
    savepoint.commit()
    total = int(rows[0].total) if rows else 0
    codes = None if code is None else {str(row.code): row.items for row in rows if row.code}
    return Count(min(total, COUNTED_MOST), codes, capped=total > COUNTED_MOST)


_CELLS = text(
    "SELECT count(*) FROM (SELECT FROM grid_cell WHERE geom_3857 &&"
    " ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857) LIMIT :cells) AS c"
)


def _few_cells(conn: Connection, given: dict[str, object]) -> bool:
    found = conn.execute(_CELLS, {**given, "cells": CELLS_MOST + 1}).scalar_one()
    return int(found) <= CELLS_MOST
