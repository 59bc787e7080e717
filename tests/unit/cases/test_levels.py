"""Levels of a clock: how settings write them and when they are reached."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gis.accounts.model import Role
from gis.cases.clocks.levels import Level, level_from, levels_from, reached_at
from gis.cases.clocks.setting_rules import CLOCK_CHECKS
from gis.cases.settings import CaseSettings
from gis.cases.workflow import STAGE_LIMITS
from gis.worktime.model import DEFAULT_SESSIONS, Limit, Unit, limit_from, sessions_from
from gis.worktime.queries import SESSIONS_DEFAULT
from gis.worktime.rules import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(())
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("yellow:handler", Level(Decimal("0.8"), 0 * HOUR, Role.HANDLER, "yellow:handler")),
        ("50%:handler", Level(Decimal("0.5"), 0 * HOUR, Role.HANDLER, "50%:handler")),
        ("red:dispatcher", Level(Decimal(1), 0 * HOUR, Role.DISPATCHER, "red:dispatcher")),
        ("red+3h:arbiter", Level(Decimal(1), 3 * HOUR, Role.ARBITER, "red+3h:arbiter")),
        (
            "red+2d:centre_leader",
            Level(Decimal(1), 48 * HOUR, Role.CENTRE_LEADER, "red+2d:centre_leader"),
        ),
    ],
)
def test_a_level_is_a_share_or_a_time_after_the_limit(words: str, level: Level) -> None:
    assert level_from(words, 80) == level


@pytest.mark.parametrize(
    "words",
    ["", "yellow", "red:", "red:nobody", "red:system", "100%:handler", "0%:handler",
     "red+0h:handler", "red+1w:handler", "red +1h:handler", "٥%:handler", "RED:handler"],
)  # fmt: skip
def test_what_is_no_level_is_told(words: str) -> None:
    assert level_from(words, 80) is None
    assert not CLOCK_CHECKS["overdue_levels"](f"red:handler, {words or 'x'}")


def test_levels_stand_in_the_order_they_are_reached() -> None:
    found = levels_from(("red+1d:arbiter", "yellow:handler", "red:dispatcher"), 80)
    assert [level.role for level in found] == [Role.HANDLER, Role.DISPATCHER, Role.ARBITER]
    assert not CLOCK_CHECKS["overdue_levels"]("red:handler, red:arbiter"), "two at one moment"


def test_a_share_counts_on_the_limits_own_clock() -> None:
    # Friday 13 November 2026, 16:00, and 8 working hours: due on Monday at 16:00
    limit = Limit(Decimal(8), Unit.WORKING_HOUR)
    due = CALENDAR.deadline(datetime(2026, 11, 13, 16, tzinfo=ZONE), limit).due_at
    half = reached_at(Level(Decimal("0.5"), 0 * HOUR, Role.HANDLER, ""), due, limit, CALENDAR)
    late = reached_at(Level(Decimal(1), 24 * HOUR, Role.ARBITER, ""), due, limit, CALENDAR)
    assert due == datetime(2026, 11, 16, 16, tzinfo=ZONE)
    assert half == datetime(2026, 11, 16, 10, tzinfo=ZONE)
    assert late == datetime(2026, 11, 17, 16, tzinfo=ZONE)
    plain = Limit(Decimal(10), Unit.URGENT_HOUR)
    yellow = reached_at(Level(Decimal("0.8"), 0 * HOUR, Role.HANDLER, ""), due, plain, CALENDAR)
    assert yellow == due - 2 * HOUR


def test_the_settings_of_stages_begin_as_their_table() -> None:
    settings = CaseSettings()
    for name, row in STAGE_LIMITS.items():
        limit = limit_from(getattr(settings, f"stage_limit_{name}"))
        assert limit == Limit(row.value, Unit(row.unit)), name
    assert sessions_from(list(SESSIONS_DEFAULT)) == DEFAULT_SESSIONS
    assert len(levels_from(settings.overdue_levels, 80)) == len(settings.overdue_levels)
    assert len(levels_from(settings.stage_overdue_levels, 80)) == 2


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("stage_limit_filing", "4 working_hour", "4 weeks"),
        ("stage_limit_filing", "0.25 urgent_hour", "0 urgent_hour"),
        ("yellow_percent", "75", "100"),
        ("worktime.sessions", "08:30-12:00, 13:00-17:30", "12:00-08:00"),
        ("stage_overdue_levels", "", "red"),
    ],
)
def test_a_setting_is_checked_before_it_is_kept(key: str, good: str, bad: str) -> None:
    assert CLOCK_CHECKS[key](good)
    assert not CLOCK_CHECKS[key](bad)
