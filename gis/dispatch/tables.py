"""The table of dispatch rules."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    text,
)

from gis.accounts.tables import department
from gis.db.columns import identity
from gis.db.metadata import metadata

dispatch_rule = Table(
    "dispatch_rule",
    metadata,
    identity(),
    Column("area_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey(department.c.id), nullable=False),
    Column("valid_from", Date, nullable=False, server_default=text("'2000-01-01'")),
    Column("valid_to", Date),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False, server_default=text("1")),
)
