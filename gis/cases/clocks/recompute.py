"""Deadlines that follow the working calendar: provisional ones and those over edited days."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, Permission, require
from gis.cases.clocks.sweep import calendar_of
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import load_sql
from gis.worktime.model import Limit, Unit
from gis.worktime.rules import WorkCalendar

_OPEN = load_sql(__package__, "calendar_edits_open")
_CLOCKS = load_sql(__package__, "clocks_of_days")
_MOVE = load_sql(__package__, "move_deadlines")
_SETTLE = text(
    "UPDATE calendar_edit SET settled_at = :now WHERE settled_at IS NULL AND id <= :last_id"
)
BATCH = 500
AGAIN_FOR = timedelta(minutes=10)
"""An edit is followed again for so long: a move may have read the calendar just before it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One batch: clocks whose end moved, and the case to go on after; None: that was all."""

    moved: int
    last: int | None


def follow_calendar(
    conn: Connection, *, actor: Actor, now: datetime, after: int = 0, most: int = BATCH
) -> Followed:
    """
    Recompute running clocks that an edit of the calendar may concern, `most` (3 or more) at once.

    An end is computed anew from when the clock last began to run and what was left then, so that
    doing it again changes nothing: it may be killed, repeated and run at once. What moved is told
    in the history of clocks, and the sweep looks at it next. An extension is an agreed date and
    stays. Sessions are those in force now.

    Raises
    ------
    Forbidden
        Without the right to the system's own work.
    """
    require(actor, Permission.SYSTEM_WORK)
    edits = conn.execute(_OPEN).one()
    if edits.last_id is None:
        return Followed(0, None)
    settings = read_case_settings(conn)
    params = {
        "first_day": edits.first_day, "last_day": edits.last_day, "zone": settings.time_zone,
        "after": after, "most": most,
    }  # fmt: skip
    rows = conn.execute(_CLOCKS, params).all()
    moved = 0
    if rows:
        calendars = calendar_of(conn, settings, min(row.base_at for row in rows))
        ends = json.dumps([_end(row, calendars) for row in rows], default=str)
        moved = conn.execute(_MOVE, {"ends": ends, "now": now}).scalar_one()
    if len(rows) == most:
        return Followed(moved, rows[-1].case_id - 1)  # its other clock may lie behind the cut
    if edits.newest <= now - AGAIN_FOR:
        conn.execute(_SETTLE, {"now": now, "last_id": edits.last_id})
    return Followed(moved, None)


def _end(row: Row[Any], calendars: Callable[[Unit], WorkCalendar]) -> dict[str, Any]:
    limit = Limit(row.limit_value, Unit(row.limit_unit))
    left = timedelta(seconds=row.base_left_s)
    deadline = calendars(limit.unit).deadline_after(row.base_at, left, limit)
    return {
        "case_id": row.case_id,
        "slot": row.slot,
        "base_at": row.base_at,
        "due_at": deadline.due_at,
        "provisional": deadline.provisional,
    }
