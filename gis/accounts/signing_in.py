"""Signing in with a password: what may be tried, what a failure costs, when it opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from gis.accounts.sessions import open_session
from gis.accounts.tables import person
from gis.audit import trail
from gis.db.settings import read_settings_of
from gis.errors import Refused
from gis.i18n import N_

LOGIN_MOST = 100


@dataclass(frozen=True)
class Credentials:
    """What is stored about a login; `person_id` None when nobody has it."""

    person_id: int | None
    password_hash: str | None


def credentials_of(conn: Connection, login: str) -> Credentials:
    """
    The stored hash of a login, to be verified outside any transaction.

    Verification takes ~60 ms of a core: no connection is held meanwhile.
    """
    if "\x00" in login:  # PostgreSQL's text cannot hold it, so nobody is called that
        return Credentials(None, None)
    row = conn.execute(
        select(person.c.id, person.c.password_hash).where(
            person.c.login == login[:LOGIN_MOST], person.c.active
        )
    ).one_or_none()
    return Credentials(None, None) if row is None else Credentials(row.id, row.password_hash)


def refusal(failures: int, minutes: int) -> Refused:
    """One answer for a wrong login, a wrong password and a locked account."""
    return Refused(
        N_(
            "Login and password do not match. After {failures} failures in a row an account"
            " stays locked for {minutes} minutes; an administrator can set a new password."
        ),
        failures=failures,
        minutes=minutes,
    )


def finish(
    conn: Connection, known: Credentials, *, matches: bool, now: datetime, user_agent: str = ""
) -> tuple[str, datetime] | None:
    """
    Count the attempt and open a session if it was right; None: it was not.

    The row is locked, so that parallel guesses are counted one after the other, and the lock
    is looked at again: the right password does not open a locked account. The caller commits
    also when the answer is None, or failures would not count.
    """
    if known.person_id is None:
        return None
    limits = read_settings_of(conn, "lockout_failures", "lockout_minutes")
    row = conn.execute(
        select(person.c.failed_count, person.c.locked_until, person.c.active)
        .where(person.c.id == known.person_id)
        .with_for_update()
    ).one()
    locked = row.locked_until is not None and row.locked_until > now
    if locked or not row.active:
        return None
    if not matches:
        _count_failure(conn, known.person_id, row.failed_count + 1, limits, now)
        return None
    conn.execute(
        update(person)
        .where(person.c.id == known.person_id)
        .values(failed_count=0, locked_until=None)
    )
    _note(conn, known.person_id, "signed_in", now)
    return open_session(conn, person_id=known.person_id, now=now, user_agent=user_agent)


def _count_failure(
    conn: Connection, person_id: int, failures: int, limits: dict[str, int], now: datetime
) -> None:
    lock = failures >= limits["lockout_failures"]
    until = now + timedelta(minutes=float(limits["lockout_minutes"])) if lock else None
    conn.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(failed_count=0 if lock else failures, locked_until=until)
    )
    _note(conn, person_id, "locked_out" if lock else "sign_in_failed", now)


def _note(conn: Connection, person_id: int, action: str, now: datetime) -> None:
    trail.record(
        conn,
        subject_type="person",
        subject_id=person_id,
        actor_id=person_id,
        role="",
        action=action,
        at=now,
    )
