"""Place names."""

from sqlalchemy import Column, Table, Text

from gis.db.columns import identity, shape
from gis.db.metadata import metadata

place = Table(
    "place",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("alias", Text),
    Column("pinyin", Text),
    Column("grid_code", Text),
    Column("geom", shape("POINT"), nullable=False),
)
