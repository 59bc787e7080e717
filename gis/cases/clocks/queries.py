"""When the sweep looks at running clocks: anew, after their levels were changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from gis.audit import outbox
from gis.cases.clocks.setting_rules import LEVEL_SETTINGS
from gis.db.sqlfile import load_sql

LEVELS_CHANGED = "clocks.levels_changed"
"""The message that has the worker look again; it is also how one batch asks for the next."""
BATCH = 500
AGAIN_AFTER = timedelta(minutes=10)
"""A move that read the levels just before they were changed is over by then."""
_AGAIN_WITHIN = timedelta(minutes=30)
"""Rounds of the worker that find a change: one is enough, one of them may be missed."""
_CHANGED = text(
    "SELECT EXISTS (SELECT FROM setting WHERE key = ANY(CAST(:keys AS text[]))"
    " AND changed_at > :since AND changed_at <= :until)"
)
_CASES = load_sql(__package__, "cases_to_look_at")
_LOOK_AGAIN = text(
    "UPDATE case_clock SET next_level = 0, next_at = :now"
    " WHERE case_id = ANY(:cases) AND due_at IS NOT NULL AND left_s IS NULL"
)


@dataclass(frozen=True, slots=True)
class LookedAgain:
    """One batch: clocks to be looked at, cases that were being moved, where to go on (or not)."""

    clocks: int
    busy: tuple[int, ...]
    last: int | None


def ask_to_look_again(conn: Connection, *, now: datetime) -> None:
    """Leave word for the worker, in the transaction that changes the levels."""
    outbox.put(conn, LEVELS_CHANGED, now=now)


def ask_once_more(conn: Connection, *, now: datetime) -> bool:
    """
    Leave the same word again some minutes after a change; answers whether there was one.

    A case whose first clock began in a transaction that was open at the change had no clock yet
    when the worker looked, and has one by the levels from before.
    """
    asked = {
        "keys": sorted(LEVEL_SETTINGS),
        "since": now - _AGAIN_WITHIN,
        "until": now - AGAIN_AFTER,
    }
    changed = bool(conn.scalar(_CHANGED, asked))
    if changed:
        ask_to_look_again(conn, now=now)
    return changed


def look_again(
    conn: Connection,
    *,
    now: datetime,
    after: int = 0,
    cases: Sequence[int] | None = None,
    most: int = BATCH,
) -> LookedAgain:
    """
    Have the sweep ask running clocks anew: of the next cases after one, or of `cases` only.

    Takes the lock of each case as a move does, by their order and without waiting: a case that is
    being moved is answered as busy, to be asked for again when the move is done. A move that
    begins later reads the changed levels by itself.
    """
    chosen = None if cases is None else list(cases)
    rows = conn.execute(_CASES, {"after": after, "cases": chosen, "most": most}).all()
    held = [row.case_id for row in rows if row.held]
    clocks = conn.execute(_LOOK_AGAIN, {"cases": held, "now": now}).rowcount if held else 0
    busy = tuple(row.case_id for row in rows if not row.held)
    return LookedAgain(clocks, busy, rows[-1].case_id if len(rows) == most else None)
