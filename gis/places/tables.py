"""Place names."""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text

from gis.crs import MASTER_SRID
from gis.db.metadata import metadata

place = Table(
    "place",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("alias", Text),
    Column("pinyin", Text),
    Column("grid_code", Text),
    Column("geom", Geometry("POINT", MASTER_SRID, spatial_index=False), nullable=False),
    Index(
        "place_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}
    ),
    Index(
        "place_pinyin_trgm",
        "pinyin",
        postgresql_using="gin",
        postgresql_ops={"pinyin": "gin_trgm_ops"},
    ),
    Index("place_geom_gist", "geom", postgresql_using="gist"),
)
