"""The table of managed objects."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Date,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    text,
)

from gis.accounts.tables import department
from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.metadata import metadata

component = Table(
    "component",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'intact'")),
    Column("department_id", BigInteger, ForeignKey(department.c.id)),
    Column("minzoom", SmallInteger, nullable=False, server_default=text("0")),
    Column("dataset_id", Text, ForeignKey("dataset.id")),
    Column("installed_on", Date),
    Column("geom", Geometry("POINT", srid=MASTER_SRID, spatial_index=False), nullable=False),
    Column(
        "geom_3857",
        Geometry("POINT", srid=WEB_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WEB_SRID})", persisted=True),
    ),
    Column(
        "geom_work",
        Geometry("POINT", srid=WORK_SRID, spatial_index=False),
        Computed(f"ST_Transform(geom, {WORK_SRID})", persisted=True),
    ),
    Index("component_code_key", "code", unique=True),
    Index("component_geom_3857_gist", "geom_3857", postgresql_using="gist"),
    Index(
        "component_geom_3857_far_gist",
        "geom_3857",
        postgresql_using="gist",
        postgresql_where=text("minzoom <= 12"),
    ),
    Index("component_geom_work_gist", "geom_work", postgresql_using="gist"),
    Index("component_grid_idx", "grid_code", "class_code"),
)
