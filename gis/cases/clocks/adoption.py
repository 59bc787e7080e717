"""Clocks for cases that have none: loaded from elsewhere, or older than the table of clocks."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, require
from gis.cases.clocks.running import CASE_SLOT, STAGE_SLOT
from gis.cases.clocks.setting_rules import STAGE_LIMIT
from gis.cases.clocks.sweep import calendar_of
from gis.cases.model import State
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.workflow import STATES
from gis.cases.workflow_table import CASE_CLOCK
from gis.db.sqlfile import load_sql
from gis.errors import NotFound
from gis.standards.queries import rule_of_case
from gis.worktime.model import Limit, Unit, limit_from
from gis.worktime.rules import WorkCalendar

_FIND = load_sql(__package__, "cases_without_clocks")
_ADOPT = load_sql(__package__, "adopt_clocks")
BATCH = 1000
_STAGES = [str(state) for state, row in STATES.items() if row.stage_clock]
LimitOf = Callable[[str, str, str, int | None], Limit | None]


def adopt_clocks(conn: Connection, *, actor: Actor, now: datetime, most: int = BATCH) -> int:
    """
    Give at most `most` open cases the clocks they lack; answers how many clocks.

    The end of the handling limit stays what the case says, and is explained where start and limit
    give it; the stage began when the case was last moved. Two at once, or a move meanwhile: the
    first one counts.

    Raises
    ------
    Forbidden
        Without the right to the system's own work.
    """
    require(actor, Permission.SYSTEM_WORK)
    rows = conn.execute(_FIND, {"stages": _STAGES, "most": most}).all()
    if not rows:
        return 0
    settings = read_case_settings(conn)
    calendars = calendar_of(conn, settings, min(row.filed_at or row.changed_at for row in rows))
    limit_of = _limits(conn)
    clocks = [clock for row in rows for clock in _clocks_of(row, settings, calendars, limit_of)]
    params = {"clocks": json.dumps(clocks, default=str), "now": now}
    return int(conn.execute(_ADOPT, params).scalar_one())


def _limits(conn: Connection) -> LimitOf:
    @cache
    def limit_of(kind: str, edition: str, code: str, condition_no: int | None) -> Limit | None:
        try:
            rule = rule_of_case(
                conn, kind=kind, edition=edition, code=code, condition_no=condition_no
            )
        except NotFound:
            return None
        return Limit(rule.limit_value, Unit(rule.limit_unit))

    return limit_of


def _clocks_of(
    row: Row[Any],
    settings: CaseSettings,
    calendars: Callable[[Unit], WorkCalendar],
    limit_of: LimitOf,
) -> list[dict[str, Any]]:
    clocks = []
    if row.needs_case:
        started = row.filed_at or row.dispatched_at or row.changed_at
        limit = limit_of(row.kind, row.edition, row.class_code, row.condition_no)
        if limit is None:  # a class of another edition: the whole span is the limit
            hours = max(0.0, (row.due_at - started).total_seconds() / 3600)
            limit = limit_from(f"{min(hours, 9999):.4f} {Unit.URGENT_HOUR}")
        clocks.append(
            _clock(row.id, CASE_SLOT, CASE_CLOCK, started, limit)
            | {"due_at": row.due_at, "provisional": row.due_provisional}
            | {"base_left_s": _left(calendars(limit.unit), started, row.due_at, limit)}
            | {"told": calendars(limit.unit).deadline(started, limit).due_at == row.due_at}
        )
    if row.needs_stage:
        name = STATES[State(row.state)].stage_clock
        limit = limit_from(getattr(settings, STAGE_LIMIT + name))
        deadline = calendars(limit.unit).deadline(row.changed_at, limit)
        left = calendars(limit.unit).amount(limit)
        clocks.append(
            _clock(row.id, STAGE_SLOT, name, row.changed_at, limit)
            | {"due_at": deadline.due_at, "provisional": deadline.provisional}
            | {"base_left_s": left.total_seconds(), "told": True}
        )
    return clocks


def _left(calendar: WorkCalendar, started: datetime, due_at: datetime, limit: Limit) -> float:
    """What ran from start to end, on the limit's clock: a changed calendar moves the end."""
    return max(0.0, calendar.spent(started, due_at, limit.unit).total_seconds())


def _clock(case_id: int, slot: str, name: str, started: datetime, limit: Limit) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "slot": slot,
        "name": name,
        "started_at": started,
        "limit_value": limit.value,
        "limit_unit": str(limit.unit),
        "base_at": started,
    }
