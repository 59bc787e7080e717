"""Tables of the underground networks."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.metadata import metadata

pipe_segment = Table(
    "pipe_segment",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("main", Boolean, nullable=False, server_default=text("false")),
    Column("diameter_mm", Integer),
    Column("material", Text),
    Column("depth_m", Double),
    Column("built_year", SmallInteger),
    Column("length_m", Double, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("geom", Geometry("LINESTRING", srid=MASTER_SRID, spatial_index=False), nullable=False),
    Column(
        "geom_3857",
        Geometry("LINESTRING", srid=WEB_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WEB_SRID})", persisted=True),
    ),
    Column(
        "geom_work",
        Geometry("LINESTRING", srid=WORK_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WORK_SRID})", persisted=True),
    ),
    Index("pipe_segment_geom_3857_gist", "geom_3857", postgresql_using="gist"),
    Index(
        "pipe_segment_main_gist",
        "geom_3857",
        postgresql_using="gist",
        postgresql_where=text("main"),
    ),
    Index("pipe_segment_geom_work_gist", "geom_work", postgresql_using="gist"),
    Index("pipe_segment_grid_idx", "grid_code", "kind"),
)

pipe_point = Table(
    "pipe_point",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("segment_id", BigInteger, ForeignKey(pipe_segment.c.id)),
    Column("grid_code", Text, nullable=False),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("geom", Geometry("POINT", srid=MASTER_SRID, spatial_index=False), nullable=False),
    Column(
        "geom_3857",
        Geometry("POINT", srid=WEB_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WEB_SRID})", persisted=True),
    ),
    Index("pipe_point_geom_3857_gist", "geom_3857", postgresql_using="gist"),
    Index("pipe_point_grid_idx", "grid_code"),
)

pipe_main = Table(
    "pipe_main",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("length_m", Double, nullable=False),
    Column(
        "geom_3857", Geometry("MULTILINESTRING", srid=WEB_SRID, spatial_index=False), nullable=False
    ),
    Index(
        "pipe_main_street_gist",
        "geom_3857",
        postgresql_using="gist",
        postgresql_where=text("level = 3"),
    ),
    Index(
        "pipe_main_community_gist",
        "geom_3857",
        postgresql_using="gist",
        postgresql_where=text("level = 4"),
    ),
)
