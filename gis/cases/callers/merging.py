"""Two rows of one number become one: a call during a change of keys may have made a second."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, Permission, acting_role
from gis.audit import trail
from gis.cases.callers.sealing import KeyRing
from gis.db.sqlfile import load_sql

_CALLS = load_sql(__package__, "merge_calls")
_CALL_BACKS = load_sql(__package__, "merge_call_backs")
_NUMBER = load_sql(__package__, "number_call_backs")
_REPLIES = load_sql(__package__, "merge_replies")
_EMPTY = text(
    "UPDATE caller SET name_cipher = NULL, phone_cipher = NULL, phone_lookup = NULL,"
    " phone_masked = '', forgotten_at = :now, changed_at = :now, version = version + 1"
    " WHERE id = :id"
)
_KEEP = text(
    "UPDATE caller k SET name_cipher = :name_cipher, phone_cipher = :phone_cipher,"
    " created_at = least(k.created_at, o.created_at),"
    " changed_at = greatest(k.changed_at, o.changed_at), version = k.version + 1"
    " FROM caller o WHERE k.id = :id AND o.id = :older_id"
)


def merge_callers(
    conn: Connection,
    ring: KeyRing,
    *,
    older: Row[Any],
    into: Row[Any],
    actor: Actor,
    now: datetime,
) -> None:
    """
    Give everything of `older` to `into`, the row of the same number under the newest key.

    Both rows are held. Calls, call-backs and replies move, and with the calls who follows which
    case; what both have of one case is kept once. The name is the one of the row that was changed
    last. The older row stays empty, since its trail stays: it says which row goes on.
    """
    bound = bytes(into.phone_lookup)
    phone = ring.open("phone", bytes(into.phone_cipher), row=bound)
    newest, other = sorted((into, older), key=lambda row: row.changed_at, reverse=True)
    name = _name(ring, newest) or _name(ring, other)
    both = {"from_id": older.id, "into_id": into.id}
    conn.execute(_CALLS, both)
    conn.execute(_CALL_BACKS, both)
    conn.execute(_NUMBER, {"caller_id": into.id})
    conn.execute(_REPLIES, both)
    conn.execute(
        _KEEP,
        {
            "id": into.id,
            "older_id": older.id,
            "name_cipher": ring.seal("name", name, row=bound) if name else None,
            "phone_cipher": ring.seal("phone", phone, row=bound),
        },
    )
    conn.execute(_EMPTY, {"id": older.id, "now": now})
    _record(conn, actor, older.id, {"into": into.id}, now)
    _record(conn, actor, into.id, {"from": older.id}, now)


def _name(ring: KeyRing, row: Row[Any]) -> str:
    if row.name_cipher is None:
        return ""
    return ring.open("name", bytes(row.name_cipher), row=bytes(row.phone_lookup))


def _record(
    conn: Connection, actor: Actor, caller_id: int, data: dict[str, int], now: datetime
) -> None:
    trail.record(
        conn,
        subject_type="caller",
        subject_id=caller_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.SYSTEM_WORK),
        action="merged",
        at=now,
        data=data,
    )
