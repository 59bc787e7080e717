"""The calendar that seeds ours against another one, made by other people from the same notices."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from gis.worktime.commands import published_years

YEARS = range(2015, published_years()[-1] + 1)


@pytest.mark.parametrize("year", YEARS)
def test_both_calendars_name_the_same_days_off(year: int) -> None:
    known = holidays.country_holidays("CN", years=year)
    worked = known.weekend_workdays
    first = date(year, 1, 1)
    differing = [
        day
        for day in (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))
        if chinese_calendar.is_workday(day)
        != (day in worked or (day.weekday() < 5 and day not in known))
    ]
    assert differing == []
