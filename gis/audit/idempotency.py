"""Requests that a client may send twice: one key, one effect, one answer."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from gis.errors import Conflict, Invalid, fault
from gis.i18n import N_

KEY_MOST = 200
NOBODY = 0
"""Stands for the system, which has no person id."""

_CLAIM = text(
    "INSERT INTO idempotency_key (person_id, key, request_hash, created_at)"
    " VALUES (:person_id, :key, :request_hash, :now)"
    " ON CONFLICT DO NOTHING RETURNING 1"
)
_FOUND = text(
    "SELECT request_hash, response FROM idempotency_key WHERE person_id = :person_id AND key = :key"
)
_KEEP_RESPONSE = text(
    "UPDATE idempotency_key SET response = CAST(:response AS jsonb)"
    " WHERE person_id = :person_id AND key = :key"
)


def hash_of_request(request: Mapping[str, Any]) -> bytes:
    """Equal for equal requests whatever the order of their parts."""
    plain = json.dumps(request, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(plain.encode("ascii")).digest()


def claim(
    conn: Connection,
    *,
    person_id: int | None,
    key: str,
    request: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any] | None:
    """
    Take a key for this transaction; None: it is new, go on and keep the answer with it.

    First statement of the command. A twin that arrives meanwhile waits here
    until the first has committed and then reads its answer; if the first
    failed, the twin takes its place. Keys are a person's own.

    Returns
    -------
    The stored answer of the first request, or None.

    Raises
    ------
    Invalid
        When the key is empty or too long, or was used with another request.
    """
    _check_key(key)
    params = {"person_id": person_id or NOBODY, "key": key}
    digest = hash_of_request(request)
    taken = conn.execute(_CLAIM, {**params, "request_hash": digest, "now": now}).scalar()
    if taken:
        return None
    found = conn.execute(_FOUND, params).one_or_none()
    if found is None or found.response is None:
        raise Conflict(N_("The same request is being worked on. Send it again in a moment."))
    if bytes(found.request_hash) != digest:
        raise Invalid(
            N_("This key was used before with other contents. Open the form anew and send again."),
            faults=[fault("key", N_("The key belongs to an earlier request."))],
        )
    return dict(found.response)


def keep_response(
    conn: Connection, *, person_id: int | None, key: str, response: Mapping[str, Any]
) -> None:
    """Store the answer with the key, in the transaction that claimed it."""
    conn.execute(
        _KEEP_RESPONSE,
        {
            "person_id": person_id or NOBODY,
            "key": key,
            "response": json.dumps(response, ensure_ascii=False, default=str),
        },
    )


def _check_key(key: str) -> None:
    if not 0 < len(key) <= KEY_MOST or not key.isprintable():
        raise Invalid(
            N_("The key of a request has 1 to {most} printable characters."),
            most=KEY_MOST,
            faults=[fault("key", N_("1 to {most} printable characters."), most=KEY_MOST)],
        )
