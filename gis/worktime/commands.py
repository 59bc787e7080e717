"""Filling the working calendar from the published holiday notices, and editing its days."""

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar
from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.postgresql import insert

from gis.accounts.model import Actor, Permission, acting_role
from gis.accounts.settings import require_whole_district
from gis.audit import trail
from gis.config import CHECKOUT
from gis.errors import Conflict, Invalid, Refused, fault
from gis.i18n import N_
from gis.worktime.tables import SEPARATOR, calendar_edit, workday

SOURCE = "C01"
"""The source list's name for the notices as chinesecalendar holds them."""
NOTICES = CHECKOUT / "data" / "worktime" / "notices.csv"
"""When the notices were published, as far as known."""
OWN_SOURCE = "OWN"
"""The source of a day that somebody set without naming a document."""
TRAIL = "calendar"
"""Subject type of the calendar's trail; a year is a subject."""
REASON_MOST, SOURCE_MOST = 200, 100
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('workday'))")


def published_years() -> range:
    """The years whose holiday notice the pinned chinesecalendar holds."""
    days = chinese_calendar.holidays
    return range(min(days).year, max(days).year + 1)


def seed_calendar(conn: Connection, years: Iterable[int], *, now: datetime | None = None) -> int:
    """
    Write every day of these years; running it again changes nothing.

    A day that an administrator set (another source) keeps what it says. With `now` the days that
    are new or different are noted, so that running deadlines follow.

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
    changed = _differing(conn, rows) if now else []
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
    if changed and now:
        _note_edit(conn, changed[0], changed[-1], None, now)
    return len(rows)


def set_day(
    conn: Connection,
    *,
    actor: Actor,
    day: date,
    is_workday: bool,
    reason: str,
    source: str = "",
    expected_source: str | None = None,
    now: datetime,
) -> None:
    """
    Make a day a workday or a day off, with the reason that deadlines will name.

    `source` is the document it follows; without one the day counts as our own. It stays as set
    when notices are loaded again. Running deadlines over the day are recomputed by the worker,
    within a minute or two. `expected_source` is the source the day was read with.

    Raises
    ------
    Forbidden, Invalid, Conflict
        Without the right to change rules; words that are missing or too long, all of them named;
        when somebody else has set the day meanwhile.
    """
    require_whole_district(conn, actor, Permission.MANAGE_RULES)
    reason, source = " ".join(reason.split()), " ".join(source.split()) or OWN_SOURCE
    _check_words(reason, source)
    said = {"is_workday": is_workday, "source": SEPARATOR.join([source, reason])}
    _write_day(conn, actor, day, said, expected_source, now)


def restore_day(
    conn: Connection, *, actor: Actor, day: date, expected_source: str | None = None, now: datetime
) -> None:
    """
    Let a day say again what the published notice says.

    Raises
    ------
    Forbidden, Refused, Conflict
        Refused where no notice of that year is known.
    """
    require_whole_district(conn, actor, Permission.MANAGE_RULES)
    if day.year not in published_years():
        raise Refused(
            N_("No holiday notice is known for {years}; known: {first} to {last}."),
            years=day.year,
            first=published_years()[0],
            last=published_years()[-1],
        )
    row = _row(day, _published_on().get(day.year))
    said = {name: row[name] for name in ("is_workday", "source", "published_on")}
    _write_day(conn, actor, day, said, expected_source, now)


def _check_words(reason: str, source: str) -> None:
    faults = []
    if not reason or len(reason) > REASON_MOST:
        faults.append(
            fault("reason", N_("Say why, in at most {most} characters."), most=REASON_MOST)
        )
    if len(source) > SOURCE_MOST or SEPARATOR.strip() in source or source.startswith(SOURCE):
        message = N_("Name the document in at most {most} characters, without “{sign}”; {own} is"
                     " kept for the published notices.")  # fmt: skip
        faults.append(
            fault("source", message, most=SOURCE_MOST, sign=SEPARATOR.strip(), own=SOURCE)
        )
    if faults:
        raise Invalid(N_("The day cannot be set like this."), faults=faults)


def _write_day(
    conn: Connection,
    actor: Actor,
    day: date,
    said: dict[str, Any],
    expected_source: str | None,
    now: datetime,
) -> None:
    conn.execute(_LOCK)
    before: Row[Any] | None = conn.execute(
        select(workday).where(workday.c.day == day)
    ).one_or_none()
    stands = before.source if before else ""
    if expected_source is not None and expected_source != stands:
        raise Conflict(
            N_("Somebody else has set {day} meanwhile; it now says: {source}. Look at it again."),
            day=day,
            source=stands or "–",
        )
    values = {"day": day, "published_on": None, **said}
    statement = insert(workday).values(values)
    conn.execute(statement.on_conflict_do_update(index_elements=["day"], set_=values))
    trail.record(
        conn,
        subject_type=TRAIL,
        subject_id=day.year,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_RULES),
        action="day_set",
        at=now,
        data={
            "day": day,
            "was": before.is_workday if before else None,
            "was_source": stands,
            "is": said["is_workday"],
            "source": said["source"],
        },
    )
    _note_edit(conn, day, day, actor.person_id, now)


def _note_edit(conn: Connection, first: date, last: date, by: int | None, now: datetime) -> None:
    """Leave a note for the worker: deadlines over these days are to follow."""
    conn.execute(
        calendar_edit.insert().values(first_day=first, last_day=last, made_at=now, made_by=by)
    )


def _differing(conn: Connection, rows: list[dict[str, Any]]) -> list[date]:
    """The days that seeding adds or changes, in order."""
    stands = {
        row.day: (row.is_workday, row.source)
        for row in conn.execute(select(workday).where(workday.c.day >= rows[0]["day"]))
    }
    return [
        row["day"]
        for row in rows
        if row["day"] not in stands
        or (
            stands[row["day"]] != (row["is_workday"], row["source"])
            and stands[row["day"]][1].startswith(SOURCE)
        )
    ]


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
