"""The clocks of cases, minute by minute, in short transactions; may be killed and run at once."""

from datetime import datetime

from sqlalchemy import Engine

from gis.accounts.model import SYSTEM
from gis.cases.clocks.adoption import adopt_clocks
from gis.cases.clocks.recompute import BATCH as FOLLOWED
from gis.cases.clocks.recompute import follow_calendar
from gis.cases.clocks.sweep import BATCH, sweep
from gis.db.engine import transaction

ROUNDS_MOST = 200
"""Batches of one call; the next minute goes on."""


def sweep_clocks(engine: Engine, *, now: datetime) -> int:
    """Tell every level that is reached; answers how many notices are new."""
    told = 0
    for _ in range(ROUNDS_MOST):
        with transaction(engine) as conn:
            done = sweep(conn, actor=SYSTEM, now=now)
        told += done.told
        if done.seen < BATCH:
            break
    return told


def adopt_all(engine: Engine, *, now: datetime) -> int:
    """Give every open case the clocks it lacks; answers how many."""
    adopted = 0
    for _ in range(ROUNDS_MOST):
        with transaction(engine) as conn:
            done = adopt_clocks(conn, actor=SYSTEM, now=now)
        adopted += done
        if done == 0:
            break
    return adopted


def follow_edits(engine: Engine, *, now: datetime) -> int:
    """Recompute deadlines after edits of the working calendar; answers how many moved."""
    moved, after = 0, 0
    while True:
        with transaction(engine) as conn:
            done = follow_calendar(conn, actor=SYSTEM, now=now, after=after, most=FOLLOWED)
        moved += done.moved
        if done.last is None:
            return moved
        after = done.last
