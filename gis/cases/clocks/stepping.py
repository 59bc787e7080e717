"""The clocks of a case under a move: what the statement of the move writes with it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from gis.cases.asking import Ask
from gis.cases.clock import ClockState
from gis.cases.clocks.levels import Level, levels_from
from gis.cases.clocks.running import (
    CASE_SLOT,
    STAGE_SLOT,
    Calendars,
    ClockEvent,
    ClockRow,
    StageClock,
    begun,
    gone_on,
    held,
    next_look,
    told,
)
from gis.cases.clocks.setting_rules import STAGE_LIMIT
from gis.cases.clocks.tables import case_clock
from gis.cases.model import ClockStep, Operation
from gis.cases.workflow_table import CASE_CLOCK
from gis.worktime.model import Limit, Unit, limit_from


@dataclass
class ClockChanges:
    """Rows and events of clocks that a move writes."""

    rows: list[ClockRow] = field(default_factory=list)
    events: list[ClockEvent] = field(default_factory=list)
    stage_ends: bool = False
    """The stage clock stops and no other one begins."""

    def params(self) -> dict[str, Any]:
        """The parameters of `write_move.sql`."""
        return {
            "clocks": json.dumps([row.as_json() for row in self.rows], default=str),
            "clock_events": json.dumps([asdict(event) for event in self.events], default=str),
            "stage_ends": self.stage_ends,
        }


def clock_changes(
    ask: Ask,
    before: ClockState,
    after: ClockState,
    *,
    limit: Callable[[], Limit],
    calendars: Calendars,
) -> ClockChanges:
    """What a move changes of the case clock, from `before` to `after`, and of the stage clock."""
    changes = ClockChanges()
    if after != before:
        operation = _operation(before, after)
        row = _case_row(ask, after, operation, limit(), calendars)
        changes.rows.append(row)
        changes.events.append(told(row, operation))
    _stage_changes(ask, changes, calendars)
    return changes


def stage_limit(ask: Ask, name: str) -> Limit:
    """How long a case may wait in a stage: the district's setting."""
    return limit_from(getattr(ask.settings, STAGE_LIMIT + name))


def case_levels(ask: Ask) -> tuple[Level, ...]:
    """The levels of the handling limit."""
    return levels_from(ask.settings.overdue_levels, ask.settings.yellow_percent)


def stage_levels(ask: Ask) -> tuple[Level, ...]:
    """The levels of a stage's limit."""
    return levels_from(ask.settings.stage_overdue_levels, ask.settings.yellow_percent)


def _operation(before: ClockState, after: ClockState) -> Operation:
    """What was done to a clock that changed."""
    if after.running:
        if before.running:
            return Operation.EXTEND
        return Operation.RESUME if before.started else Operation.START
    return Operation.PAUSE if after.due_at is None else Operation.STOP


def _case_row(
    ask: Ask, after: ClockState, operation: Operation, limit: Limit, calendars: Calendars
) -> ClockRow:
    left_s = None if after.left is None else float(after.left["seconds"])
    calendar = calendars(limit)
    case, runs = ask.case, after.running and after.due_at is not None
    base_left: timedelta | None = None
    if runs and operation is Operation.START:
        base_left = calendar.amount(limit)
    elif runs and operation is Operation.RESUME and case.clock_left is not None:
        base_left = timedelta(seconds=float(case.clock_left["seconds"]))
    look = None
    if runs and after.due_at is not None:
        look = next_look(after.due_at, limit, case_levels(ask), calendar)
    return ClockRow(
        slot=CASE_SLOT,
        name=CASE_CLOCK,
        run=1 if operation is Operation.START else 0,
        started_at=ask.now
        if operation is Operation.START
        else case.filed_at or case.dispatched_at or ask.now,
        limit=limit,
        base_at=ask.now if runs else None,
        base_left_s=None if base_left is None else base_left.total_seconds(),
        due_at=after.due_at,
        provisional=after.provisional,
        left_s=left_s,
        next_at=look,
    )


def _stage_changes(ask: Ask, changes: ClockChanges, calendars: Calendars) -> None:
    began = False
    for step in _stage_steps(ask):
        if step.operation is Operation.STOP:
            changes.events.append(
                ClockEvent(slot=STAGE_SLOT, name=step.clock, operation=Operation.STOP)
            )
            changes.stage_ends = True
            continue
        row = _stage_row(ask, step, calendars)
        if row is not None:
            changes.rows.append(row)
            changes.events.append(told(row, step.operation))
            began = True
    changes.stage_ends = changes.stage_ends and not began


def _stage_steps(ask: Ask) -> Iterator[ClockStep]:
    return (step for step in ask.row.clock if step.clock != CASE_CLOCK)


def _stage_row(ask: Ask, step: ClockStep, calendars: Calendars) -> ClockRow | None:
    """The stage clock after a step; None where the step does not fit the clock there is."""
    if step.operation is Operation.START:
        limit, levels = stage_limit(ask, step.clock), stage_levels(ask)
        return begun(ask.now, limit, calendars, name=step.clock, levels=levels)
    stage = _stage_of(ask)
    if stage is None or stage.name != step.clock:
        return None
    if step.operation is Operation.PAUSE and stage.left_s is None:
        return held(stage, ask.now, calendars)
    if step.operation is Operation.RESUME and stage.left_s is not None and stage.due_at is None:
        return gone_on(stage, ask.now, calendars, stage_levels(ask))
    return None


def _stage_of(ask: Ask) -> StageClock | None:
    """The stage clock as it stands; asked only by the few moves that hold it or let it go on."""
    k = case_clock.c
    row = ask.conn.execute(
        select(k.name, k.limit_value, k.limit_unit, k.started_at, k.due_at, k.left_s).where(
            k.case_id == ask.case.id, k.slot == STAGE_SLOT
        )
    ).one_or_none()
    if row is None:
        return None
    limit = Limit(row.limit_value, Unit(row.limit_unit))
    return StageClock(row.name, limit, row.started_at, row.due_at, row.left_s)
