"""Reading the working calendar."""

from sqlalchemy import Connection, select

from gis.db.settings import read_setting
from gis.worktime.model import DEFAULT_SESSIONS, Day, Session, sessions_from
from gis.worktime.rules import WorkCalendar
from gis.worktime.tables import SEPARATOR, workday

SESSIONS_SETTING = "worktime.sessions"


def work_calendar(conn: Connection) -> WorkCalendar:
    """
    The calendar of the district: all published days and the sessions of its setting.

    Build it once per request or job and keep it: reading 20 years takes about
    20 ms, a deadline some microseconds.
    """
    rows = conn.execute(select(workday).order_by(workday.c.day))
    days = [Day(row.day, row.is_workday, row.source.partition(SEPARATOR)[2]) for row in rows]
    return WorkCalendar(days, day_sessions(conn))


def day_sessions(conn: Connection) -> tuple[Session, ...]:
    """The sessions of a workday: the district's setting, else 08:00–12:00 and 14:00–18:00."""
    value = read_setting(conn, SESSIONS_SETTING)
    return DEFAULT_SESSIONS if value is None else sessions_from(value)
