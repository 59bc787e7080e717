"""The calendar in the database: seeded, edited, read back as a clock."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from gis.db.settings import write_setting
from gis.errors import Invalid, Refused
from gis.worktime.commands import published_years, seed_calendar
from gis.worktime.model import Limit, Skipped, Unit
from gis.worktime.queries import day_sessions, work_calendar
from gis.worktime.tables import workday

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = Limit(Decimal(4), Unit.WORKING_HOUR)


@pytest.fixture
def seeded(conn: Connection) -> Connection:
    conn.execute(workday.delete())
    seed_calendar(conn, [2025, 2026])
    return conn


def test_every_day_of_the_years_asked_for_is_written_once(seeded: Connection) -> None:
    assert seeded.execute(select(func.count()).select_from(workday)).scalar_one() == 730
    assert seed_calendar(seeded, [2026, 2026]) == 365
    assert seeded.execute(select(func.count()).select_from(workday)).scalar_one() == 730


def test_a_day_knows_its_source_its_occasion_and_its_notice(seeded: Connection) -> None:
    rows = {
        row.day: row
        for row in seeded.execute(select(workday).where(workday.c.day >= date(2026, 10, 1)))
    }
    assert rows[date(2026, 10, 1)].source == "C01 · National Day"
    assert rows[date(2026, 10, 1)].published_on == date(2025, 11, 4)
    assert rows[date(2026, 11, 23)].source == "C01"


def test_a_year_without_a_notice_is_refused_and_nothing_is_guessed(conn: Connection) -> None:
    with pytest.raises(Refused, match=f"2004 to {published_years()[-1]}"):
        seed_calendar(conn, [2026, published_years()[-1] + 1])
    assert seed_calendar(conn, []) == 0


def test_a_day_set_by_the_district_survives_another_seeding(seeded: Connection) -> None:
    storm = date(2026, 7, 20)
    seeded.execute(
        workday.update()
        .where(workday.c.day == storm)
        .values(is_workday=False, source="district · Flood alarm")
    )
    seed_calendar(seeded, [2026])
    calendar = work_calendar(seeded)
    assert not calendar.is_workday(storm)
    deadline = calendar.deadline(datetime(2026, 7, 17, 17, tzinfo=ZONE), HOURS)
    assert deadline.due_at == datetime(2026, 7, 21, 11, tzinfo=ZONE)
    assert calendar.explain(deadline).skipped[-1] == Skipped(storm, storm, "Flood alarm")


def test_a_deadline_from_the_database_skips_the_national_day(seeded: Connection) -> None:
    calendar = work_calendar(seeded)
    deadline = calendar.deadline(datetime(2026, 9, 30, 8, 30, tzinfo=UTC), HOURS)
    assert deadline.due_at == datetime(2026, 10, 8, 10, 30, tzinfo=ZONE)
    assert not deadline.provisional
    [skipped] = calendar.explain(deadline).skipped
    assert skipped == Skipped(date(2026, 10, 1), date(2026, 10, 7), "National Day")


def test_without_any_calendar_every_deadline_is_provisional(conn: Connection) -> None:
    conn.execute(workday.delete())
    assert work_calendar(conn).deadline(datetime(2026, 9, 30, 8, tzinfo=UTC), HOURS).provisional


def test_the_sessions_of_the_district_are_a_setting(seeded: Connection) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    write_setting(seeded, "worktime.sessions", [["09:00", "17:00"]], now, None)
    assert [(s.start_s, s.end_s) for s in day_sessions(seeded)] == [(9 * 3600, 17 * 3600)]
    due = work_calendar(seeded).deadline(datetime(2026, 11, 23, 14, tzinfo=ZONE), HOURS).due_at
    assert due == datetime(2026, 11, 24, 10, tzinfo=ZONE)
    write_setting(seeded, "worktime.sessions", json.loads('[["17:00", "09:00"]]'), now, None)
    with pytest.raises(Invalid):
        day_sessions(seeded)
