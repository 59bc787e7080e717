"""Forgetting callers whose cases have long ended; the cases stay."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Permission, acting_role, require
from gis.audit import trail
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import load_sql

AT_ONCE = 500
_TO_FORGET = load_sql(__package__, "callers_to_forget")
_FORGET = load_sql(__package__, "forget_callers")
_WITH_NUMBER = text(
    "SELECT id FROM caller WHERE forgotten_at IS NULL ORDER BY id LIMIT :most FOR UPDATE"
)


def forget_old_callers(
    conn: Connection, *, actor: Actor, now: datetime, most: int = AT_ONCE
) -> int:
    """
    Remove name and number of callers whose last case ended `caller_keep_days` ago.

    A caller with an open case is kept. Answers how many were forgotten, at most
    `most`; call it again until there is none. The trail keeps that it was done,
    and which cases the caller rang about.

    Raises
    ------
    Forbidden
        For everybody but the system.
    """
    require(actor, Permission.SYSTEM_WORK)
    days = read_case_settings(conn).caller_keep_days
    params = {"before": now - timedelta(days=days), "most": most}
    ids = list(conn.execute(_TO_FORGET, params).scalars())
    return _forget(conn, actor, ids, "kept long enough", now)


def forget_everybody(conn: Connection, *, actor: Actor, now: datetime, most: int = AT_ONCE) -> int:
    """Remove what no key opens any more, after its loss; as `forget_old_callers`."""
    require(actor, Permission.SYSTEM_WORK)
    ids = list(conn.execute(_WITH_NUMBER, {"most": most}).scalars())
    return _forget(conn, actor, ids, "the key was lost", now)


def _forget(conn: Connection, actor: Actor, ids: list[int], why: str, now: datetime) -> int:
    done = list(conn.execute(_FORGET, {"ids": ids, "now": now}).scalars()) if ids else []
    for caller_id in done:
        trail.record(
            conn,
            subject_type="caller",
            subject_id=caller_id,
            actor_id=actor.person_id,
            role=acting_role(actor, Permission.SYSTEM_WORK),
            action="forgotten",
            at=now,
            data={"why": why},
        )
    return len(done)
