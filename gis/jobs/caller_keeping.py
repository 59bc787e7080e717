"""Timed and rare work on callers: forgetting them, the first key, a new key; in small batches."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from gis.accounts.model import SYSTEM
from gis.cases.callers.forgetting import forget_everybody, forget_old_callers
from gis.cases.callers.keeping import key_file, ring_of, write_ring
from gis.cases.callers.rotating import ring_with_new_key, seal_again
from gis.cases.callers.sealing import Key, KeyRing
from gis.db.engine import make_engine, transaction
from gis.errors import Unavailable


def forget_all_old(engine: Engine, *, now: datetime) -> int:
    """Forget the callers whose time is over; answers how many. Killed, it goes on next time."""
    return _in_batches(engine, lambda conn: forget_old_callers(conn, actor=SYSTEM, now=now))


def make_first_key(app_url: str, home: Path, *, now: datetime, say: Callable[[str], None]) -> None:
    """At the start of a copy: make the key file, or say what is wrong with the one there is."""
    engine = make_engine(app_url, pool_size=1)
    try:
        with transaction(engine) as conn:
            ring_of(conn, home, now=now)
    except Unavailable as error:
        say(str(error))  # all else works without it
    finally:
        engine.dispose()


def change_key(engine: Engine, home: Path, *, now: datetime) -> int:
    """
    A new key, and every caller sealed under it; answers how many.

    The file holds the new key before anything is sealed with it, and the old
    one until the next change: killed at any moment, nothing is unreadable.
    """
    with transaction(engine) as conn:
        ring = ring_of(conn, home, now=now)
        changed = ring_with_new_key(conn, ring, actor=SYSTEM, now=now)
    write_ring(home, changed)
    return _in_batches(engine, lambda conn: seal_again(conn, changed, actor=SYSTEM, now=now))


def start_over(engine: Engine, home: Path, *, now: datetime) -> int:
    """After the loss of the keys: forget every caller, then begin with a new key."""
    done = _in_batches(engine, lambda conn: forget_everybody(conn, actor=SYSTEM, now=now))
    file = key_file(home)
    if file.exists():
        file.rename(file.with_name(f"{file.name}.before-{now:%Y%m%d%H%M%S}"))
    write_ring(home, KeyRing((Key.new(now),)))
    return done


def _in_batches(engine: Engine, work: Callable[[Connection], int]) -> int:
    total = 0
    while True:
        with transaction(engine) as conn:
            done = work(conn)
        if not done:
            return total
        total += done
