"""What a move does to the clocks of a case, as rows to write. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gis.cases.clocks.levels import Level, reached_at
from gis.cases.model import Operation
from gis.worktime.model import Deadline, Limit, Unit
from gis.worktime.rules import WorkCalendar

CASE_SLOT, STAGE_SLOT = "case", "stage"
Calendars = Callable[[Limit], WorkCalendar]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """A row of `case_clock` as a move writes it."""

    slot: str
    name: str
    run: int
    """1 begins a new run, 0 goes on with the one there is."""
    started_at: datetime
    limit: Limit
    base_at: datetime | None
    base_left_s: float | None
    due_at: datetime | None
    provisional: bool
    left_s: float | None
    next_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Its columns, for the statement that writes it."""
        values = asdict(self)
        limit = values.pop("limit")
        return values | {"limit_value": limit["value"], "limit_unit": str(limit["unit"])}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """A row of `case_clock_event` as a move writes it."""

    slot: str
    name: str
    operation: Operation
    due_at: datetime | None = None
    provisional: bool = False
    left_s: float | None = None
    limit_value: Decimal | None = None
    limit_unit: str | None = None


@dataclass(frozen=True, slots=True)
class StageClock:
    """The stage clock that a move holds or lets go on, as it stands."""

    name: str
    limit: Limit
    started_at: datetime
    due_at: datetime | None
    left_s: float | None


def next_look(
    due_at: datetime, limit: Limit, levels: Sequence[Level], calendar: WorkCalendar
) -> datetime | None:
    """When the first level is reached; None where nobody is to be told."""
    return reached_at(levels[0], due_at, limit, calendar) if levels else None


def running(
    deadline: Deadline,
    left: timedelta,
    *,
    slot: str,
    name: str,
    run: int,
    levels: Sequence[Level],
    calendar: WorkCalendar,
) -> ClockRow:
    """A clock that runs from the deadline's start with `left` to go."""
    return ClockRow(
        slot=slot,
        name=name,
        run=run,
        started_at=deadline.started_at,
        limit=deadline.limit,
        base_at=deadline.started_at,
        base_left_s=left.total_seconds(),
        due_at=deadline.due_at,
        provisional=deadline.provisional,
        left_s=None,
        next_at=next_look(deadline.due_at, deadline.limit, levels, calendar),
    )


def begun(
    now: datetime, limit: Limit, calendars: Calendars, *, name: str, levels: Sequence[Level]
) -> ClockRow:
    """A stage that begins now with its full limit."""
    calendar = calendars(limit)
    return running(
        calendar.deadline(now, limit),
        calendar.amount(limit),
        slot=STAGE_SLOT,
        name=name,
        run=1,
        levels=levels,
        calendar=calendar,
    )


def held(stage: StageClock, now: datetime, calendars: Calendars) -> ClockRow:
    """A stage that waits from now on; what is left is kept on the limit's own clock."""
    left = timedelta(0)
    if stage.due_at is not None:
        left = max(left, calendars(stage.limit).spent(now, stage.due_at, stage.limit.unit))
    return ClockRow(
        slot=STAGE_SLOT,
        name=stage.name,
        run=0,
        started_at=stage.started_at,
        limit=stage.limit,
        base_at=None,
        base_left_s=None,
        due_at=None,
        provisional=False,
        left_s=left.total_seconds(),
        next_at=None,
    )


def gone_on(
    stage: StageClock, now: datetime, calendars: Calendars, levels: Sequence[Level]
) -> ClockRow:
    """A stage that goes on with what was left when it was held."""
    calendar = calendars(stage.limit)
    left = timedelta(seconds=stage.left_s or 0.0)
    return running(
        calendar.deadline_after(now, left, stage.limit),
        left,
        slot=STAGE_SLOT,
        name=stage.name,
        run=0,
        levels=levels,
        calendar=calendar,
    )


def told(row: ClockRow, operation: Operation) -> ClockEvent:
    """What the history of clocks keeps of an operation that led to `row`."""
    unit: Unit = row.limit.unit
    return ClockEvent(
        slot=row.slot,
        name=row.name,
        operation=operation,
        due_at=row.due_at,
        provisional=row.provisional,
        left_s=row.left_s,
        limit_value=row.limit.value,
        limit_unit=str(unit),
    )
