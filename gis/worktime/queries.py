"""Reading the working calendar."""

from datetime import date

from sqlalchemy import Connection, select

from gis.db.settings import read_setting
from gis.worktime.model import DEFAULT_SESSIONS, Day, Session, sessions_from
from gis.worktime.rules import WorkCalendar
from gis.worktime.tables import SEPARATOR, workday

SESSIONS_SETTING = "worktime.sessions"
SESSIONS_DEFAULT = ("08:00-12:00", "14:00-18:00")
"""`DEFAULT_SESSIONS` as the setting writes them."""


def work_calendar(conn: Connection, since: date | None = None) -> WorkCalendar:
    """
    The calendar of the district: its published days and the sessions of its setting.

    Name the day of the earliest moment you will ask about in `since`: a year
    of days reads in 3 ms, all 23 years in 30. A deadline takes microseconds,
    so keep the calendar for a whole request or job.
    """
    statement = select(workday).order_by(workday.c.day)
    if since is not None:
        statement = statement.where(workday.c.day >= since)
    days = [
        Day(row.day, row.is_workday, row.source.partition(SEPARATOR)[2])
        for row in conn.execute(statement)
    ]
    return WorkCalendar(days, day_sessions(conn))


def day_sessions(conn: Connection) -> tuple[Session, ...]:
    """The sessions of a workday: the district's setting, else 08:00–12:00 and 14:00–18:00."""
    value = read_setting(conn, SESSIONS_SETTING)
    return DEFAULT_SESSIONS if value is None else sessions_from(value)
