"""The table of reports near an edge."""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from gis.db.metadata import metadata

case_cell_edge = Table(
    "case_cell_edge",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("accuracy_m", Double, nullable=False),
    Column("point_cell", Text),
    Column("chosen_cell", Text, nullable=False),
    Column("chosen_by", BigInteger, ForeignKey("person.id")),
    Column("candidates", JSONB, nullable=False),
)
