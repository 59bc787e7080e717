"""The working calendar and its edits."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKey, Table, Text

from gis.db.columns import identity
from gis.db.metadata import metadata

workday = Table(
    "workday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("published_on", Date),
)

calendar_edit = Table(
    "calendar_edit",
    metadata,
    identity(),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id")),
    Column("settled_at", DateTime(timezone=True)),
)

SEPARATOR = " · "
"""Between the source and the occasion in `workday.source`, as in "C01 · National Day"."""
