"""A deadline explains itself in both languages."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from gis.worktime.model import Day, Limit, Unit
from gis.worktime.rules import WorkCalendar
from gis.worktime.screen import deadline_in_words

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 1, 1)
CALENDAR = WorkCalendar(
    Day(d, chinese_calendar.is_workday(d), chinese_calendar.get_holiday_detail(d)[1] or "")
    for d in (FIRST + timedelta(n) for n in range(365))
)


def words(start: str, value: str, unit: Unit, locale: str) -> str:
    at = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    deadline = CALENDAR.deadline(at, Limit(Decimal(value), unit))
    return deadline_in_words(CALENDAR.explain(deadline), locale)


@pytest.mark.parametrize(
    ("start", "value", "unit", "english", "chinese"),
    [
        (
            "2026-09-30 16:30",
            "4",
            Unit.WORKING_HOUR,
            "Wed 30 Sept 16:30 + 4 working hours, National Day 1–7 Oct skipped → Thu 8 Oct 10:30",
            "9月30日 周三 16:30 起 4 工作时，跳过国庆节 10月1日–7日 → 10月8日 周四 10:30",
        ),
        (
            "2026-10-09 10:00",
            "2",
            Unit.WORKING_DAY,
            "Fri 9 Oct 10:00 + 2 working days, weekend 11 Oct skipped, "
            "10 Oct counted (moved workday) → Mon 12 Oct 10:00",
            "10月9日 周五 10:00 起 2 工作日，跳过周末 10月11日，10月10日调休上班计入"
            " → 10月12日 周一 10:00",
        ),
        (
            "2026-11-23 09:00",
            "1",
            Unit.WORKING_HOUR,
            "Mon 23 Nov 09:00 + 1 working hour → Mon 23 Nov 10:00",
            "11月23日 周一 09:00 起 1 工作时 → 11月23日 周一 10:00",
        ),
        (
            "2026-10-01 23:00",
            "2",
            Unit.URGENT_HOUR,
            "Thu 1 Oct 23:00 + 2 urgent hours → Fri 2 Oct 01:00",
            "10月1日 周四 23:00 起 2 紧急工作时 → 10月2日 周五 01:00",
        ),
    ],
)
def test_a_deadline_is_told_in_one_sentence(
    start: str, value: str, unit: Unit, english: str, chinese: str
) -> None:
    assert words(start, value, unit, "en") == english
    assert words(start, value, unit, "zh-CN") == chinese


def test_a_run_over_the_end_of_a_month_names_both_months() -> None:
    told = words("2026-10-30 17:00", "2", Unit.WORKING_HOUR, "en")
    assert "weekend 31 Oct–1 Nov skipped" in told
    assert "周末 10月31日–11月1日" in words("2026-10-30 17:00", "2", Unit.WORKING_HOUR, "zh-CN")


def test_a_provisional_deadline_says_so() -> None:
    told = words("2026-12-31 17:00", "4", Unit.WORKING_HOUR, "en")
    assert told.endswith("(provisional: no holiday notice for these days yet)")
    assert "暂定" in words("2026-12-31 17:00", "4", Unit.WORKING_HOUR, "zh-CN")
