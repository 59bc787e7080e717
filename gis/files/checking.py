"""Whether stored files are still what their names say, and which ones nobody needs any more."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from gis.db.sqlfile import load_sql
from gis.files import store

BATCH = 200
WHOLE, MISSING, ALTERED = "whole", "missing", "altered"
_DUE = load_sql(__package__, "files_to_check")
_KEEP = load_sql(__package__, "keep_looks")
_BAD = load_sql(__package__, "bad_files")
_UNUSED = load_sql(__package__, "unattached_files")
_HOLD = text("SELECT 1 FROM stored_file WHERE sha256 = :sha256 FOR UPDATE SKIP LOCKED")
_REMOVE = tuple(
    text(f"DELETE FROM {table} WHERE sha256 = :sha256")  # noqa: S608  our own names
    for table in ("file_check", "file_exif", "file_upload", "stored_file")
)
_TALLY = text(
    "SELECT (SELECT count(*) FROM stored_file) AS files, count(*) AS checked,"
    " count(*) FILTER (WHERE state = 'missing') AS missing,"
    " count(*) FILTER (WHERE state = 'altered') AS altered, min(checked_at) AS oldest"
    " FROM file_check"
)


@dataclass(frozen=True, slots=True)
class BadFile:
    """A stored file that is missing or altered."""

    sha256: str
    state: str
    since: datetime
    """When it was first found so."""
    checked_at: datetime
    media_type: str
    size_bytes: int
    cases: int
    """How many cases have it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """All stored files, as they were found last."""

    files: int
    checked: int
    missing: int
    altered: int
    oldest: datetime | None
    """When the file that was looked at longest ago was looked at."""


def due_files(conn: Connection, *, before: datetime, most: int = BATCH) -> list[str]:
    """The next files to look at: never looked at, or not since `before`."""
    return list(conn.scalars(_DUE, {"before": before, "most": most}))


def look_at(root: Path, sha256: str) -> str:
    """`whole`, `missing` or `altered`; reads the file in pieces, a film is not held whole."""
    path = store.path_of(root, sha256)
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return MISSING
    except OSError:  # a damaged disk: what cannot be read is not there for anybody
        return MISSING
    return WHOLE if found == sha256 else ALTERED


def keep_looks(conn: Connection, found: Mapping[str, str], *, now: datetime) -> None:
    """Keep what was found; when a file turned bad stays known while it is bad."""
    params = {"sha256s": list(found), "states": list(found.values()), "now": now}
    conn.execute(_KEEP, params)


def bad_files(conn: Connection, *, most: int = 100) -> list[BadFile]:
    """The files that are missing or altered, the oldest finding first."""
    return [BadFile(**row._mapping) for row in conn.execute(_BAD, {"most": most})]


def tally(conn: Connection) -> Tally:
    """How many files there are and how they were found."""
    return Tally(**conn.execute(_TALLY).one()._mapping)


def unattached(conn: Connection, *, before: datetime, most: int = BATCH) -> Sequence[str]:
    """Files that no case, sub-task or finding has and that nobody sent since `before`."""
    params = {"before": before, "sha256": None, "most": most}
    return list(conn.scalars(_UNUSED, params))


def remove_unattached(conn: Connection, sha256: str, *, before: datetime, root: Path) -> bool:
    """
    Remove one file nobody needs, its rows and its bytes; False when it is needed after all.

    The row is held first, then asked again: whoever sends or attaches the same file meanwhile
    waits and stores it anew. The bytes go before the commit: killed between them the rows are
    back, and the next round removes them. What refers to the file from elsewhere keeps it.
    """
    if conn.scalar(_HOLD, {"sha256": sha256}) is None:
        return False
    if conn.scalar(_UNUSED, {"before": before, "sha256": sha256, "most": 1}) is None:
        return False
    try:
        with conn.begin_nested():
            for statement in _REMOVE:
                conn.execute(statement, {"sha256": sha256})
    except IntegrityError:
        return False
    store.remove(root, sha256)
    return True
