"""Rows that have done their work, removed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

KEEP_SESSIONS = timedelta(days=7)
KEEP_KEYS = timedelta(days=7)
"""A phone that was off the network for longer than this makes a new key."""
KEEP_MESSAGES = timedelta(days=30)

_STATEMENTS = {
    "web_session": text("DELETE FROM web_session WHERE least(expires_at, revoked_at) < :before"),
    "idempotency_key": text("DELETE FROM idempotency_key WHERE created_at < :before"),
    "outbox": text("DELETE FROM outbox WHERE delivered_at < :before"),
}
_KEPT = {
    "web_session": KEEP_SESSIONS,
    "idempotency_key": KEEP_KEYS,
    "outbox": KEEP_MESSAGES,
}


def clean_up(conn: Connection, *, now: datetime) -> dict[str, int]:
    """
    Remove sessions and keys a week after their end and delivered messages after 30 days.

    Answers the rows removed by table. The trail keeps what they meant; nothing of it is removed.
    """
    return {
        table: int(conn.execute(statement, {"before": now - _KEPT[table]}).rowcount)
        for table, statement in _STATEMENTS.items()
    }
