"""The year of the calendar page."""

from datetime import date

from gis.worktime.queries import CalendarDay
from gis.worktime.year import DayKind, months, shown_year, special


def test_a_day_is_what_its_row_says_and_guessed_without_one() -> None:
    rows = [
        CalendarDay(date(2026, 10, day), works, source, None)
        for day, works, source in (
            (1, False, "C01 · National Day"),
            (3, False, "C01"),
            (10, True, "C01 · National Day"),
            (12, True, "C01"),
            (13, False, "OWN · Storm"),
        )
    ]
    days = {day.day: day for day in shown_year(2026, rows)}
    kinds = [days[row.day].kind for row in rows]
    assert kinds == [
        DayKind.HOLIDAY, DayKind.WEEKEND, DayKind.MOVED, DayKind.WORKDAY, DayKind.HOLIDAY,
    ]  # fmt: skip
    assert [days[row.day].own for row in rows] == [False, False, False, False, True]
    guessed = days[date(2026, 10, 14)]
    assert (guessed.kind, guessed.works, days[date(2026, 10, 17)].works) == (
        DayKind.GUESSED, True, False,
    )  # fmt: skip
    assert len(days) == 365 and len(special(list(days.values()))) == 3


def test_months_have_weeks_that_begin_on_monday() -> None:
    shown = months(shown_year(2024, []))
    assert len(shown) == 12 and sum(day is not None for m in shown for w in m for day in w) == 366
    february = shown[1]
    assert [day.day.day for day in february[0] if day] == [1, 2, 3, 4]
    assert all(len(week) == 7 for month in shown for week in month)
