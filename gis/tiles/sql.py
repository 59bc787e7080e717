"""The statement of one tile, assembled from the catalogue's checked names; values are bound."""

from dataclasses import dataclass
from functools import cache

from gis.catalog.layers import Column, Condition, Layer, Source, layers

EXTENT = 4096
MAX_FEATURES = 20_000
"""Per source and tile: a table gone wrong must not take the browser down."""
BUFFERS = {"area": 64, "line": 64, "point": 256, "label": 0}
"""Tile units kept beyond the edge, so that outlines and circles are not cut there."""
_OWN_LABEL_POINT = frozenset({"area", "grid_cell"})
_ENVELOPE = "ST_TileEnvelope($1, $2, $3)"
_SCOPE = "$4"

_TRANSFORMS = {
    "first2": "CAST(left({0}, 2) AS int)",
    "last3": "right({0}, 3)",
    # the clock of a case stands still once its result is reported, and while it is suspended
    "running_minutes": (
        "CASE WHEN handled_at IS NULL AND state <> 'SUSPENDED'"
        " THEN CAST(extract(epoch FROM {0}) / 60 AS int) END"
    ),
}


@dataclass(frozen=True)
class TileStatement:
    """
    SQL for asyncpg: $1 zoom, $2 column, $3 row, then what `takes` names, in that order.

    One row, one column: the bytes of the tile.
    """

    sql: str
    takes: tuple[str, ...]


def _attribute(column: Column) -> str:
    value = _TRANSFORMS[column.transform].format(column.column) if column.transform else None
    return f"{value or column.column} AS {column.name}"


def _literal(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # the catalogue lets only letters, digits, blanks, "_" and "-" into a text constant
    return f"'{value}'" if isinstance(value, str) else str(value)


def _condition(condition: Condition) -> str:
    if condition.operator == "is true":
        return condition.column  # spelled as in the partial index
    if condition.value is None:
        return f"{condition.column} {condition.operator.upper()}"
    if condition.value is True and condition.operator == "=":
        return condition.column
    return f"{condition.column} {condition.operator} {_literal(condition.value)}"


def _geometry(source: Source) -> str:
    shape = "geom_3857"
    if source.geometry == "label":
        shape = "ST_PointOnSurface(geom_3857)"
        if source.table in _OWN_LABEL_POINT:
            shape = f"coalesce(label_3857, {shape})"
    return f"ST_AsMVTGeom({shape}, {_ENVELOPE}, {EXTENT}, {BUFFERS[source.geometry]}, true)"


def _conditions(source: Source, takes: tuple[str, ...]) -> str:
    margin = BUFFERS[source.geometry] / EXTENT
    parts = [f"geom_3857 && ST_TileEnvelope($1, $2, $3, margin => {margin})"]
    parts += [_condition(condition) for condition in source.where]
    if "scope" in takes and source.scope:
        parts.append(f"{source.scope} ^@ ANY(CAST({_SCOPE} AS text[]))")
    if "department" in takes and source.department:
        number = 4 + takes.index("department")
        parts.append(f"{source.department} = CAST(${number} AS bigint)")
    return "\n       AND ".join(parts)


def _source_sql(source: Source, zoom: int, takes: tuple[str, ...]) -> str:
    attributes = [_attribute(column) for column in source.columns if zoom >= column.minzoom]
    columns = ", ".join([f"CAST({source.id} AS bigint) AS feature_id", *attributes])
    return f"""(SELECT ST_AsMVT(tile, '{source.name}', {EXTENT}, 'geom', 'feature_id') FROM (
    SELECT {columns}, {_geometry(source)} AS geom
      FROM {source.table}
     WHERE {_conditions(source, takes)}
     LIMIT {MAX_FEATURES}) AS tile
  WHERE geom IS NOT NULL)"""


def _takes(sources: tuple[Source, ...], *, scoped: bool, by_department: bool) -> tuple[str, ...]:
    takes = []
    if scoped and any(source.scope for source in sources):
        takes.append("scope")
    if by_department and any(source.department for source in sources):
        takes.append("department")
    return tuple(takes)


@cache
def tile_statement(
    layer_id: str, zoom: int, *, scoped: bool, by_department: bool
) -> TileStatement | None:
    """
    The statement of a layer's tiles at one zoom; None where the layer draws nothing.

    `scoped` False leaves the area condition out for persons who see everything, `by_department`
    adds the narrowing of handlers.
    """
    layer: Layer = layers()[layer_id]
    sources = layer.sources_at(zoom)
    if not sources:
        return None
    takes = _takes(sources, scoped=scoped, by_department=by_department)
    parts = [_source_sql(source, zoom, takes) for source in sources]
    return TileStatement(f"SELECT {' || '.join(parts)} AS tile", takes)
