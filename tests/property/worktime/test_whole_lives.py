"""A thousand random lives of a clock against a walk that counts every minute by itself."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from gis.cases.clock import ClockState, moved_clock
from gis.cases.model import ClockStep, Operation
from gis.cases.workflow_table import CASE_CLOCK
from gis.worktime.model import DEFAULT_SESSIONS, HOUR_S, Day, Limit, Session, Unit
from gis.worktime.rules import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
SPLIT = (Session(9 * HOUR_S, 11 * HOUR_S + 1200), Session(13 * HOUR_S, 19 * HOUR_S))
LIVES, SEED = 1000, 20261122
_HOLIDAYS = frozenset(d for d in DAYS if not chinese_calendar.is_workday(d))


@cache
def calendar(sessions: tuple[Session, ...]) -> WorkCalendar:
    return WorkCalendar((Day(d, d not in _HOLIDAYS) for d in DAYS), sessions, ZONE)


class Walk:
    """The clock again, by counting minutes: it shares no line with the one that is tested."""

    def __init__(self, unit: Unit, sessions: tuple[Session, ...]) -> None:
        self.working = unit in (Unit.WORKING_HOUR, Unit.WORKING_DAY)
        self.spans = [(s.start_s // 60, s.end_s // 60) for s in sessions]

    def counts(self, at: datetime) -> bool:
        """Whether the minute that begins at `at` is one of the limit's."""
        if not self.working:
            return True
        minute = at.hour * 60 + at.minute
        return at.date() not in _HOLIDAYS and any(a <= minute < b for a, b in self.spans)

    def end(self, start: datetime, minutes: int) -> datetime:
        """The end of the last of so many minutes."""
        at = start
        while minutes:
            minutes -= self.counts(at)
            at += MINUTE
        return at

    def between(self, start: datetime, end: datetime) -> int:
        """How many of the limit's minutes lie between two moments."""
        total, at = 0, start
        while at < end:
            total += self.counts(at)
            at += MINUTE
        return total


def _limit(draw: random.Random, sessions: tuple[Session, ...]) -> tuple[Limit, int]:
    """A limit of any unit in whole minutes, and how many minutes it has."""
    unit = draw.choice(list(Unit))
    per_unit = {
        Unit.URGENT_HOUR: 60,
        Unit.URGENT_DAY: 1440,
        Unit.CALENDAR_DAY: 1440,
        Unit.WORKING_HOUR: 60,
        Unit.WORKING_DAY: sum(s.end_s - s.start_s for s in sessions) // 60,
    }[unit]
    quarters = draw.randint(1, 40 if per_unit == 60 else 16)
    return Limit(Decimal(quarters) / 4, unit), quarters * per_unit // 4


def _life(draw: random.Random) -> tuple[ClockState, datetime]:
    """
    Start, then pauses with resumptions and extensions, each compared with the walk.

    Answers the clock in the end and when it is due by the walk.
    """
    sessions = draw.choice([DEFAULT_SESSIONS, SPLIT])
    limit, minutes = _limit(draw, sessions)
    days, walk = calendar(sessions), Walk(limit.unit, sessions)
    now = datetime(2024, 6, 1, tzinfo=ZONE) + draw.randint(0, 700 * 1440) * MINUTE

    def do(clock: ClockState, operation: Operation, until: datetime | None = None) -> ClockState:
        return moved_clock(
            clock, (ClockStep(CASE_CLOCK, operation),), now=now, limit=lambda: limit,
            calendar=lambda _limit: days, until=until,
        )  # fmt: skip

    clock = do(ClockState(None, provisional=False, left=None), Operation.START)
    due = walk.end(now, minutes)
    assert clock.due_at == due, (limit, now)
    for _ in range(draw.randint(0, 3)):
        now += draw.randint(1, 3000) * MINUTE
        if draw.random() < 0.3:
            due = datetime.combine(
                now.date() + timedelta(draw.randint(1, 9)), datetime.min.time(), ZONE
            )
            clock = do(clock, Operation.EXTEND, due)
        else:
            held = walk.between(now, due)
            clock = do(clock, draw.choice([Operation.PAUSE, Operation.STOP]))
            assert clock.left is not None and clock.left["seconds"] == held * 60, (limit, now)
            now += draw.randint(1, 6000) * MINUTE
            clock, due = do(clock, Operation.RESUME), walk.end(now, held)
        assert clock.due_at == due, (limit, now)
        assert clock.running
    return clock, due


@pytest.mark.parametrize("part", range(4))
def test_a_thousand_random_lives_agree_with_the_walk(part: int) -> None:
    draw = random.Random(SEED + part)
    for _ in range(LIVES // 4):
        clock, due = _life(draw)
        assert clock.due_at == due


@pytest.mark.parametrize("unit", [Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.URGENT_DAY])
def test_the_moment_so_much_was_left_agrees_with_the_walk(unit: Unit) -> None:
    draw = random.Random(SEED)
    for _ in range(60):
        sessions = draw.choice([DEFAULT_SESSIONS, SPLIT])
        limit = Limit(Decimal(2), unit)
        days, walk = calendar(sessions), Walk(unit, sessions)
        start = datetime(2025, 9, 1, tzinfo=ZONE) + draw.randint(0, 90 * 1440) * MINUTE
        due = days.deadline(start, limit).due_at
        left = draw.randint(1, 100)
        at = days.when_left(due, left * MINUTE, unit)
        assert walk.between(at, due) == left
        assert walk.counts(at - MINUTE), "a minute before it was one more"
