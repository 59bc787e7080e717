"""Deadlines worked out by hand, on the notices of 2025 and 2026."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from gis.errors import Invalid, Refused
from gis.worktime.model import HOUR_S, Day, Lamp, Limit, Session, Skipped, Unit, sessions_from
from gis.worktime.rules import WorkCalendar, lamp

ZONE = ZoneInfo("Asia/Shanghai")


def published(first: date, last: date) -> list[Day]:
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [
        Day(d, chinese_calendar.is_workday(d), chinese_calendar.get_holiday_detail(d)[1] or "")
        for d in days
    ]


CALENDAR = WorkCalendar(published(date(2025, 1, 1), date(2026, 12, 31)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def limit(text: str) -> Limit:
    value, unit = text.split()
    return Limit(Decimal(value), Unit(unit))


@pytest.mark.parametrize(
    ("start", "wanted", "due"),
    [
        ("2026-11-23 09:00", "4 working_hour", "2026-11-23 15:00"),  # over the lunch break
        ("2026-11-23 08:00", "4 working_hour", "2026-11-23 12:00"),  # ends with the session
        ("2026-11-23 12:30", "1 working_hour", "2026-11-23 15:00"),  # starts in the break
        ("2026-11-23 19:00", "1 working_hour", "2026-11-24 09:00"),  # starts in the evening
        ("2026-11-27 16:30", "4 working_hour", "2026-11-30 10:30"),  # over a weekend
        ("2026-11-23 10:00", "1 working_day", "2026-11-24 10:00"),
        ("2026-11-28 10:00", "1 working_day", "2026-11-30 18:00"),  # starts on a Saturday
        ("2026-11-27 17:00", "2 urgent_hour", "2026-11-27 19:00"),
        ("2026-11-27 23:00", "2 urgent_hour", "2026-11-28 01:00"),
        ("2026-11-27 17:00", "2 urgent_day", "2026-11-29 17:00"),
        ("2026-11-27 17:00", "3 calendar_day", "2026-11-30 17:00"),
        ("2026-11-23 08:00", "0.5 working_hour", "2026-11-23 08:30"),
        ("2026-11-28 10:00", "0 working_day", "2026-11-28 10:00"),  # nothing to do: at once
        # Saturday 14 February 2026 is a workday; Spring Festival is 15 to 23 February
        ("2026-02-14 16:00", "4 working_hour", "2026-02-24 10:00"),
        ("2026-02-13 17:30", "8 working_hour", "2026-02-14 17:30"),
        # National Day 1 to 7 October 2026; Sunday 20 September and Saturday 10 October are workdays
        ("2026-09-30 16:30", "4 working_hour", "2026-10-08 10:30"),
        ("2026-10-09 10:00", "1 working_day", "2026-10-10 10:00"),
        ("2026-09-18 10:00", "1 working_day", "2026-09-20 10:00"),
    ],
)
def test_a_deadline_is_what_a_person_would_count(start: str, wanted: str, due: str) -> None:
    result = CALENDAR.deadline(at(start), limit(wanted))
    assert result.due_at == at(due)
    assert not result.provisional


def test_the_notice_of_2026_is_what_the_state_council_published() -> None:
    moved = [d.day for d in published(date(2026, 1, 1), date(2026, 12, 31)) if d.is_workday]
    weekend = [f"{d:%m-%d}" for d in moved if d.weekday() >= 5]
    assert weekend == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_a_deadline_explains_its_skipped_and_moved_days() -> None:
    deadline = CALENDAR.deadline(at("2026-09-30 16:30"), limit("20 working_hour"))
    assert deadline.due_at == at("2026-10-10 10:30")
    why = CALENDAR.explain(deadline)
    assert why.skipped == (Skipped(date(2026, 10, 1), date(2026, 10, 7), "National Day"),)
    assert why.moved_workdays == (date(2026, 10, 10),)


def test_a_weekend_beside_a_holiday_is_named_apart() -> None:
    days = [Day(date(2026, 5, 1), False, "Labour Day")]
    days += [Day(date(2026, 5, n), n not in (2, 3)) for n in range(2, 9)]
    calendar = WorkCalendar(days)
    why = calendar.explain(calendar.deadline(at("2026-04-30 17:00"), limit("2 working_hour")))
    assert why.skipped == (
        Skipped(date(2026, 5, 1), date(2026, 5, 1), "Labour Day"),
        Skipped(date(2026, 5, 2), date(2026, 5, 3), ""),
    )


def test_a_continuous_limit_skips_nothing_and_is_never_provisional() -> None:
    deadline = CALENDAR.deadline(at("2027-02-05 16:00"), limit("2 urgent_day"))
    assert not deadline.provisional
    assert CALENDAR.explain(deadline).skipped == ()


@pytest.mark.parametrize(
    ("start", "wanted", "provisional"),
    [
        ("2026-12-31 09:00", "1 working_hour", False),
        ("2026-12-31 17:00", "4 working_hour", True),
        ("2027-03-01 09:00", "1 working_hour", True),
        ("2024-12-31 09:00", "1 working_hour", True),
    ],
)
def test_a_deadline_beyond_the_published_calendar_is_provisional(
    start: str, wanted: str, provisional: bool
) -> None:
    assert CALENDAR.deadline(at(start), limit(wanted)).provisional is provisional


def test_beyond_the_published_calendar_weekdays_count() -> None:
    deadline = CALENDAR.deadline(at("2026-12-31 17:00"), limit("4 working_hour"))
    assert deadline.due_at == at("2027-01-01 11:00")  # a Friday; the notice will move it
    assert WorkCalendar([]).deadline(at("2026-11-27 17:00"), limit("2 working_hour")) == (
        WorkCalendar([]).deadline(at("2026-11-27 17:00"), limit("2 working_hour"))
    )
    empty = WorkCalendar([]).deadline(at("2026-11-27 17:00"), limit("2 working_hour"))
    assert (empty.due_at, empty.provisional) == (at("2026-11-30 09:00"), True)


def test_a_deadline_years_outside_the_calendar_is_refused_with_the_range() -> None:
    with pytest.raises(Refused, match="2021"):
        WorkCalendar([Day(date(2017, 5, 1), True)]).deadline(
            at("2031-01-01 09:00"), limit("1 working_day")
        )
    with pytest.raises(Refused, match="Shorten it"):
        CALENDAR.deadline(at("2026-11-23 09:00"), limit("9999 working_day"))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="time zone"):
        CALENDAR.deadline(datetime(2026, 11, 23, 9), limit("1 working_hour"))


def test_another_time_zone_means_the_same_moment() -> None:
    utc = at("2026-11-23 09:00").astimezone(ZoneInfo("UTC"))
    assert CALENDAR.deadline(utc, limit("4 working_hour")).due_at == at("2026-11-23 15:00")


def test_what_is_left_after_a_pause_runs_on_the_same_clock() -> None:
    whole = limit("8 working_hour")
    start, paused, resumed = at("2026-11-23 16:00"), at("2026-11-24 11:00"), at("2026-12-01 14:00")
    left = CALENDAR.amount(whole) - CALENDAR.spent(start, paused, whole.unit)
    assert left == timedelta(hours=3)
    assert CALENDAR.deadline_after(resumed, left, whole).due_at == at("2026-12-01 17:00")
    assert CALENDAR.deadline_after(resumed, timedelta(hours=-1), whole).due_at == resumed


def test_a_working_day_is_the_length_of_the_districts_sessions() -> None:
    short = WorkCalendar([], (Session(9 * HOUR_S, 12 * HOUR_S), Session(13 * HOUR_S, 17 * HOUR_S)))
    assert short.workday_length == timedelta(hours=7)
    due = short.deadline(at("2026-11-23 10:00"), limit("1 working_day")).due_at
    assert due == at("2026-11-24 10:00")


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("2026-11-23 08:00", Lamp.GREEN),
        ("2026-11-23 16:00", Lamp.GREEN),  # exactly 80 %
        ("2026-11-23 16:01", Lamp.YELLOW),
        ("2026-11-23 18:00", Lamp.YELLOW),  # exactly the limit
        ("2026-11-23 18:01", Lamp.RED),
    ],
)
def test_a_lamp_turns_after_80_and_after_100_percent(now: str, colour: Lamp) -> None:
    assert lamp(at(now), at("2026-11-23 08:00"), at("2026-11-23 18:00")) is colour


def test_a_lamp_on_working_time_does_not_change_over_a_weekend() -> None:
    start, due = at("2026-11-27 08:00"), at("2026-11-30 18:00")  # two working days
    sunday = at("2026-11-29 23:00")
    assert lamp(sunday, start, due, calendar=CALENDAR) is Lamp.GREEN
    assert lamp(sunday, start, due, yellow_after=0.5) is Lamp.YELLOW
    assert lamp(at("2026-11-30 15:00"), start, due, calendar=CALENDAR) is Lamp.YELLOW


def test_a_lamp_of_no_time_at_all_is_green_until_due() -> None:
    assert (
        lamp(at("2026-11-23 08:00"), at("2026-11-23 08:00"), at("2026-11-23 08:00")) is Lamp.GREEN
    )


def test_sessions_of_a_setting_are_read_and_every_fault_is_named() -> None:
    read = sessions_from([["08:00", "12:00"], ["14:00", "24:00"]])
    assert read == (Session(8 * HOUR_S, 12 * HOUR_S), Session(14 * HOUR_S, 24 * HOUR_S))
    for wrong in (
        None,
        [],
        "08:00-12:00",
        [["8", "12:00"]],
        [["08:00", "25:00"]],
        [["08:61", "12:00"]],
    ):
        with pytest.raises(Invalid):
            sessions_from(wrong)
    with pytest.raises(Invalid) as caught:
        sessions_from([["14:00", "12:00"], ["11:00", "18:00"]])
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity"])
def test_a_limit_is_a_number_from_0_up(value: str) -> None:
    with pytest.raises(Invalid):
        Limit(Decimal(value), Unit.WORKING_DAY)


def test_a_limit_is_worded_in_both_languages() -> None:
    assert str(limit("4 working_hour").label) == "4 working hours"
    assert str(limit("1 working_day").label) == "1 working day"
    assert limit("10 working_day").label.zh == "10 工作日"
    assert limit("0.25 urgent_hour").label.zh == "0.25 紧急工作时"


def test_midnight_sessions_reach_the_next_day() -> None:
    night = WorkCalendar([], (Session(0, 24 * HOUR_S),))
    due = night.deadline(at("2026-11-23 23:00"), limit("2 working_hour")).due_at
    assert due == at("2026-11-24 01:00")
    ends = night.deadline(at("2026-11-23 23:00"), limit("1 working_hour")).due_at
    assert (ends.time(), ends.date()) == (time(0), date(2026, 11, 24))
