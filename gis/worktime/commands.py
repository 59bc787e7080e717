"""Filling the working calendar from the published holiday notices."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from gis.config import CHECKOUT
from gis.errors import Refused
from gis.i18n import N_
from gis.worktime.tables import SEPARATOR, workday

SOURCE = "C01"
"""The source list's name for the notices as chinesecalendar holds them."""
NOTICES = CHECKOUT / "data" / "worktime" / "notices.csv"
"""When the notices were published, as far as known."""


def published_years() -> range:
    """The years whose holiday notice the pinned chinesecalendar holds."""
    days = chinese_calendar.holidays
    return range(min(days).year, max(days).year + 1)


def seed_calendar(conn: Connection, years: Iterable[int]) -> int:
    """
    Write every day of these years; running it again changes nothing.

    A day that an administrator set (another source) keeps what it says.

    Returns
    -------
    Days of these years.

    Raises
    ------
    Refused
        When the notice of a year is not known; nothing is guessed.
    """
    wanted = sorted(set(years))
    known = published_years()
    unknown = [str(year) for year in wanted if year not in known]
    if unknown:
        raise Refused(
            N_("No holiday notice is known for {years}; known: {first} to {last}."),
            years=", ".join(unknown),
            first=known[0],
            last=known[-1],
        )
    published = _published_on()
    rows = [_row(day, published.get(year)) for year in wanted for day in _days_of(year)]
    if not rows:
        return 0
    statement = insert(workday)
    new = statement.excluded
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["day"],
            set_={c: new[c] for c in ("is_workday", "source", "published_on")},
            where=workday.c.source.startswith(SOURCE),
        ),
        rows,
    )
    return len(rows)


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))


def _row(day: date, published_on: date | None) -> dict[str, object]:
    _, occasion = chinese_calendar.get_holiday_detail(day)
    return {
        "day": day,
        "is_workday": chinese_calendar.is_workday(day),
        "source": SEPARATOR.join([SOURCE, occasion]) if occasion else SOURCE,
        "published_on": published_on,
    }


def _published_on() -> dict[int, date]:
    with NOTICES.open(encoding="utf-8", newline="") as stream:
        return {
            int(row["year"]): date.fromisoformat(row["published_on"])
            for row in csv.DictReader(stream)
        }
