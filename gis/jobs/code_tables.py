"""The code tables and the working calendar that ship with the product, written when they change."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gis.config import CHECKOUT
from gis.db.settings import DEFAULTS, read_setting, write_setting
from gis.standards.commands import seed_standards
from gis.worktime.commands import published_years, seed_calendar

KEY = "code_tables"
FOLDERS = ("standards", "worktime")
CALENDAR_YEARS_BACK = 2


def shipped() -> str:
    """A hash of everything that is seeded."""
    digest = hashlib.sha256(str(published_years()).encode())
    for folder in FOLDERS:
        for file in sorted((CHECKOUT / "data" / folder).glob("*.csv")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def are_current(conn: Connection) -> bool:
    """Whether this version's tables have been written."""
    return bool(read_setting(conn, KEY, "") == shipped())


def write(conn: Connection, *, now: datetime) -> None:
    """
    Write code tables and calendar as the role that owns them.

    The calendar reaches two years back, for the deadlines of cases that are still open, and as
    far ahead as official notices are published.
    """
    seed_standards(conn)
    this_year = now.astimezone(ZoneInfo(DEFAULTS["time_zone"])).year
    years = (y for y in published_years() if y >= this_year - CALENDAR_YEARS_BACK)
    seed_calendar(conn, years, now=now)
    write_setting(conn, KEY, shipped(), now, None)
