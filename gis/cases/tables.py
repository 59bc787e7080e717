"""Tables of cases: the counter of numbers, the case, its history, its photos."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.db.columns import geometry, identity
from gis.db.metadata import metadata

_ZERO = text("0")

case_counter = Table(
    "case_counter",
    metadata,
    Column("street_code", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    identity(),
    Column("number", Text, nullable=False, unique=True),
    Column("district_code", Text, nullable=False),
    Column("street_code", Text, nullable=False),
    Column("community_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("condition_no", Integer),
    Column("description", Text, nullable=False, server_default=text("''")),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("reporter_id", BigInteger, ForeignKey("person.id")),
    Column("supervisor_id", BigInteger, ForeignKey("person.id")),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("handler_id", BigInteger, ForeignKey("person.id")),
    Column("dispatch_rule_id", BigInteger),
    Column("component_id", BigInteger, ForeignKey("component.id")),
    Column("rework_count", Integer, nullable=False, server_default=_ZERO),
    Column("bounce_count", Integer, nullable=False, server_default=_ZERO),
    Column("accuracy_m", Double),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("filed_at", DateTime(timezone=True)),
    Column("dispatched_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("due_provisional", Boolean, nullable=False, server_default=text("false")),
    Column("clock_left", JSONB),
    Column("handled_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", BigInteger, ForeignKey("person.id")),
    *geometry("POINT"),
    CheckConstraint("kind IN ('component', 'event')", name="cases_kind_check"),
)

case_event = Table(
    "case_event",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("move", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_id", BigInteger, ForeignKey("person.id")),
    Column("role", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("data", JSONB, nullable=False, server_default=text("'{}'")),
    UniqueConstraint("case_id", "seq", name="one_event_per_step"),
)

attachment = Table(
    "attachment",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("event_seq", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    UniqueConstraint("case_id", "event_seq", "sha256", name="a_photo_once_per_step"),
)
