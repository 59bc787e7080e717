"""Writing one step of a case that was found to be allowed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import text

from gis.accounts.model import Role
from gis.cases.asking import Ask
from gis.cases.clock import ClockState, clock_of, moved_clock, steps_on_case_clock
from gis.cases.clocks.running import Calendars
from gis.cases.clocks.stepping import clock_changes
from gis.cases.effects import changes_of, purpose_of
from gis.cases.model import Move
from gis.cases.move_fields import data_of, file_fields, photo_fields, words_of
from gis.cases.records import Case
from gis.cases.settings import CaseSettings
from gis.db.sqlfile import load_sql
from gis.standards.queries import rule_of_case
from gis.worktime.model import Limit, Unit
from gis.worktime.queries import work_calendar
from gis.worktime.rules import WorkCalendar

_WRITE = load_sql(__package__, "write_move")
_KEPT = (
    "supervisor_id", "department_id", "handler_id", "dispatch_rule_id", "condition_no",
    "rework_count", "bounce_count", "filed_at", "dispatched_at", "handled_at", "closed_at",
)  # fmt: skip
"""Columns that keep their value unless the move changes them."""


def write_step(ask: Ask) -> Case:
    """
    Write the case, its event, its audit link, its messages and photos; one statement.

    The caller holds the lock of the case and has checked table, guards and
    fields. Answers the case as it now is.
    """
    case, row = ask.case, ask.row
    changes = changes_of(
        case,
        row,
        fields=ask.fields,
        person_id=ask.actor.person_id,
        rule_id=_rule_followed(ask),
        now=ask.now,
    )
    kept = {name: changes.get(name, getattr(case, name)) for name in _KEPT}
    before = clock_of(case)
    limit, calendars = _limit_of(ask, kept["condition_no"]), _calendars(ask)
    clock = _clock_after(ask, before, limit, calendars)
    clocks = clock_changes(ask, before, clock, limit=limit, calendars=calendars)
    version = ask.conn.execute(
        _WRITE,
        {
            **kept,
            **_story(ask, clock, moved=clock != before),
            "id": case.id,
            "version": case.version,
            "state": changes["state"],
            "open": changes["open"],
            "due_at": clock.due_at,
            "due_provisional": clock.provisional,
            "clock_left": None if clock.left is None else json.dumps(dict(clock.left)),
            "now": ask.now,
            **clocks.params(),
        },
    ).scalar_one()
    return replace(
        case,
        **kept,
        state=row.target(case.state),
        open=changes["open"],
        version=version,
        due_at=clock.due_at,
        due_provisional=clock.provisional,
        clock_left=clock.left,
        changed_at=ask.now,
        changed_by=ask.actor.person_id,
    )


def _rule_followed(ask: Ask) -> int | None:
    """The rule that named the department, where the dispatcher took its word."""
    if ask.row.move is not Move.DISPATCH or ask.proposed is None:
        return None
    follows = ask.proposed.department_id == ask.fields["department"]
    return ask.proposed.rule_id if follows else None


def _stood_in_for(ask: Ask) -> str | None:
    """Name of the absent person whose task this was; None: the actor's own."""
    holder = {Role.SUPERVISOR: ask.case.supervisor_id, Role.HANDLER: ask.case.handler_id}
    person_id = holder.get(ask.role)
    if person_id is None or person_id not in ask.actor.stands_for:
        return None
    return _named(ask, person_id)


def _handed(ask: Ask) -> dict[str, str]:
    """Whose the case becomes or was, by name: the history reads the same for ever."""
    if ask.row.move is Move.ASSIGN:
        return {"given_to": _named(ask, ask.fields["handler"])}
    if ask.row.move is Move.TAKE_BACK and ask.case.handler_id is not None:
        return {"taken_from": _named(ask, ask.case.handler_id)}
    return {}


def _named(ask: Ask, person_id: int) -> str:
    found = ask.conn.execute(text("SELECT name FROM person WHERE id = :id"), {"id": person_id})
    return f"{found.scalar_one()} (#{person_id})"


def _story(ask: Ask, clock: ClockState, *, moved: bool) -> dict[str, Any]:
    """Event, audit link and photos: the history in words and in evidence."""
    case, move = ask.case, ask.row.move
    photos = [(purpose_of(move, n), sha) for n in photo_fields(ask.fields) for sha in ask.fields[n]]
    photos += [("file", sha) for n in file_fields(ask.fields) for sha in ask.fields[n]]
    data = data_of(ask.fields)
    if move is Move.DISPATCH:
        data["proposed"] = ask.proposed.department_id if ask.proposed else None
        data["rule"] = _rule_followed(ask)
    if ask.other_grid:
        data["other_grid"] = True
    data |= _handed(ask)
    absent = _stood_in_for(ask)
    if absent is not None:
        data["stands_for"] = absent
    if moved:
        data["due_at"] = clock.due_at.isoformat() if clock.due_at else None
    note = words_of(ask.fields)
    audit = {
        **data,
        "number": case.number,
        "from": str(case.state),
        "to": str(ask.row.target(case.state)),
        "note": note,
        "photos": [sha for _, sha in photos],
    }
    return {
        "actor_id": ask.actor.person_id,
        "role": str(ask.role),
        "move": str(move),
        "from_state": str(case.state),
        "note": note,
        "data": json.dumps(data, ensure_ascii=False),
        "audit": json.dumps(audit, ensure_ascii=False),
        "photos": [sha for _, sha in photos],
        "purposes": [purpose for purpose, _ in photos],
    }


def _clock_after(
    ask: Ask, clock: ClockState, limit: Callable[[], Limit], calendars: Calendars
) -> ClockState:
    steps = steps_on_case_clock(ask.row, ask.settings.clock_starts)
    until = _extended_until(ask) if steps else None
    return moved_clock(
        clock,
        steps,
        now=ask.now,
        limit=limit,
        calendar=calendars,
        until=ask.end_of(until) if until else None,
    )


def _limit_of(ask: Ask, condition_no: int | None) -> Callable[[], Limit]:
    """The case's limit, read once and only when a clock needs it."""

    @cache
    def limit() -> Limit:
        rule = rule_of_case(
            ask.conn,
            kind=ask.case.kind,
            edition=ask.case.edition,
            code=ask.case.class_code,
            condition_no=condition_no,
        )
        return Limit(rule.limit_value, Unit(rule.limit_unit))

    return limit


def _extended_until(ask: Ask) -> date | None:
    """The day that the department asked for; the approval names none of its own."""
    if ask.row.move is not Move.APPROVE_EXTENSION:
        return None
    asked = ask.last(Move.ASK_EXTENSION)
    return date.fromisoformat(asked.data["until"]) if asked else None


def _calendars(ask: Ask) -> Calendars:
    """The district's calendar, read once; a limit that runs without stop needs no days of it."""

    @cache
    def district() -> WorkCalendar:
        first = min(ask.now, ask.case.due_at or ask.now, ask.case.filed_at or ask.now)
        return work_calendar(
            ask.conn, since=first.astimezone(ask.settings.zone).date() - timedelta(days=1)
        )

    def calendar(limit: Limit) -> WorkCalendar:
        return district() if limit.unit.is_working else _plain_calendar(ask.settings.time_zone)

    return calendar


@cache
def _plain_calendar(zone: str) -> WorkCalendar:
    return WorkCalendar((), zone=CaseSettings(time_zone=zone).zone)
