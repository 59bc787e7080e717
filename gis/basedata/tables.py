"""Tables of the base data."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from gis.db.columns import dataset_id, geometry, identity
from gis.db.metadata import metadata

road = Table(
    "road",
    metadata,
    identity(),
    Column("name", Text),
    Column("class", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("suspect_shortcut", Boolean, nullable=False),
    Column("grid_code", Text),
    dataset_id(),
    Column("length_m", Double),
    *geometry("LINESTRING"),
)

building = Table(
    "building",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("floors", SmallInteger),
    Column("grid_code", Text),
    dataset_id(),
    *geometry("POLYGON"),
)

water_green = Table(
    "water_green",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("grid_code", Text),
    dataset_id(),
    *geometry("POLYGON"),
)

facility = Table(
    "facility",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("grid_code", Text),
    dataset_id(),
    *geometry("POINT", work=False),
)

population = Table(
    "population",
    metadata,
    Column("area_code", Text, primary_key=True),
    Column("as_of", Text, primary_key=True),
    Column("people", Integer, nullable=False),
    dataset_id(),
)
