"""Tables of the catalogue."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.db.columns import identity
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

map_view = Table(
    "map_view",
    metadata,
    identity(),
    Column("owner_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("shared_area_code", Text),
    Column("state", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

layer_style = Table(
    "layer_style",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("style", JSONB),
    Column("note", Text, nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id")),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
