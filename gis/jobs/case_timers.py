"""Timed work on cases, one transaction a case."""

from datetime import datetime

from sqlalchemy import Engine

from gis.db.engine import transaction
from gis.dispatch.timed import resume, suspensions_to_end
from gis.errors import Conflict, Refused


def end_suspensions(engine: Engine, *, now: datetime) -> int:
    """
    Resume the cases whose date has come; answers how many.

    A case that somebody moves at this moment waits for the next round. Killed
    in the middle it has resumed some cases and finds the others again.
    """
    with transaction(engine) as conn:
        numbers = suspensions_to_end(conn, now=now)
    done = 0
    for number in numbers:
        try:
            with transaction(engine) as conn:
                resume(conn, number, now=now)
        except (Conflict, Refused):
            continue
        done += 1
    return done
