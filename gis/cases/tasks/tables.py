"""Tables of the work of assisting departments."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

_MOMENT = DateTime(timezone=True)
_EMPTY = text("''")

case_task = Table(
    "case_task",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id"), nullable=False),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("made_by", BigInteger, ForeignKey("person.id")),
    Column("made_at", _MOMENT, nullable=False),
    Column("holder_id", BigInteger, ForeignKey("person.id")),
    Column("taken_by", BigInteger, ForeignKey("person.id")),
    Column("taken_at", _MOMENT),
    Column("done_by", BigInteger, ForeignKey("person.id")),
    Column("ended_at", _MOMENT),
    Column("said", Text, nullable=False, server_default=_EMPTY),
    Column("changed_by", BigInteger, ForeignKey("person.id")),
    Column("changed_at", _MOMENT, nullable=False),
    CheckConstraint(
        "state IN ('open', 'taken', 'done', 'withdrawn')", name="case_task_state_check"
    ),
    CheckConstraint(
        "(state IN ('done', 'withdrawn')) = (ended_at IS NOT NULL)",
        name="an_ended_task_has_its_time",
    ),
)

case_task_photo = Table(
    "case_task_photo",
    metadata,
    Column("task_id", BigInteger, ForeignKey("case_task.id"), primary_key=True),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), primary_key=True),
    Column("position", SmallInteger, nullable=False),
)

case_task_person = Table(
    "case_task_person",
    metadata,
    identity(),
    Column("task_id", BigInteger, ForeignKey("case_task.id"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("made_by", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("made_at", _MOMENT, nullable=False),
)
