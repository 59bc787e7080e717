"""The sweep: every clock that reached a level is told once to the post of that level."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, require
from gis.cases.clocks.levels import Level, levels_from, reached_at
from gis.cases.clocks.notices import NoticeKind
from gis.cases.clocks.running import CASE_SLOT, STAGE_SLOT
from gis.cases.settings import CaseSettings, read_case_settings
from gis.db.sqlfile import load_sql
from gis.worktime.model import Limit, Unit
from gis.worktime.queries import work_calendar
from gis.worktime.rules import WorkCalendar

_TO_LOOK_AT = load_sql(__package__, "clocks_to_look_at")
_TELL = load_sql(__package__, "tell_levels")
BATCH = 500
KIND_OF_SLOT: Mapping[str, NoticeKind] = {
    CASE_SLOT: NoticeKind.OVERDUE,
    STAGE_SLOT: NoticeKind.STAGE_OVERDUE,
}


@dataclass(frozen=True, slots=True)
class Swept:
    """One round: clocks that were looked at, notices that are new."""

    seen: int
    told: int


def sweep(conn: Connection, *, actor: Actor, now: datetime, most: int = BATCH) -> Swept:
    """
    Look at the clocks that reached a level by `now`, at most `most`; one transaction's work.

    Each level of a case is told once, however often it is reached again (after an extension, a
    clock set back, a changed calendar), however many sweeps run at once and whenever one is
    killed: notice and next look are one statement, a notice is unique per case and the level's own
    words, so that levels put before or taken out tell nothing twice and hold nothing back. After a
    standstill, or a clock that jumped ahead, all levels reached meanwhile are told. Called again
    until `seen` is less than `most`.

    Raises
    ------
    Forbidden
        Without the right to the system's own work.
    """
    require(actor, Permission.SYSTEM_WORK)
    rows = conn.execute(_TO_LOOK_AT, {"now": now, "most": most}).all()
    if not rows:
        return Swept(0, 0)
    settings = read_case_settings(conn)
    calendar = calendar_of(conn, settings, min(row.started_at for row in rows))
    levels = {
        CASE_SLOT: levels_from(settings.overdue_levels, settings.yellow_percent),
        STAGE_SLOT: levels_from(settings.stage_overdue_levels, settings.yellow_percent),
    }
    looks, notices = [], []
    for row in rows:
        look, reached = looked_at(row, levels[row.slot], calendar, now)
        looks.append(look)
        notices += [_notice(row, number, levels[row.slot][number - 1]) for number in reached]
    told = conn.execute(
        _TELL,
        {"notices": json.dumps(notices), "looks": json.dumps(looks, default=str), "now": now},
    ).scalar_one()
    return Swept(len(rows), told)


def calendar_of(
    conn: Connection, settings: CaseSettings, since: datetime
) -> Callable[[Unit], WorkCalendar]:
    """The district's calendar from a day on, read once and only for limits in working time."""

    @cache
    def district() -> WorkCalendar:
        return work_calendar(conn, since=since.astimezone(settings.zone).date() - timedelta(days=1))

    plain = WorkCalendar((), zone=settings.zone)
    return lambda unit: district() if unit.is_working else plain


def looked_at(
    row: Row[Any], levels: tuple[Level, ...], calendars: Callable[[Unit], WorkCalendar],
    now: datetime,
) -> tuple[dict[str, Any], list[int]]:  # fmt: skip
    """What to write of a clock, and the numbers of the levels it reached since the last look."""
    limit = Limit(row.limit_value, Unit(row.limit_unit))
    calendar = calendars(limit.unit)
    due_at, provisional, left_s = row.due_at, row.provisional, row.base_left_s
    if due_at is None:  # a stage in working time, as a report begins it
        deadline = calendar.deadline(row.started_at, limit)
        due_at, provisional = deadline.due_at, deadline.provisional
        left_s = calendar.amount(limit).total_seconds()
    moments = [reached_at(level, due_at, limit, calendar) for level in levels]
    first = row.next_level
    reached = [n for n in range(first, len(levels)) if moments[n] <= now]
    following = reached[-1] + 1 if reached else first
    look = {
        "case_id": row.case_id,
        "slot": row.slot,
        "due_at": due_at,
        "provisional": provisional,
        "base_left_s": left_s,
        "next_level": following,
        "next_at": moments[following] if following < len(levels) else None,
    }
    return look, [n + 1 for n in reached]


def _notice(row: Row[Any], number: int, level: Level) -> dict[str, Any]:
    return {
        "case_id": row.case_id,
        "kind": str(KIND_OF_SLOT[row.slot]),
        "level": number,
        "about": f"{row.name}:{row.run} {level.words}" if row.slot == STAGE_SLOT else level.words,
        "role": str(level.role),
    }
