"""The table of parcels."""

from sqlalchemy import (
    Column,
    Double,
    Table,
    Text,
)

from gis.db.columns import dataset_id, geometry, identity
from gis.db.metadata import metadata

parcel = Table(
    "parcel",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("land_use_code", Text, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("grid_code", Text, nullable=False),
    dataset_id(),
    *geometry("POLYGON"),
)
