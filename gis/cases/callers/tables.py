"""Tables of the citizen line: callers, what they rang about, call-backs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

caller = Table(
    "caller",
    metadata,
    identity(),
    Column("name_cipher", LargeBinary),
    Column("phone_cipher", LargeBinary),
    Column("phone_lookup", LargeBinary, unique=True),
    Column("phone_masked", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("forgotten_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

caller_call = Table(
    "caller_call",
    metadata,
    identity(),
    Column("caller_id", BigInteger, ForeignKey("caller.id"), nullable=False),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("taken_by", BigInteger, ForeignKey("person.id")),
    CheckConstraint("kind IN ('reported', 'joined', 'asked')", name="caller_call_kind_check"),
)

call_back = Table(
    "call_back",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("caller_id", BigInteger, ForeignKey("caller.id"), nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("try", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id")),
    Column("reached", Boolean, nullable=False),
    Column("next_try_at", DateTime(timezone=True)),
    Column("satisfied", Text),
    Column("words", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("case_id", "caller_id", "closed_at", "try", name="one_row_per_try"),
)
