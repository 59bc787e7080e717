"""What does not fit between a photo and the step it came with."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gis.db.columns import identity
from gis.db.metadata import metadata

evidence_finding = Table(
    "evidence_finding",
    metadata,
    identity(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("event_seq", Integer, nullable=False),
    Column("task_id", BigInteger, ForeignKey("case_task.id")),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("metres", Double),
    Column("minutes", Double),
    Column("other_case_id", BigInteger, ForeignKey("cases.id")),
    Column("other_seq", Integer),
    Column("said", Text, nullable=False, server_default=text("''")),
    Column("flagged", Boolean, nullable=False),
    Column("decision", Text),
    Column("decided_by", BigInteger, ForeignKey("person.id")),
    Column("decided_at", DateTime(timezone=True)),
    Column("decision_note", Text, nullable=False, server_default=text("''")),
    UniqueConstraint(
        "case_id",
        "event_seq",
        "task_id",
        "sha256",
        "kind",
        name="a_finding_once_per_photo",
        postgresql_nulls_not_distinct=True,
    ),
    CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_is_whole"),
)
