"""Tables of the base data."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Double,
    ForeignKey,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.metadata import metadata


def _geometry(kind: str, *, work: bool = True) -> list[Column[object]]:
    """The master geometry and the copies in other CRSs that the database keeps itself."""
    copies = [("geom_3857", WEB_SRID)] + ([("geom_work", WORK_SRID)] if work else [])
    master = Geometry(kind, srid=MASTER_SRID, spatial_index=False)
    return [
        Column("geom", master, nullable=False),
        *(
            Column(
                name,
                Geometry(kind, srid=srid, spatial_index=False),
                Computed(f"ST_Transform(geom, {srid})", persisted=True),
            )
            for name, srid in copies
        ),
    ]


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _dataset_id() -> Column[str]:
    return Column("dataset_id", Text, ForeignKey("dataset.id"))


road = Table(
    "road",
    metadata,
    _id(),
    Column("name", Text),
    Column("class", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("suspect_shortcut", Boolean, nullable=False),
    Column("grid_code", Text),
    _dataset_id(),
    Column("length_m", Double),
    *_geometry("LINESTRING"),
)

building = Table(
    "building",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("floors", SmallInteger),
    Column("grid_code", Text),
    _dataset_id(),
    *_geometry("POLYGON"),
)

water_green = Table(
    "water_green",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("grid_code", Text),
    _dataset_id(),
    *_geometry("POLYGON"),
)

facility = Table(
    "facility",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("grid_code", Text),
    _dataset_id(),
    *_geometry("POINT", work=False),
)

population = Table(
    "population",
    metadata,
    Column("area_code", Text, primary_key=True),
    Column("as_of", Text, primary_key=True),
    Column("people", Integer, nullable=False),
    _dataset_id(),
)
