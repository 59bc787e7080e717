"""The append-only trail: one hash chain per subject."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_RECORD = text(
    """
    WITH last AS (
        SELECT seq, hash FROM audit_event
        WHERE subject_type = :subject_type AND subject_id = :subject_id
        ORDER BY seq DESC LIMIT 1)
    INSERT INTO audit_event (subject_type, subject_id, seq, at, actor_id, role, action, data,
                             prev_hash, hash)
    SELECT :subject_type, :subject_id, n.seq, n.at, n.actor, :role, :action, n.data, n.prev,
           audit_hash(n.prev, n.seq, n.at, n.actor, :role, :action, n.data)
    FROM (SELECT coalesce((SELECT seq FROM last), 0) + 1 AS seq, (SELECT hash FROM last) AS prev,
                 CAST(:at AS timestamptz) AS at, CAST(:actor_id AS bigint) AS actor,
                 CAST(:data AS jsonb) AS data) n
    """
)

_BROKEN = text(
    """
    SELECT id, subject_type, subject_id, seq, fault FROM (
        SELECT id, subject_type, subject_id, seq,
               CASE
                   WHEN seq <> row_number() OVER chain THEN 'gap'
                   WHEN prev_hash IS DISTINCT FROM lag(hash) OVER chain THEN 'link'
                   WHEN hash <> audit_hash(prev_hash, seq, at, actor_id, role, action, data)
                       THEN 'content'
               END AS fault
        FROM audit_event
        WHERE (CAST(:subject_type AS text) IS NULL OR subject_type = :subject_type)
          AND (CAST(:subject_id AS bigint) IS NULL OR subject_id = :subject_id)
        WINDOW chain AS (PARTITION BY subject_type, subject_id ORDER BY seq)) checked
    WHERE fault IS NOT NULL
    ORDER BY id
    LIMIT :most
    """
)


@dataclass(frozen=True)
class BrokenLink:
    """A place where the trail does not hold: `gap`, `link` or `content`."""

    event_id: int
    subject_type: str
    subject_id: int
    seq: int
    fault: str


def record(
    conn: Connection,
    *,
    subject_type: str,
    subject_id: int,
    actor_id: int | None,
    role: str,
    action: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """
    Add one event to the chain of a subject.

    The caller holds a lock on the subject's row: two events of one subject at
    the same moment would collide on the chain's unique key. `actor_id` None is
    the system itself.
    """
    conn.execute(
        _RECORD,
        {
            "subject_type": subject_type,
            "subject_id": subject_id,
            "actor_id": actor_id,
            "role": role,
            "action": action,
            "at": at,
            "data": json.dumps(data or {}, ensure_ascii=False, default=str),
        },
    )


def broken_links(
    conn: Connection,
    *,
    subject_type: str | None = None,
    subject_id: int | None = None,
    most: int = 100,
) -> list[BrokenLink]:
    """
    Recompute the chains; what does not hold, oldest first, at most `most`.

    Finds edited, removed and inserted events. The removal of a chain's newest
    events cannot be seen by the chain alone.
    """
    rows = conn.execute(
        _BROKEN, {"subject_type": subject_type, "subject_id": subject_id, "most": most}
    )
    return [BrokenLink(*row) for row in rows]
