"""The working calendar."""

from sqlalchemy import Boolean, Column, Date, Table, Text

from gis.db.metadata import metadata

workday = Table(
    "workday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("published_on", Date),
)

SEPARATOR = " · "
"""Between the source and the occasion in `workday.source`, as in "C01 · National Day"."""
