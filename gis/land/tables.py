"""The table of parcels."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Double,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
)

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.metadata import metadata

parcel = Table(
    "parcel",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("land_use_code", Text, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("geom", Geometry("POLYGON", srid=MASTER_SRID, spatial_index=False), nullable=False),
    Column(
        "geom_3857",
        Geometry("POLYGON", srid=WEB_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WEB_SRID})", persisted=True),
    ),
    Column(
        "geom_work",
        Geometry("POLYGON", srid=WORK_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WORK_SRID})", persisted=True),
    ),
    Index("parcel_geom_3857_gist", "geom_3857", postgresql_using="gist"),
    Index("parcel_grid_idx", "grid_code"),
)
