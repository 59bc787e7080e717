"""What lies in a drawn area: one layer as a table, with its shapes for files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, require
from gis.catalog.details import Detail, details
from gis.catalog.layers import Layer, Source
from gis.catalog.styles import style_of
from gis.db.settings import read_setting
from gis.db.sqlfile import load_sql
from gis.errors import Invalid, NotFound, Term, fault
from gis.i18n import N_
from gis.tiles.counts import counted_source
from gis.tiles.identify import columns_of, protections_of
from gis.tiles.panel import looked_up
from gis.tiles.sql import condition_of
from gis.wording import Wording

ROWS_MOST = 20_000
"""Rows that one answer holds at most, whatever is asked."""
COUNTED_MOST = 200_000
VERTICES_MOST = 500
FILE_DIGITS = 2
"""Decimals that measures keep at least: a file is for counting on, not for reading only."""
_DRAWN = load_sql(__package__, "drawn_area")
_NO_POLYGON = N_("The drawn area is not a polygon of degrees. Draw it again.")


@dataclass(frozen=True)
class SelectedColumn:
    """One column of the table; the unit belongs to the title."""

    key: str
    title: str
    detail: Detail


@dataclass(frozen=True)
class Selection:
    """
    The rows of one layer inside a drawn area, in the order of their ids.

    `values` hold names of the reader's language, numbers, and moments in the district's zone.
    """

    layer: Layer
    wording: Wording
    columns: tuple[SelectedColumn, ...]
    values: tuple[tuple[Any, ...], ...]
    shapes: tuple[str, ...]
    """GeoJSON geometries (EPSG:4490, seven digits), one per row."""
    total: int
    capped: bool
    """There are more than `total`."""

    @property
    def title(self) -> str:
        """What the layer is called."""
        return self.wording.name(self.layer.title)

    @property
    def headers(self) -> list[str]:
        """The titles of the columns."""
        return [column.title for column in self.columns]

    def texts(self) -> list[list[str]]:
        """The rows as people read them; nothing stands for what is not known."""
        return [
            [
                "" if value is None else self.wording.value(value, digits=column.detail.digits)
                for column, value in zip(self.columns, row, strict=True)
            ]
            for row in self.values
        ]

    def frame(self) -> pd.DataFrame:
        """The rows for a file: numbers stay numbers; columns by key."""
        keys = [column.key for column in self.columns]
        return pd.DataFrame(list(self.values), columns=keys, dtype=object)

    def features(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Shape and properties of each row, for a file of features."""
        keys = [column.key for column in self.columns]
        for shape, row in zip(self.shapes, self.values, strict=True):
            yield shape, dict(zip(keys, row, strict=True))


def select_in(
    conn: Connection,
    layer: Layer,
    polygon: Mapping[str, Any],
    *,
    actor: Actor,
    locale: str,
    most: int = 1_000,
) -> Selection:
    """
    The first `most` rows of a layer that reach into a polygon, and how many there are.

    Of what the layer draws at its largest scale, within the person's area. The polygon is GeoJSON
    (EPSG:4490); one that crosses itself is taken as the areas it encloses.

    Raises
    ------
    Forbidden
        When the layer is not the actor's to see.
    Invalid
        When the polygon is none, has more than 500 corners, or is larger than the district.
    """
    require(actor, layer.permission)
    shape = drawn_area(conn, polygon)
    source = counted_source(layer, style_of(conn, layer))
    if source is None:
        raise NotFound(N_("There is nothing to select in this layer."))
    lines = details()[source.table]
    wording = Wording(locale, ZoneInfo(str(read_setting(conn, "time_zone"))))
    given = {
        "shape": shape, "scope": actor.scope.as_list(), "department": actor.scope.department_id,
        "most": max(0, min(most, ROWS_MOST)), "counted": COUNTED_MOST + 1,
    }  # fmt: skip
    sql = _statement(source, lines, protections_of(source, actor.scope))
    rows = conn.execute(text(sql), given).all()
    total = rows[0].total if rows else 0
    reader = _Reader(conn, lines, wording)
    return Selection(
        layer=layer,
        wording=wording,
        columns=_columns(lines, wording),
        values=tuple(reader.values(row) for row in rows),
        shapes=tuple(row.shape for row in rows),
        total=min(total, COUNTED_MOST),
        capped=total > COUNTED_MOST,
    )


def _statement(source: Source, lines: tuple[Detail, ...], protections: list[str]) -> str:
    """The rows are found and counted first, by their ids; only those shown are read in full."""
    area = "ST_Transform(ST_GeomFromEWKT(:shape), 3857)"
    conditions = [f"geom_3857 && {area}", f"ST_Intersects(geom_3857, {area})", *protections]
    conditions += [condition_of(condition) for condition in source.where]
    if source.recent:
        column, days = source.recent.column, source.recent.days
        conditions.append(f"{column} >= now() - interval '{days} days'")
    if source.through_cells:
        cells = f"SELECT code FROM grid_cell WHERE geom_3857 && {area}"
        conditions.append(f"grid_code = ANY (ARRAY({cells}))")
    columns = ", ".join([*columns_of(source, lines), "ST_AsGeoJSON(geom, 7, 0) AS shape"])
    return (
        f"WITH found AS MATERIALIZED (SELECT {source.id} AS key FROM {source.table}"
        f" WHERE {' AND '.join(conditions)} LIMIT :counted)"
        f" SELECT {columns}, (SELECT count(*) FROM found) AS total FROM {source.table}"
        f" WHERE {' AND '.join([*protections, *map(condition_of, source.where)] or ['true'])}"
        f" AND {source.id} IN (SELECT key FROM found ORDER BY key LIMIT :most)"
        f" ORDER BY {source.id} LIMIT :most"
    )


class _Reader:
    """Rows to values; each code is looked up once."""

    def __init__(self, conn: Connection, lines: tuple[Detail, ...], wording: Wording) -> None:
        self._conn, self._lines, self._wording = conn, lines, wording
        self._known: dict[tuple[Any, ...], Any] = {}

    def values(self, row: Row[Any]) -> tuple[Any, ...]:
        found = row._asdict()
        raw = [found.pop(f"d{number}") for number in range(len(self._lines))]
        return tuple(
            self._value(line, value, found) for line, value in zip(self._lines, raw, strict=True)
        )

    def _value(self, line: Detail, value: Any, row: dict[str, Any]) -> Any:
        if line.lookup is not None and value is not None:
            key = (line.lookup, value, row.get("edition"), row.get("kind"))
            if key not in self._known:
                self._known[key] = looked_up(self._conn, line, value, row)
            value = self._known[key]
        if isinstance(value, Term):
            return self._wording.name(value)
        if isinstance(value, datetime):
            return value.astimezone(self._wording.zone)
        if isinstance(value, float) and line.digits is not None:
            return round(value, max(line.digits, FILE_DIGITS))
        return value


def _columns(lines: Sequence[Detail], wording: Wording) -> tuple[SelectedColumn, ...]:
    columns: dict[str, SelectedColumn] = {}
    for line in lines:
        key = line.measure or line.column
        if key in columns:
            key = f"{key}_{line.lookup or line.measure}"
        name = wording.name(line.title)
        title = f"{name} ({line.unit})" if line.unit else name
        columns[key] = SelectedColumn(key, title, line)
    return tuple(columns.values())


def drawn_area(conn: Connection, polygon: Mapping[str, Any]) -> str:
    """
    A drawn polygon as EWKT (EPSG:4490), valid and of sensible size.

    Raises
    ------
    Invalid
        Says what is wrong with it.
    """
    rings = _rings(polygon)
    row = conn.execute(
        _DRAWN, {"shape": json.dumps({"type": "Polygon", "coordinates": rings})}
    ).one()  # fmt: skip
    if row.shape is None or not row.area_m2 > 0:
        raise _refusal(N_("The drawn area encloses nothing. Draw it again."))
    if row.most_m2 is None or row.area_m2 > row.most_m2:
        raise _refusal(N_("The drawn area is larger than the district. Draw a smaller one."))
    return str(row.shape)


def _refusal(message: str, **params: Any) -> Invalid:
    return Invalid(message, faults=[fault("geometry", message, **params)], **params)


def _rings(polygon: Mapping[str, Any]) -> list[list[list[float]]]:
    """The corners as plain pairs of degrees, each ring closed."""
    rings = polygon.get("coordinates") if isinstance(polygon, Mapping) else None
    if not isinstance(rings, list | tuple) or polygon.get("type") != "Polygon" or not rings:
        raise _refusal(_NO_POLYGON)
    corners = sum(len(ring) if isinstance(ring, list | tuple) else 0 for ring in rings)
    if max(corners, len(rings)) > VERTICES_MOST:
        raise _refusal(
            N_("The drawn area has more than {most} corners. Draw it with fewer."),
            most=VERTICES_MOST,
        )
    return [_ring(ring) for ring in rings]


def _ring(ring: Any) -> list[list[float]]:
    if not isinstance(ring, list | tuple):
        raise _refusal(_NO_POLYGON)
    corners = [_corner(corner) for corner in ring]
    if len(corners) < 3:
        raise _refusal(_NO_POLYGON)
    return corners if corners[0] == corners[-1] else [*corners, corners[0]]


def _corner(corner: Any) -> list[float]:
    if not isinstance(corner, list | tuple) or len(corner) < 2:
        raise _refusal(_NO_POLYGON)
    lon, lat = corner[:2]
    plain = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (lon, lat))
    if not plain or not (abs(lon) <= 180 and abs(lat) <= 85):
        raise _refusal(_NO_POLYGON)
    return [float(lon), float(lat)]
