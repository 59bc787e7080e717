"""Tables of the attachments."""

from sqlalchemy import BigInteger, Column, DateTime, Double, ForeignKey, Integer, Table, Text

from gis.db.metadata import metadata

stored_file = Table(
    "stored_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("original_sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("width_px", Integer),
    Column("height_px", Integer),
    Column("uploaded_by", BigInteger),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
)

file_exif = Table(
    "file_exif",
    metadata,
    Column("sha256", Text, ForeignKey("stored_file.sha256"), primary_key=True),
    Column("taken_at", DateTime(timezone=True)),
    Column("lon", Double),
    Column("lat", Double),
    Column("camera", Text),
)

file_upload = Table(
    "file_upload",
    metadata,
    Column("sha256", Text, ForeignKey("stored_file.sha256"), primary_key=True),
    Column("person_id", BigInteger, primary_key=True),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
)

file_check = Table(
    "file_check",
    metadata,
    Column("sha256", Text, ForeignKey("stored_file.sha256"), primary_key=True),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)
