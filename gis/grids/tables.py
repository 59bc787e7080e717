"""Tables of areas, unit grids and responsibility grids."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    Double,
    ForeignKey,
    Identity,
    SmallInteger,
    Table,
    Text,
)

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.metadata import metadata


def _shape(kind: str, srid: int) -> Geometry:
    return Geometry(kind, srid=srid, spatial_index=False)


def _generated(name: str, kind: str, srid: int) -> Column[object]:
    """A copy of `geom` in another CRS that the database keeps itself."""
    return Column(name, _shape(kind, srid), Computed(f"ST_Transform(geom, {srid})", persisted=True))


def _coarse(kind: str, tolerance_m: int) -> Column[object]:
    """A copy for small scales, without what the eye cannot see there."""
    outline = f"ST_SimplifyPreserveTopology(ST_Transform(geom, {WEB_SRID}), {tolerance_m})"
    shape = f"ST_Multi({outline})" if kind == "MULTIPOLYGON" else outline
    return Column("geom_far_3857", _shape(kind, WEB_SRID), Computed(shape, persisted=True))


area = Table(
    "area",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("parent_code", Text, ForeignKey("area.code")),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("derived", Boolean, nullable=False),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("geom", _shape("MULTIPOLYGON", MASTER_SRID)),
    Column("geom_delivered", _shape("MULTIPOLYGON", MASTER_SRID)),
    _generated("geom_3857", "MULTIPOLYGON", WEB_SRID),
    _generated("geom_work", "MULTIPOLYGON", WORK_SRID),
    Column("label_3857", _shape("POINT", WEB_SRID)),
    _coarse("MULTIPOLYGON", 20),
)

grid_cell = Table(
    "grid_cell",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("district_code", Text, nullable=False),
    Column("street_code", Text, nullable=False),
    Column("community_code", Text, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("geom", _shape("POLYGON", MASTER_SRID), nullable=False),
    _generated("geom_3857", "POLYGON", WEB_SRID),
    _generated("geom_work", "POLYGON", WORK_SRID),
    Column("label_3857", _shape("POINT", WEB_SRID)),
    _coarse("POLYGON", 5),
)

grid_edge = Table(
    "grid_edge",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("left_code", Text),
    Column("right_code", Text),
    Column("length_m", Double, nullable=False),
    Column("geom", _shape("LINESTRING", MASTER_SRID), nullable=False),
)

responsibility_grid = Table(
    "responsibility_grid",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
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
