"""Keeping photos. Who may send one is decided above: this room knows no persons."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from gis.files import store
from gis.files.images import MEDIA_TYPE, Photo
from gis.files.tables import file_exif, file_upload, stored_file


def store_photo(
    conn: Connection, *, photo: Photo, uploaded_by: int | None, now: datetime, root: Path
) -> str:
    """
    Keep a checked photo, what it said about itself, and who sent it; returns its sha256.

    A repeat changes nothing: equal content has one row and one file, whoever sends it how
    often. The first sender's evidence stays. The files are complete on the disk before the
    rows exist; when the transaction fails, a file without a row is left, which harms nobody.

    Raises
    ------
    Unavailable
        When the disk takes no more.
    """
    store.put(root, photo.data)
    store.put(root, photo.thumbnail, name=photo.sha256, suffix=store.THUMBNAIL)
    _insert_file(conn, photo, uploaded_by, now)
    if uploaded_by is not None:
        conn.execute(
            insert(file_upload)
            .values(sha256=photo.sha256, person_id=uploaded_by, uploaded_at=now)
            .on_conflict_do_nothing()
        )
    return photo.sha256


def _insert_file(conn: Connection, photo: Photo, uploaded_by: int | None, now: datetime) -> None:
    added = conn.execute(
        insert(stored_file)
        .values(
            sha256=photo.sha256,
            original_sha256=photo.original_sha256,
            media_type=MEDIA_TYPE,
            size_bytes=len(photo.data),
            width_px=photo.width_px,
            height_px=photo.height_px,
            uploaded_by=uploaded_by,
            uploaded_at=now,
        )
        .on_conflict_do_nothing()
        .returning(stored_file.c.sha256)
    ).one_or_none()
    if added is not None and not photo.evidence.empty:
        evidence = photo.evidence
        conn.execute(
            insert(file_exif).values(
                sha256=photo.sha256,
                taken_at=evidence.taken_at,
                lon=evidence.lon,
                lat=evidence.lat,
                camera=evidence.camera,
            )
        )
