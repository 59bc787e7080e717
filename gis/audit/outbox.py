"""What must happen after a commit: rows of the same transaction, delivered by the worker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_PUT = text(
    "INSERT INTO outbox (topic, subject_id, payload, created_at)"
    " VALUES (:topic, :subject_id, CAST(:payload AS jsonb), :now)"
)


def put(
    conn: Connection,
    topic: str,
    *,
    now: datetime,
    subject_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """
    Leave a message for the worker; it goes out only if this transaction commits.

    Delivery is at least once: handlers must bear a repeat.
    """
    conn.execute(
        _PUT,
        {
            "topic": topic,
            "subject_id": subject_id,
            "payload": json.dumps(payload or {}, ensure_ascii=False, default=str),
            "now": now,
        },
    )
