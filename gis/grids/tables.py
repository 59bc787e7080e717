"""Tables of areas, unit grids and responsibility grids."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
)

from gis.crs import WEB_SRID
from gis.db.columns import dataset_id, geometry, identity, kept, shape
from gis.db.metadata import metadata


def _coarse(kind: str, tolerance_m: int) -> Column[object]:
    """A copy for small scales, without what the eye cannot see there."""
    outline = f"ST_SimplifyPreserveTopology(ST_Transform(geom, {WEB_SRID}), {tolerance_m})"
    whole = f"ST_Multi({outline})" if kind == "MULTIPOLYGON" else outline
    return kept("geom_far_3857", kind, WEB_SRID, whole)


area = Table(
    "area",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("parent_code", Text, ForeignKey("area.code")),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("derived", Boolean, nullable=False),
    dataset_id(),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    *geometry("MULTIPOLYGON", nullable=True),
    Column("geom_delivered", shape("MULTIPOLYGON")),
    Column("label_3857", shape("POINT", WEB_SRID)),
    _coarse("MULTIPOLYGON", 20),
)

grid_cell = Table(
    "grid_cell",
    metadata,
    identity(),
    Column("code", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("district_code", Text, nullable=False),
    Column("street_code", Text, nullable=False),
    Column("community_code", Text, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    dataset_id(),
    *geometry("POLYGON"),
    Column("label_3857", shape("POINT", WEB_SRID)),
    _coarse("POLYGON", 5),
)

grid_edge = Table(
    "grid_edge",
    metadata,
    identity(),
    Column("origin", Text, nullable=False),
    Column("left_code", Text),
    Column("right_code", Text),
    Column("length_m", Double, nullable=False),
    Column("geom", shape("LINESTRING"), nullable=False),
)

responsibility_grid = Table(
    "responsibility_grid",
    metadata,
    identity(),
    Column("code", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)

responsibility_grid_cell = Table(
    "responsibility_grid_cell",
    metadata,
    Column(
        "responsibility_grid_id",
        BigInteger,
        ForeignKey("responsibility_grid.id"),
        primary_key=True,
    ),
    Column("grid_code", Text, primary_key=True),
)
