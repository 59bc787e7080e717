"""
What stands between a layer of the catalogue and its picture, seen from the database.

`layer_faults` looks at tables, columns, types and indexes only and costs a few milliseconds: the
map page tells administrators. `check_layers` also reads rows, for `script/gis layers check`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from gis.catalog.layers import Layer, Source, layers
from gis.catalog.styles import Style, styles
from gis.db.sqlfile import load_sql
from gis.errors import Fault, Term, fault
from gis.i18n import N_
from gis.tiles.check_rows import Looked, look_at_rows, uncoloured
from gis.tiles.sql import condition_of

WEB_SRID = 3857
_COLUMNS = load_sql(__package__, "layer_columns")
_INDEXES = load_sql(__package__, "layer_indexes")
_KINDS = {
    "area": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString"),
    "point": ("Point",),
}
"""Types of column that each geometry of a source may have; labels and clusters take any."""
_HERE = "ST_TileEnvelope(16, 53956, 24832)"
"""Any small box: planned, never run."""


@dataclass(frozen=True)
class Index:
    """One index, by the column it begins with."""

    column: str
    method: str
    name: str
    partial: bool


@dataclass(frozen=True)
class Table:
    """What the database knows of one table."""

    rows: int
    """Estimate."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Types of the columns this role may read."""
    indexes: tuple[Index, ...] = ()


@dataclass(frozen=True)
class SourceCheck:
    """One source of a layer: its faults, and what its rows look like when they were read."""

    layer: Layer
    source: Source
    faults: tuple[Fault, ...]
    looked: Looked | None = None


def read_tables(conn: Connection, names: Iterable[str]) -> dict[str, Table]:
    """The tables that exist, by name."""
    asked = {"tables": sorted(set(names))}
    columns: dict[str, dict[str, str]] = {}
    rows: dict[str, int] = {}
    for row in conn.execute(_COLUMNS, asked):
        if row.column_name is not None:
            rows[row.table_name] = row.rows
            columns.setdefault(row.table_name, {})
            if row.readable:
                columns[row.table_name][row.column_name] = row.kind
    indexes: dict[str, list[Index]] = {}
    for row in conn.execute(_INDEXES, asked):
        entry = Index(row.column_name, row.method, row.index_name, row.partial)
        indexes.setdefault(row.table_name, []).append(entry)
    return {
        name: Table(rows[name], columns[name], tuple(indexes.get(name, ()))) for name in columns
    }


def layer_faults(conn: Connection) -> list[tuple[Layer, Fault]]:
    """What keeps layers from being drawn as they should, without reading a row."""
    tables = read_tables(conn, _tables_of(layers().values()))
    looks = styles(conn)
    found: dict[tuple[str, Fault], Layer] = {}
    for layer in layers().values():
        ones = [one for s in layer.sources for one in _structure(conn, layer, s, tables)]
        found |= {(layer.id, one): layer for one in (*ones, *looks[layer.id].faults)}
    return [(layer, one) for (_, one), layer in found.items()]


def check_layers(conn: Connection) -> list[SourceCheck]:
    """Every source of every layer, rows included; a damaged one does not stop the others."""
    tables = read_tables(conn, _tables_of(layers().values()))
    looks = styles(conn)
    return [
        _check(conn, layer, source, tables, looks[layer.id])
        for layer in layers().values()
        for source in layer.sources
    ]


def _check(
    conn: Connection, layer: Layer, source: Source, tables: Mapping[str, Table], style: Style
) -> SourceCheck:
    faults = _structure(conn, layer, source, tables)
    if source is layer.sources[0]:
        faults += list(style.faults)
    table = tables.get(source.table)
    if table is None or _missing(source, table):
        return SourceCheck(layer, source, tuple(faults))
    place = _place(layer, source)
    looked = look_at_rows(conn, source, estimate=table.rows, place=place)
    coloured = uncoloured(conn, source, style, estimate=table.rows, place=place)
    return SourceCheck(layer, source, (*faults, *looked.faults, *coloured), looked)


def _tables_of(found: Iterable[Layer]) -> set[str]:
    names = {source.table for layer in found for source in layer.sources}
    counted = {s.counts.table for layer in found for s in layer.sources if s.counts}
    return names | counted


def _place(layer: Layer, source: Source) -> str:
    return f"{layer.id}.{source.name}"


def _columns_of(source: Source) -> list[str]:
    """Columns of the source's own table that its tiles read, each once."""
    own = [source.id, source.scope, source.department, "geom_3857", source.shape]
    if source.recent:
        own.append(source.recent.column)
    if source.through_cells:
        own.append("grid_code")
    if source.counts is None:
        own += [column.column for column in source.columns]
    own += [condition.column for condition in source.where]
    return list(dict.fromkeys(name for name in own if name))


def _missing(source: Source, table: Table) -> list[str]:
    return [name for name in _columns_of(source) if name not in table.columns]


def _structure(
    conn: Connection, layer: Layer, source: Source, tables: Mapping[str, Table]
) -> list[Fault]:
    """Table, columns, type and index of one source."""
    place, table = _place(layer, source), tables.get(source.table)
    if table is None:
        return [
            fault(
                place,
                N_("“{layer}”: there is no table {table}. Create it, or correct layers.json."),
                layer=layer.title,
                table=source.table,
            )
        ]
    missing = _missing(source, table)
    if missing:
        return [
            fault(
                place,
                N_("“{layer}”: {table} lacks {columns}. Add it, or correct layers.json."),
                layer=layer.title,
                table=source.table,
                columns=_listed(missing),
            )
        ]
    return [
        *_wrong_kind(layer, source, table),
        *_counted_faults(layer, source, tables),
        *_unindexed(conn, layer, source, table),
    ]


def _listed(names: Sequence[str]) -> Term:
    return Term("、".join(names), ", ".join(names))


def _wrong_kind(layer: Layer, source: Source, table: Table) -> list[Fault]:
    """The column that is drawn must hold its kind of shape in EPSG:3857."""
    kinds = _KINDS.get(source.geometry)
    found = table.columns[source.shape]
    shape, _, srid = found.removeprefix("geometry").strip("()").partition(",")
    if srid == str(WEB_SRID) and (kinds is None or shape in (*kinds, "Geometry")):
        return []
    wanted = kinds[0] if kinds else "Geometry"
    return [
        fault(
            _place(layer, source),
            N_("“{layer}”: {table}.{column} is {found}; {wanted} is needed to draw it."),
            layer=layer.title,
            table=source.table,
            column=source.shape,
            found=found,
            wanted=f"geometry({wanted},{WEB_SRID})",
        )
    ]


def _counted_faults(layer: Layer, source: Source, tables: Mapping[str, Table]) -> list[Fault]:
    """A cluster counts rows of a second table, by an index that begins with their codes."""
    if source.counts is None:
        return []
    counted, asked = source.counts, tables.get(source.counts.table)
    wanted = [counted.code, counted.department, *(c.column for c in source.columns)]
    wanted += [condition.column for condition in counted.where]
    missing = [name for name in wanted if name and (asked is None or name not in asked.columns)]
    if asked is None or missing:
        return [
            fault(
                _place(layer, source),
                N_("“{layer}”: {table} lacks {columns}. Add it, or correct layers.json."),
                layer=layer.title,
                table=counted.table,
                columns=_listed(list(dict.fromkeys(missing))),
            )
        ]
    if any(index.column == counted.code and index.method == "btree" for index in asked.indexes):
        return []
    return [_no_index(layer, source, counted.table, counted.code, "btree")]


def _unindexed(conn: Connection, layer: Layer, source: Source, table: Table) -> list[Fault]:
    """The rows of a tile must be found by an index, not by reading the table."""
    column, method = ("grid_code", "btree") if source.through_cells else ("geom_3857", "gist")
    fitting = [i for i in table.indexes if (i.column, i.method) == (column, method)]
    if any(not index.partial for index in fitting):
        return []
    if fitting and _plan_uses(conn, source, {index.name for index in fitting}):
        return []
    return [_no_index(layer, source, source.table, column, method)]


def _no_index(layer: Layer, source: Source, table: str, column: str, method: str) -> Fault:
    return fault(
        _place(layer, source),
        N_(
            "“{layer}”: no index finds the rows of a tile in {table}; every tile reads the whole "
            "table. CREATE INDEX ON {table} USING {method} ({column});"
        ),
        layer=layer.title,
        table=table,
        column=column,
        method=method,
    )


def _plan_uses(conn: Connection, source: Source, names: set[str]) -> bool:
    """Whether PostgreSQL can take one of these partial indexes for the tiles of the source."""
    conditions = [f"geom_3857 && {_HERE}", *(condition_of(c) for c in source.where)]
    sql = f"EXPLAIN SELECT 1 FROM {source.table} WHERE {' AND '.join(conditions)}"
    conn.execute(text("SET LOCAL enable_seqscan = off"))
    lines = conn.execute(text(sql)).scalars().all()
    conn.execute(text("SET LOCAL enable_seqscan = on"))
    return any(name in line for line in lines for name in names)
