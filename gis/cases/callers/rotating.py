"""Changing the key: what was sealed under an older one is sealed again under the newest."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, Permission, require
from gis.cases.callers.merging import merge_callers
from gis.cases.callers.sealing import VERSION, Key, KeyRing
from gis.db.sqlfile import load_sql

AT_ONCE = 200
_OTHERS = load_sql(__package__, "callers_of_other_keys")
_TWIN = load_sql(__package__, "twin_of_caller")
_WRITE = text(
    "UPDATE caller SET name_cipher = :name_cipher, phone_cipher = :phone_cipher,"
    " phone_lookup = :phone_lookup, version = version + 1 WHERE id = :id"
)
_IN_USE = text(
    "SELECT convert_from(substring(s.sealed FROM 2 FOR 8), 'UTF8') AS key_id,"
    " count(DISTINCT k.id) AS callers"
    " FROM caller k CROSS JOIN LATERAL (VALUES (k.phone_cipher), (k.name_cipher)) s (sealed)"
    " WHERE s.sealed IS NOT NULL GROUP BY 1 ORDER BY 1"
)


def ring_with_new_key(conn: Connection, ring: KeyRing, *, actor: Actor, now: datetime) -> KeyRing:
    """
    A new key before those that still hold something; keys nobody needs are left out.

    The key that counted until now always stays for one more change: a call
    that is being taken at this moment may still be sealed under it.
    """
    require(actor, Permission.SYSTEM_WORK)
    used = keys_in_use(conn, actor=actor)
    kept = [key for key in ring.keys if key == ring.active or key.id in used]
    return KeyRing((Key.new(now), *kept))


def keys_in_use(conn: Connection, *, actor: Actor) -> dict[str, int]:
    """How many callers are sealed under each key, by its id."""
    require(actor, Permission.SYSTEM_WORK)
    return {row.key_id: row.callers for row in conn.execute(_IN_USE)}


def seal_again(
    conn: Connection, ring: KeyRing, *, actor: Actor, now: datetime, most: int = AT_ONCE
) -> int:
    """
    Seal callers of older keys under the newest; answers how many, at most `most`.

    A number that is kept under the newest key too, by a call taken meanwhile, becomes one caller.
    Call it again until there is none. Killed in the middle it has changed whole
    rows only and goes on where it was.

    Raises
    ------
    Unavailable
        When the key of a row is gone or the row was changed from outside.
    """
    require(actor, Permission.SYSTEM_WORK)
    head = VERSION + ring.active.id.encode()
    rows = conn.execute(_OTHERS, {"key_id": head, "most": most}).all()
    merged: set[int] = set()
    for row in rows:
        if row.id in merged:
            continue  # sealed anew when it took another one in
        phone = ring.open("phone", bytes(row.phone_cipher), row=bytes(row.phone_lookup))
        bound = ring.lookup(phone)
        twin = conn.execute(_TWIN, {"id": row.id, "phone_lookup": bound}).one_or_none()
        if twin is None:
            _seal(conn, ring, row, phone, bound)
        else:
            merge_callers(conn, ring, older=row, into=twin, actor=actor, now=now)
            merged.add(twin.id)
    return len(rows)


def _seal(conn: Connection, ring: KeyRing, row: Row[Any], phone: str, bound: bytes) -> None:
    was = bytes(row.phone_lookup)
    name = ring.open("name", bytes(row.name_cipher), row=was) if row.name_cipher else ""
    conn.execute(
        _WRITE,
        {
            "id": row.id,
            "name_cipher": ring.seal("name", name, row=bound) if name else None,
            "phone_cipher": ring.seal("phone", phone, row=bound),
            "phone_lookup": bound,
        },
    )
