"""Tables of the desks: what somebody has read, and the filters people keep."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

case_seen = Table(
    "case_seen",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id"), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

case_filter = Table(
    "case_filter",
    metadata,
    identity(),
    Column("owner_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("desk", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("shared_area_code", Text),
    Column("query", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("desk IN ('list', 'inbox')", name="case_filter_desk_check"),
    CheckConstraint("length(title) BETWEEN 1 AND 60", name="case_filter_title_check"),
)
