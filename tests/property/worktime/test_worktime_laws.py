"""Laws of the clock, against a walk that counts every minute."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.worktime.model import DEFAULT_SESSIONS, HOUR_S, Day, Lamp, Limit, Session, Unit
from gis.worktime.rules import WorkCalendar, lamp

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WORKDAYS = {d for d in DAYS if chinese_calendar.is_workday(d)}
PUBLISHED = [Day(d, d in WORKDAYS) for d in DAYS]
ODD = (Session(7 * HOUR_S + 1800, 11 * HOUR_S), Session(13 * HOUR_S, 13 * HOUR_S + 600),
       Session(20 * HOUR_S, 24 * HOUR_S))  # fmt: skip
CALENDARS = {s: WorkCalendar(PUBLISHED, s) for s in (DEFAULT_SESSIONS, ODD)}

starts = st.datetimes(datetime(2018, 1, 1), datetime(2026, 10, 1)).map(
    lambda t: t.replace(second=0, microsecond=0, tzinfo=ZONE)
)
sessions = st.sampled_from(list(CALENDARS))
units = st.sampled_from(Unit)


def walk(start: datetime, minutes: int, spans: tuple[Session, ...]) -> datetime:
    """The end of the n-th working minute after `start`, counted one by one."""
    now = start
    while minutes:
        second = now.hour * HOUR_S + now.minute * 60
        working = now.date() in WORKDAYS and any(s.start_s <= second < s.end_s for s in spans)
        minutes -= working
        now += timedelta(minutes=1)
    return now


@settings(max_examples=1000, deadline=None)
@given(start=starts, minutes=st.integers(1, 900), spans=sessions)
@example(start=datetime(2026, 2, 14, 17, 59, tzinfo=ZONE), minutes=1, spans=DEFAULT_SESSIONS)
@example(start=datetime(2026, 2, 14, 18, 0, tzinfo=ZONE), minutes=1, spans=DEFAULT_SESSIONS)
def test_the_clock_agrees_with_a_walk_minute_by_minute(
    start: datetime, minutes: int, spans: tuple[Session, ...]
) -> None:
    calendar = CALENDARS[spans]
    due = calendar.deadline_after(
        start, timedelta(minutes=minutes), Limit(Decimal(1), Unit.WORKING_HOUR)
    ).due_at
    assert due == walk(start, minutes, spans)
    assert calendar.spent(start, due, Unit.WORKING_HOUR) == timedelta(minutes=minutes)


@given(
    start=starts,
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
    value=st.decimals(0, 30, places=2),
    unit=units,
    spans=sessions,
)
def test_a_later_start_never_has_an_earlier_deadline(
    start: datetime, later: timedelta, value: Decimal, unit: Unit, spans: tuple[Session, ...]
) -> None:
    calendar, limit = CALENDARS[spans], Limit(value, unit)
    assert calendar.deadline(start, limit).due_at <= calendar.deadline(start + later, limit).due_at


@given(
    start=starts,
    values=st.lists(st.decimals(0, 30, places=2), min_size=2, max_size=2).map(sorted),
    unit=units,
    spans=sessions,
)
def test_a_longer_limit_never_ends_earlier_and_never_before_its_start(
    start: datetime, values: list[Decimal], unit: Unit, spans: tuple[Session, ...]
) -> None:
    calendar = CALENDARS[spans]
    short, long = (calendar.deadline(start, Limit(value, unit)).due_at for value in values)
    assert start <= short <= long


@given(start=starts, value=st.decimals(0, 30, places=3), unit=units, spans=sessions)
def test_the_time_spent_until_the_deadline_is_the_limit(
    start: datetime, value: Decimal, unit: Unit, spans: tuple[Session, ...]
) -> None:
    calendar, limit = CALENDARS[spans], Limit(value, unit)
    due = calendar.deadline(start, limit).due_at
    assert calendar.spent(start, due, unit) == calendar.amount(limit)


@given(
    start=starts,
    run=st.timedeltas(timedelta(0), timedelta(days=10)),
    pause=st.timedeltas(timedelta(0), timedelta(days=60)),
    value=st.decimals(0, 20, places=2),
    unit=units,
    spans=sessions,
)
def test_a_pause_moves_the_deadline_by_nothing_that_was_already_spent(
    start: datetime,
    run: timedelta,
    pause: timedelta,
    value: Decimal,
    unit: Unit,
    spans: tuple[Session, ...],
) -> None:
    calendar, limit = CALENDARS[spans], Limit(value, unit)
    paused = start + run
    spent = calendar.spent(start, paused, unit)
    left = calendar.amount(limit) - spent
    due = calendar.deadline_after(paused + pause, left, limit).due_at
    if left > timedelta(0):
        assert spent + calendar.spent(paused + pause, due, unit) == calendar.amount(limit)
    else:
        assert due == paused + pause


@given(start=starts, value=st.decimals("0.1", 20, places=1), unit=units, spans=sessions)
def test_the_days_explained_are_those_between_start_and_due_that_do_not_work(
    start: datetime, value: Decimal, unit: Unit, spans: tuple[Session, ...]
) -> None:
    calendar = CALENDARS[spans]
    deadline = calendar.deadline(start, Limit(value, unit))
    why = calendar.explain(deadline)
    named = {
        run.first + timedelta(n)
        for run in why.skipped
        for n in range((run.last - run.first).days + 1)
    }
    span = {d for d in DAYS if start.date() <= d <= deadline.due_at.date()}
    assert named == (span - WORKDAYS if unit.is_working else set())
    assert not deadline.provisional


@given(
    start=starts,
    length=st.timedeltas(timedelta(0), timedelta(days=30)),
    nows=st.lists(st.timedeltas(timedelta(0), timedelta(days=60)), min_size=2, max_size=2),
)
def test_a_lamp_never_goes_back(start: datetime, length: timedelta, nows: list[timedelta]) -> None:
    order = [Lamp.GREEN, Lamp.YELLOW, Lamp.RED]
    early, late = (order.index(lamp(start + n, start, start + length)) for n in sorted(nows))
    assert early <= late
