"""Clocks as rows: the one of a case, and when the sweep looks at them."""

from datetime import datetime

from sqlalchemy import Connection, text

_LOOK_AGAIN = text(
    "UPDATE case_clock SET next_level = 0, next_at = :now"
    " WHERE due_at IS NOT NULL AND left_s IS NULL"
)


def look_again(conn: Connection, *, now: datetime) -> int:
    """Have the sweep ask every running clock anew: the levels were changed. Answers how many."""
    return conn.execute(_LOOK_AGAIN, {"now": now}).rowcount
