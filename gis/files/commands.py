"""Keeping photos and documents. Who may send one is decided above: this room knows no persons."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, literal_column
from sqlalchemy.dialects.postgresql import insert

from gis.files import store
from gis.files.documents import Document
from gis.files.images import MEDIA_TYPE, Photo
from gis.files.tables import file_exif, file_upload, stored_file


def store_photo(
    conn: Connection, *, photo: Photo, uploaded_by: int | None, now: datetime, root: Path
) -> str:
    """
    Keep a checked photo, what it said about itself, and who sent it; returns its sha256.

    A repeat changes nothing: equal content has one row and one file, whoever sends it how
    often. The first sender's evidence stays. The row is held first, so that the clean-up of
    files nobody uses cannot take the file away meanwhile; it counts with the commit, when the
    files are complete on the disk. When the transaction fails, a file without a row may be
    left, which harms nobody.

    Raises
    ------
    Unavailable
        When the disk takes no more.
    """
    added = _hold_row(
        conn,
        uploaded_by,
        now,
        sha256=photo.sha256,
        original_sha256=photo.original_sha256,
        media_type=MEDIA_TYPE,
        size_bytes=len(photo.data),
        width_px=photo.width_px,
        height_px=photo.height_px,
    )
    store.put(root, photo.data)
    store.put(root, photo.thumbnail, name=photo.sha256, suffix=store.THUMBNAIL)
    if added and not photo.evidence.empty:
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
    return photo.sha256


def store_document(
    conn: Connection, *, document: Document, uploaded_by: int | None, now: datetime, root: Path
) -> str:
    """
    Keep a checked document as it came, and who sent it; returns its sha256. As `store_photo`.

    Raises
    ------
    Unavailable
        When the disk takes no more.
    """
    _hold_row(
        conn,
        uploaded_by,
        now,
        sha256=document.sha256,
        original_sha256=document.sha256,
        media_type=document.media_type,
        size_bytes=len(document.data),
    )
    store.put(root, document.data)
    return document.sha256


def _hold_row(conn: Connection, uploaded_by: int | None, now: datetime, **values: Any) -> bool:
    """
    Make or hold the row of a file and note its sender; whether it is new.

    The update that changes nothing locks a row that is there, and waits for one that is being
    removed; a plain "do nothing" would do neither.
    """
    statement = insert(stored_file).values(**values, uploaded_by=uploaded_by, uploaded_at=now)
    new: bool = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["sha256"], set_={"sha256": statement.excluded.sha256}
        ).returning(literal_column("xmax = 0"))
    ).scalar_one()
    if uploaded_by is not None:
        sent = insert(file_upload).values(
            sha256=values["sha256"], person_id=uploaded_by, uploaded_at=now
        )
        conn.execute(
            sent.on_conflict_do_update(
                index_elements=["sha256", "person_id"],
                set_={"uploaded_at": sent.excluded.uploaded_at},
            )
        )
    return new
