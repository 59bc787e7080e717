"""Tables of clocks: notices, running clocks, what happened to them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

_MOMENT = DateTime(timezone=True)
_FALSE = text("false")

case_notice = Table(
    "case_notice",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", SmallInteger),
    Column("about", Text, nullable=False, server_default=text("''")),
    Column("role", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("made_at", _MOMENT, nullable=False),
    CheckConstraint(
        "kind IN ('overdue', 'stage_overdue', 'supervision', 'return_loop', 'evidence_flag',"
        " 'assigned', 'taken_back')",
        name="case_notice_kind_check",
    ),
    UniqueConstraint("case_id", "kind", "about", name="a_notice_once"),
)

case_clock = Table(
    "case_clock",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("run", Integer, nullable=False, server_default=text("1")),
    Column("started_at", _MOMENT, nullable=False),
    Column("limit_value", Numeric, nullable=False),
    Column("limit_unit", Text, nullable=False),
    Column("base_at", _MOMENT),
    Column("base_left_s", Double),
    Column("due_at", _MOMENT),
    Column("provisional", Boolean, nullable=False, server_default=_FALSE),
    Column("left_s", Double),
    Column("next_level", SmallInteger, nullable=False, server_default=text("0")),
    Column("next_at", _MOMENT),
)

case_clock_event = Table(
    "case_clock_event",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer),
    Column("slot", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("due_at", _MOMENT),
    Column("provisional", Boolean, nullable=False, server_default=_FALSE),
    Column("left_s", Double),
    Column("limit_value", Numeric),
    Column("limit_unit", Text),
)
