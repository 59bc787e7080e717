"""`layers settle`: what the map needs after a load."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from gis.config import read_settings
from gis.db.engine import make_engine
from gis.jobs.database import reach_database
from gis.tiles.settle import settle


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("layers", help="the layers of the map")
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    settled = actions.add_parser(
        "settle", help="after a load: rows in order, labels of scale, statistics"
    )
    settled.set_defaults(func=_settle)


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


def _settle(_args: argparse.Namespace) -> int:
    url = reach_database(read_settings(), _say).owner_url
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    try:
        done = settle(engine, now=datetime.now(UTC), say=_say)
    finally:
        engine.dispose()
    tables = ", ".join(done.rewritten) or "none"
    print(
        f"{done.relabelled} components relabelled, {done.placed} labels placed,"
        f" tables rewritten: {tables}"
    )
    return 0
