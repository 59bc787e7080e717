"""Reading the working calendar."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, text

from gis.accounts.model import Actor, Permission, require
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


@dataclass(frozen=True, slots=True)
class DayEdit:
    """An edit of a day: who made it what, and what it was."""

    at: datetime
    who: str | None
    """None: the product itself."""
    day: date
    was: bool | None
    """Whether it was a workday; None: the day had no row."""
    was_source: str
    now: bool
    source: str


_EDITS = text(
    "SELECT e.at, p.name AS who, e.data FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
    " WHERE e.subject_type = 'calendar' AND e.subject_id = :year"
    " ORDER BY e.seq DESC LIMIT :most"
)


def day_history(conn: Connection, *, actor: Actor, year: int, most: int = 200) -> list[DayEdit]:
    """
    The edits of a year's days, newest first.

    Raises
    ------
    Forbidden
        Without the right to change rules: the trail names people.
    """
    require(actor, Permission.MANAGE_RULES)
    return [
        DayEdit(
            row.at,
            row.who,
            date.fromisoformat(row.data["day"]),
            row.data["was"],
            row.data["was_source"],
            row.data["is"],
            row.data["source"],
        )
        for row in conn.execute(_EDITS, {"year": year, "most": most})
    ]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the published calendar, as the calendar page shows it."""

    day: date
    is_workday: bool
    source: str
    """The document, with the occasion after it."""
    published_on: date | None

    @property
    def occasion(self) -> str:
        """The holiday's name or the reason; empty on ordinary days."""
        return self.source.partition(SEPARATOR)[2]


def days_of_year(conn: Connection, year: int) -> list[CalendarDay]:
    """Every published day of a year, in order; empty where the year is not published."""
    rows = conn.execute(
        select(workday)
        .where(workday.c.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(workday.c.day)
    )
    return [CalendarDay(row.day, row.is_workday, row.source, row.published_on) for row in rows]


def day_sessions(conn: Connection) -> tuple[Session, ...]:
    """The sessions of a workday: the district's setting, else 08:00–12:00 and 14:00–18:00."""
    value = read_setting(conn, SESSIONS_SETTING)
    return DEFAULT_SESSIONS if value is None else sessions_from(value)
