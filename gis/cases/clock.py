"""The clock of the handling limit: what a move does to it. Rules and calendar are handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gis.cases.model import ClockStep, MoveRow, Operation
from gis.cases.records import Case
from gis.cases.workflow_table import CASE_CLOCK
from gis.worktime.model import Limit
from gis.worktime.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class ClockState:
    """
    The clock as a case stores it.

    Running: `due_at` set, `left` None. Stopped: both set, `due_at` tells whether
    it was in time. Paused: `left` only. Never started: neither.
    """

    due_at: datetime | None
    provisional: bool
    left: Mapping[str, Any] | None
    """`seconds` still to run on the clock of `unit`."""

    @property
    def running(self) -> bool:
        """Whether time passes."""
        return self.due_at is not None and self.left is None

    @property
    def started(self) -> bool:
        """Whether it ever ran."""
        return self.due_at is not None or self.left is not None


def clock_of(case: Case) -> ClockState:
    """The clock of a case as it stands."""
    return ClockState(case.due_at, case.due_provisional, case.clock_left)


def steps_on_case_clock(row: MoveRow, clock_starts: str) -> tuple[ClockStep, ...]:
    """
    What a move does to the case clock in a district that starts it at `clock_starts`.

    Steps of dispatch always count: a clock that should have run since filing
    and does not (the setting was changed meanwhile) starts there at the latest.
    """
    return tuple(
        step
        for step in row.clock
        if step.clock == CASE_CLOCK and (step.start_setting in ("", "dispatch", clock_starts))
    )


def moved_clock(
    clock: ClockState,
    steps: tuple[ClockStep, ...],
    *,
    now: datetime,
    limit: Callable[[], Limit],
    calendar: Callable[[Limit], WorkCalendar],
    until: datetime | None = None,
) -> ClockState:
    """
    The clock after a move; an operation that does not fit changes nothing.

    A clock that goes on runs what was left when it was held, on the limit's own
    clock; nothing left means it is due at once. `until` is the end of an
    extension. `limit` and `calendar` are asked only when a step needs them.
    """
    for step in steps:
        clock = _step(clock, step.operation, now, limit, calendar, until)
    return clock


def _step(
    clock: ClockState,
    operation: Operation,
    now: datetime,
    limit: Callable[[], Limit],
    calendar: Callable[[Limit], WorkCalendar],
    until: datetime | None,
) -> ClockState:
    if operation is Operation.START and not clock.started:
        rule = limit()
        deadline = calendar(rule).deadline(now, rule)
        return ClockState(deadline.due_at, deadline.provisional, None)
    if operation is Operation.RESUME and clock.left is not None:
        rule = limit()
        left = timedelta(seconds=float(clock.left["seconds"]))
        deadline = calendar(rule).deadline_after(now, left, rule)
        return ClockState(deadline.due_at, deadline.provisional, None)
    if operation in (Operation.STOP, Operation.PAUSE) and clock.running:
        assert clock.due_at is not None  # noqa: S101  running means so
        rule = limit()
        spent = calendar(rule).spent(now, clock.due_at, rule.unit)
        left_s = max(0.0, spent.total_seconds())
        due_at = clock.due_at if operation is Operation.STOP else None
        held = {"seconds": left_s, "unit": str(rule.unit)}
        return ClockState(due_at, clock.provisional, held)
    if operation is Operation.EXTEND and clock.running and until is not None:
        return ClockState(until, provisional=False, left=None)
    return clock
