"""Tables of the trail, the outbox and the idempotency keys."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.db.columns import identity
from gis.db.metadata import metadata

audit_event = Table(
    "audit_event",
    metadata,
    identity(),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_id", BigInteger),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("prev_hash", LargeBinary),
    Column("hash", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    identity(),
    Column("topic", Text, nullable=False),
    Column("subject_id", BigInteger),
    Column("payload", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("delivered_at", DateTime(timezone=True)),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("response", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
