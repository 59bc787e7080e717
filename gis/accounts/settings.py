"""Changing what is called a setting, with its trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.audit import trail
from gis.db.settings import read_setting, write_setting

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('setting'))")


def require_whole_district(conn: Connection, actor: Actor, permission: Permission) -> None:
    """
    Go on only with a right whose area is the whole district: what follows counts everywhere.

    Raises
    ------
    Forbidden
        Without the right, or with posts over a part of the district only.
    """
    require(actor, permission)
    require_area(actor, str(read_setting(conn, "district_code")))


def hold_settings(conn: Connection) -> None:
    """Let changes of settings come one after the other until this transaction ends."""
    conn.execute(_LOCK)


def write_with_trail(
    conn: Connection, *, actor: Actor, key: str, value: Any, default: Any, now: datetime
) -> None:
    """
    Write a value that was checked already; `default` is what counted while it was not set.

    Changes come one after the other, so that each trail entry says what really stood before.

    Raises
    ------
    Forbidden
        Without the right to change rules, or with posts over a part of the district only.
    """
    require_whole_district(conn, actor, Permission.MANAGE_RULES)
    hold_settings(conn)
    stored = read_setting(conn, key)
    write_setting(conn, key, value, now, actor.person_id)
    trail.record(
        conn,
        subject_type="settings",
        subject_id=int(read_setting(conn, "district_code")),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_RULES),
        action="changed",
        at=now,
        data={"key": key, "was": default if stored is None else stored, "is": value},
    )
