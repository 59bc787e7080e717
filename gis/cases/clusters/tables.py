"""Tables of clusters: merged cases, replies, repeat places; followers are a view over them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gis.db.columns import geometry, identity
from gis.db.metadata import metadata

case_merge = Table(
    "case_merge",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("into_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("path", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("merged_by", BigInteger, ForeignKey("person.id")),
    CheckConstraint("into_id <> case_id", name="a_case_stands_not_for_itself"),
)

case_reply = Table(
    "case_reply",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("about_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("event_id", BigInteger, ForeignKey("case_event.id")),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''")),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("caller_id", BigInteger, ForeignKey("caller.id")),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id")),
    CheckConstraint(
        "kind IN ('ended', 'refused', 'merged', 'unmerged', 'reopened', 'written')",
        name="case_reply_kind_check",
    ),
)

repeat_place = Table(
    "repeat_place",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("street_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("department_id", BigInteger, ForeignKey("department.id")),
    Column("reports", Integer, nullable=False),
    Column("still_open", Integer, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("reported", ARRAY(DateTime(timezone=True)), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    *geometry("POINT", work=False),
)
