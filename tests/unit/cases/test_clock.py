"""The clock of the handling limit, without a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gis.cases.clock import ClockState, moved_clock, steps_on_case_clock
from gis.cases.model import ClockStep, Move, Operation
from gis.cases.workflow import MOVES
from gis.worktime.model import Limit, Unit
from gis.worktime.rules import WorkCalendar

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)  # Wednesday 10:30 in the district
NEVER = ClockState(None, provisional=False, left=None)
CALENDAR = WorkCalendar(())
HOURS_4 = Limit(Decimal(4), Unit.URGENT_HOUR)
WORKING_HOURS_4 = Limit(Decimal(4), Unit.WORKING_HOUR)


def after(
    clock: ClockState,
    *operations: Operation,
    now: datetime = NOW,
    limit: Limit = HOURS_4,
    until: datetime | None = None,
) -> ClockState:
    return moved_clock(
        clock,
        tuple(ClockStep("case", operation) for operation in operations),
        now=now,
        limit=lambda: limit,
        calendar=lambda _: CALENDAR,
        until=until,
    )


def test_a_clock_starts_once_with_the_full_limit() -> None:
    started = after(NEVER, Operation.START)
    assert started.due_at == NOW + timedelta(hours=4) and started.running
    assert after(started, Operation.START, now=NOW + timedelta(hours=1)) == started


def test_a_stopped_clock_keeps_its_deadline_and_what_was_left() -> None:
    started = after(NEVER, Operation.START)
    stopped = after(started, Operation.STOP, now=NOW + timedelta(hours=1))
    assert stopped.due_at == started.due_at
    assert stopped.left == {"seconds": 3 * 3600.0, "unit": "urgent_hour"}
    again = after(stopped, Operation.RESUME, now=NOW + timedelta(days=2))
    assert again.due_at == NOW + timedelta(days=2, hours=3) and again.running


def test_a_paused_clock_has_no_deadline() -> None:
    paused = after(after(NEVER, Operation.START), Operation.PAUSE, now=NOW + timedelta(hours=3))
    assert paused.due_at is None and paused.left is not None and paused.started
    assert after(paused, Operation.PAUSE) == paused


def test_pausing_and_resuming_at_once_changes_nothing() -> None:
    for limit in (HOURS_4, WORKING_HOURS_4):
        started = after(NEVER, Operation.START, limit=limit)
        assert after(started, Operation.PAUSE, Operation.RESUME, limit=limit) == started


def test_an_overdue_clock_that_goes_on_is_due_at_once() -> None:
    started = after(NEVER, Operation.START)
    late = NOW + timedelta(hours=9)
    stopped = after(started, Operation.STOP, now=late)
    assert stopped.left == {"seconds": 0.0, "unit": "urgent_hour"}
    assert after(stopped, Operation.RESUME, now=late).due_at == late


def test_working_hours_wait_for_the_working_day() -> None:
    started = after(NEVER, Operation.START, limit=WORKING_HOURS_4)
    assert started.due_at == datetime(2026, 11, 18, 8, 30, tzinfo=UTC)  # 10:30–12, 14–16:30
    assert started.provisional, "without a published calendar"
    saturday = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    paused = after(started, Operation.PAUSE, now=NOW + timedelta(minutes=30), limit=WORKING_HOURS_4)
    resumed = after(paused, Operation.RESUME, now=saturday, limit=WORKING_HOURS_4)
    assert resumed.due_at == datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # Monday 11:30


def test_an_extension_moves_a_running_deadline_only() -> None:
    until = NOW + timedelta(days=3)
    started = after(NEVER, Operation.START)
    assert after(started, Operation.EXTEND, until=until).due_at == until
    assert after(NEVER, Operation.EXTEND, until=until) == NEVER
    stopped = after(started, Operation.STOP)
    assert after(stopped, Operation.EXTEND, until=until) == stopped


@pytest.mark.parametrize("operation", [Operation.STOP, Operation.PAUSE, Operation.RESUME])
def test_an_operation_that_does_not_fit_changes_nothing(operation: Operation) -> None:
    assert after(NEVER, operation) == NEVER


def test_the_setting_decides_where_the_clock_starts_and_dispatch_is_the_latest() -> None:
    def operations(move: Move, setting: str) -> list[Operation]:
        return [s.operation for s in steps_on_case_clock(MOVES[move], setting)]

    begins = [Operation.START, Operation.RESUME]
    assert operations(Move.FILE, "filing") == begins
    assert operations(Move.FILE, "dispatch") == []
    assert operations(Move.DISPATCH, "dispatch") == begins
    assert operations(Move.DISPATCH, "filing") == begins
    assert operations(Move.CHECK_FAILED, "dispatch") == []
    assert operations(Move.REPORT_DONE, "filing") == [Operation.STOP]
