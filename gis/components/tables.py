"""The table of managed objects."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
    text,
)

from gis.accounts.tables import department
from gis.db.columns import dataset_id, geometry, identity
from gis.db.metadata import metadata

component = Table(
    "component",
    metadata,
    identity(),
    Column("code", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'intact'")),
    Column("department_id", BigInteger, ForeignKey(department.c.id)),
    Column("minzoom", SmallInteger, nullable=False, server_default=text("0")),
    dataset_id(),
    Column("installed_on", Date),
    *geometry("POINT"),
)
