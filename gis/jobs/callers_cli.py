"""`callers status|new-key|forget|start-over`: the keys of callers' numbers, and their end."""

import argparse
from datetime import UTC, datetime
from typing import Any

from gis.accounts.model import SYSTEM
from gis.cases.callers.keeping import key_file, ring_of
from gis.cases.callers.rotating import keys_in_use
from gis.db.engine import transaction
from gis.errors import Refused
from gis.i18n import N_
from gis.jobs.caller_keeping import change_key, forget_all_old, start_over
from gis.runtime import runtime


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("callers", help="keys of callers' numbers; forgetting callers")
    actions = parser.add_subparsers(dest="action", required=True)
    for name, words, work in (
        ("status", "the keys of this copy and how many callers each one holds", _status),
        ("new-key", "seal every number under a new key", _new_key),
        ("forget", "forget now whose time is over; the worker does so every night", _forget),
    ):
        actions.add_parser(name, help=words).set_defaults(func=work)
    over = actions.add_parser("start-over", help="the keys are lost: forget all numbers, new key")
    over.add_argument("--yes", action="store_true", help="yes, forget every number and name")
    over.set_defaults(func=_start_over)


def _status(_args: argparse.Namespace) -> int:
    held, now = runtime(), datetime.now(UTC)
    with transaction(held.engine) as conn:
        ring = ring_of(conn, held.settings.home, now=now)
        used = keys_in_use(conn, actor=SYSTEM)
    print(f"keys in {key_file(held.settings.home)}")
    for key in ring.keys:
        note = "seals" if key == ring.active else "opens only"
        print(f"{key.id}  made {key.made_at:%Y-%m-%d}  {used.pop(key.id, 0)} callers  {note}")
    for lost, callers in used.items():
        print(f"{lost}  not in the file: {callers} callers cannot be read")
    return 1 if used else 0


def _new_key(_args: argparse.Namespace) -> int:
    held = runtime()
    done = change_key(held.engine, held.settings.home, now=datetime.now(UTC))
    print(f"{done} callers sealed under a new key; back up {key_file(held.settings.home)}")
    return 0


def _forget(_args: argparse.Namespace) -> int:
    print(f"{forget_all_old(runtime().engine, now=datetime.now(UTC))} callers forgotten")
    return 0


def _start_over(args: argparse.Namespace) -> int:
    if not args.yes:
        raise Refused(
            N_("This forgets the name and number of every caller. Repeat it with --yes to do so.")
        )
    held = runtime()
    done = start_over(held.engine, held.settings.home, now=datetime.now(UTC))
    print(f"{done} callers forgotten; a new key is in {key_file(held.settings.home)}")
    return 0
