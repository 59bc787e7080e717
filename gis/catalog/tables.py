"""Tables of the catalogue."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Table, Text

from gis.db.metadata import metadata

dataset = Table(
    "dataset",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("licence", Text),
    Column("attribution", Text),
    Column("as_of", Text),
    Column("note_zh", Text),
    Column("note_en", Text),
    Column("generated", Boolean, nullable=False),
    Column("derived", Boolean, nullable=False),
    Column("row_count", BigInteger),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
)

layer_version = Table(
    "layer_version",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
