"""`settings list|set`: what a district sets about itself."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from gis.accounts.model import SYSTEM
from gis.cases.district_settings import change_setting, district_settings
from gis.db.engine import transaction
from gis.runtime import runtime


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("settings", help="what the district sets about itself")
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="every setting with its value")
    listed.add_argument("--json", action="store_true", help="one JSON object")
    listed.set_defaults(func=_list)
    changed = actions.add_parser("set", help="change one; it counts from now on")
    changed.add_argument("key")
    changed.add_argument("value", help="a number, a word, or words separated by commas")
    changed.set_defaults(func=_set)


def _list(args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        found = district_settings(conn)
    if args.json:
        print(json.dumps({key: value for key, (value, _) in found.items()}, ensure_ascii=False))
        return 0
    for key, (value, own) in sorted(found.items()):
        shown = ", ".join(value) if isinstance(value, list | tuple) else value
        print(f"{key:<30} {shown}{'  (set here)' if own else ''}")
    return 0


def _set(args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        value = change_setting(
            conn, actor=SYSTEM, key=args.key, words=args.value, now=datetime.now(UTC)
        )
    print(f"{args.key} is now {value}")
    return 0
