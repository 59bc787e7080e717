"""`audit verify`: compute the trail's chains again and name what does not hold."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import text

from gis.audit.trail import broken_links
from gis.db.engine import make_engine, transaction
from gis.runtime import runtime

MOST_SHOWN = 100
_EVENTS = text("SELECT count(*) FROM audit_event")


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("audit", help="the append-only trail")
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser(
        "verify", help="compute every chain again; exit 1 when an event was changed or removed"
    )
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.set_defaults(func=_verify)


def _verify(args: argparse.Namespace) -> int:
    # An engine of its own: reading the whole trail outlasts the statement time-out of pages.
    engine = make_engine(runtime().url, pool_size=1, statement_timeout_ms=0)
    try:
        with transaction(engine) as conn:
            events = conn.execute(_EVENTS).scalar_one()
            broken = broken_links(conn, most=MOST_SHOWN)
    finally:
        engine.dispose()
    if args.json:
        print(json.dumps({"events": events, "broken": [asdict(link) for link in broken]}))
    else:
        for link in broken:
            print(f"event {link.event_id}: {link.fault} at {link.subject_type} {link.subject_id}")
        print(f"{events} events, {len(broken) or 'none'} broken (at most {MOST_SHOWN} are shown)")
    return 1 if broken else 0
