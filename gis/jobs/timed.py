"""What the worker does by the clock: a table of names, times and functions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from gis.cases.clocks.queries import ask_once_more
from gis.cases.clusters.repeats import refresh_repeat_places
from gis.db.engine import transaction
from gis.files.store import FOLDER
from gis.jobs.caller_keeping import forget_all_old
from gis.jobs.case_timers import end_suspensions
from gis.jobs.cleanup import clean_up
from gis.jobs.clock_keeping import adopt_all, follow_edits, sweep_clocks
from gis.jobs.file_keeping import check_due_files, remove_unattached_files


@dataclass(frozen=True)
class Moment:
    """What a piece of timed work is given."""

    engine: Engine
    home: Path
    now: datetime

    @property
    def files(self) -> Path:
        """The folder of attachments."""
        return self.home / FOLDER


@dataclass(frozen=True)
class Timed:
    """One row of the table."""

    name: str
    cron: str
    work: Callable[[Moment], object]
    says: str


def _keep_clocks(at: Moment) -> None:
    follow_edits(at.engine, now=at.now)
    sweep_clocks(at.engine, now=at.now)


def _adopt_clocks(at: Moment) -> None:
    adopt_all(at.engine, now=at.now)
    with transaction(at.engine) as conn:
        ask_once_more(conn, now=at.now)


def _find_repeats(at: Moment) -> None:
    with transaction(at.engine) as conn:
        refresh_repeat_places(conn, now=at.now)


def _remove_what_is_done(at: Moment) -> None:
    with transaction(at.engine) as conn:
        clean_up(conn, now=at.now)


TIMED: Final = (
    Timed(
        "keep_clocks", "* * * * *", _keep_clocks,
        "deadlines follow the calendar, and every level that is reached is told once",
    ),
    Timed(
        "adopt_clocks", "*/10 * * * *", _adopt_clocks,
        "cases that were loaded without clocks get theirs",
    ),
    Timed(
        "end_suspensions", "*/10 * * * *", lambda at: end_suspensions(at.engine, now=at.now),
        "cases whose suspension is over go on by themselves",
    ),
    Timed(
        "find_repeats", "31 * * * *", _find_repeats,
        "places that come back are those of the reports until now",
    ),
    Timed(
        "check_files", "41 * * * *", lambda at: check_due_files(at.engine, at.files, now=at.now),
        "stored files are compared with their names, some at every round",
    ),
    Timed(
        "remove_what_is_done", "17 * * * *", _remove_what_is_done,
        "sessions, keys and messages that have done their work go",
    ),
    Timed(
        "forget_callers", "41 3 * * *", lambda at: forget_all_old(at.engine, now=at.now),
        "callers whose last case ended long ago lose name and number; their cases stay",
    ),
    Timed(
        "remove_unattached", "53 3 * * *",
        lambda at: remove_unattached_files(at.engine, at.files, now=at.now),
        "files that no case has go, once no waiting report can need them",
    ),
)  # fmt: skip
"""Each is safe to run twice at once and to be killed; a round that is missed is made up for."""
