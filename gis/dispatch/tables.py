"""The tables of dispatch: rules, the departments that assist, what is dispatched by itself."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

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
    Column("condition_no", Integer),
    Column("weekdays", ARRAY(SmallInteger)),
    Column("starts", Time),
    Column("ends", Time),
    Column("post", Text, nullable=False, server_default=text("'handler'")),
    Column("owner", Text, nullable=False, server_default=text("''")),
    CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="dispatch_rule_hours_check"),
)

dispatch_rule_assistant = Table(
    "dispatch_rule_assistant",
    metadata,
    Column("rule_id", BigInteger, ForeignKey(dispatch_rule.c.id), primary_key=True),
    Column("department_id", BigInteger, ForeignKey(department.c.id), primary_key=True),
    Column("position", SmallInteger, nullable=False),
)

dispatch_automatic = Table(
    "dispatch_automatic",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    Column("set_by", BigInteger, ForeignKey("person.id")),
    CheckConstraint("kind IN ('component', 'event')", name="dispatch_automatic_kind_check"),
    UniqueConstraint(
        "kind", "edition", "class_code", "starts_at", name="one_answer_per_class_and_moment"
    ),
)
