"""Tables of the underground networks."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from gis.db.columns import dataset_id, geometry, identity
from gis.db.metadata import metadata

pipe_segment = Table(
    "pipe_segment",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("main", Boolean, nullable=False, server_default=text("false")),
    Column("diameter_mm", Integer),
    Column("material", Text),
    Column("depth_m", Double),
    Column("built_year", SmallInteger),
    Column("length_m", Double, nullable=False),
    Column("grid_code", Text, nullable=False),
    dataset_id(),
    *geometry("LINESTRING"),
)

pipe_point = Table(
    "pipe_point",
    metadata,
    identity(),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("segment_id", BigInteger, ForeignKey(pipe_segment.c.id)),
    Column("grid_code", Text, nullable=False),
    dataset_id(),
    *geometry("POINT", work=False),
)

pipe_main = Table(
    "pipe_main",
    metadata,
    identity(),
    Column("level", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("length_m", Double, nullable=False),
    dataset_id(),
    *geometry("MULTILINESTRING", work=False),
)
