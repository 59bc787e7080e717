"""`base-maps list|set|clear`: the raster base maps that the map offers."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.accounts.model import SYSTEM
from gis.catalog.base_maps import KEY, change_base_maps
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.runtime import runtime


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("base-maps", help="raster base maps that the map offers")
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="the setting as JSON, as `set` takes it")
    listed.set_defaults(func=_list)
    changed = actions.add_parser("set", help="take all base maps from a JSON file (docs/map.md)")
    changed.add_argument("file", help="a JSON file; - reads standard input")
    changed.set_defaults(func=_set)
    cleared = actions.add_parser("clear", help="offer no raster base map")
    cleared.set_defaults(func=_clear)


def _list(_args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        value = read_setting(conn, KEY, [])
    print(json.dumps(value, ensure_ascii=False, indent=1))
    return 0


def _change(value: Any) -> int:
    with transaction(runtime().engine) as conn:
        found = change_base_maps(conn, actor=SYSTEM, value=value, now=datetime.now(UTC))
    for base in found:
        print(f"{base.id:<20} {base.kind:<8} {base.title_zh}")
    print(f"{len(found)} base maps")
    return 0


def _set(args: argparse.Namespace) -> int:
    source = sys.stdin.read() if args.file == "-" else Path(args.file).read_text(encoding="utf-8")
    try:
        value = json.loads(source)
    except ValueError as error:
        message = N_("The file is no JSON: {reason}")
        raise Invalid(
            message, faults=[fault("file", message, reason=str(error))], reason=str(error)
        ) from error
    return _change(value)


def _clear(_args: argparse.Namespace) -> int:
    return _change([])
