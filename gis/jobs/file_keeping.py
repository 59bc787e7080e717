"""Stored files: compared with their names batch by batch, removed when nobody needs them."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from gis.cases.settings import read_case_settings
from gis.db.engine import transaction
from gis.files.checking import (
    WHOLE,
    due_files,
    keep_looks,
    look_at,
    remove_unattached,
    unattached,
)
from gis.log import LOGGER

RUN_S = 120.0
"""How long a round of the worker reads; the next one goes on where it stopped."""


def check_files(
    engine: Engine, root: Path, *, now: datetime, before: datetime, most_s: float | None = None
) -> dict[str, int]:
    """
    Compare the bytes of every file not looked at since `before` with its name.

    A transaction per batch, and none while files are read. Killed at any moment it has kept
    whole batches and goes on with the next. Answers how many were found how.
    """
    found: dict[str, int] = {}
    ends = None if most_s is None else time.monotonic() + most_s
    while ends is None or time.monotonic() < ends:
        with transaction(engine) as conn:
            names = due_files(conn, before=before)
        if not names:
            break
        looks = {name: look_at(root, name) for name in names}
        with transaction(engine) as conn:
            keep_looks(conn, looks, now=now)
        for name, state in looks.items():
            found[state] = found.get(state, 0) + 1
            if state != WHOLE:
                LOGGER.error("stored file %s", state, extra={"facts": {"sha256": name}})
    return found


def check_due_files(engine: Engine, root: Path, *, now: datetime) -> dict[str, int]:
    """The worker's round: what was not looked at for as long as the district says."""
    with transaction(engine) as conn:
        days = read_case_settings(conn).file_check_days
    before = now - timedelta(days=days)
    return check_files(engine, root, now=now, before=before, most_s=RUN_S)


def remove_unattached_files(engine: Engine, root: Path, *, now: datetime) -> int:
    """
    Remove the files that no case has and that no waiting report can need; answers how many.

    One transaction a file: killed in the middle it has removed some and finds the others again.
    """
    with transaction(engine) as conn:
        before = now - timedelta(days=read_case_settings(conn).unattached_days)
        names = unattached(conn, before=before)
    removed = 0
    while names:
        gone = sum(_remove(engine, root, name, before) for name in names)
        removed += gone
        if not gone:  # all of them are held by something at this moment
            break
        with transaction(engine) as conn:
            names = unattached(conn, before=before)
    return removed


def _remove(engine: Engine, root: Path, name: str, before: datetime) -> bool:
    conn: Connection
    with transaction(engine) as conn:
        return remove_unattached(conn, name, before=before, root=root)
