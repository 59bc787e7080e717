"""`layers check` and `layers settle`: what the map stands on, and what it needs after a load."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

from gis.config import read_settings
from gis.db.engine import make_engine, transaction
from gis.i18n import pick_locale
from gis.jobs.database import reach_database
from gis.tiles.check import SourceCheck, check_layers
from gis.tiles.settle import settle


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("layers", help="the layers of the map")
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    settled = actions.add_parser(
        "settle", help="after a load: rows in order, labels of scale, statistics"
    )
    settled.set_defaults(func=_settle)
    check = actions.add_parser(
        "check", help="compare tables, columns, indexes, shapes and codes; exit code 1 on a fault"
    )
    check.add_argument("--json", action="store_true", help="print one JSON array")
    check.set_defaults(func=_check)


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


def _check(args: argparse.Namespace) -> int:
    url = reach_database(read_settings(), _say).app_url
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    try:
        with transaction(engine) as conn:
            checks = check_layers(conn)
    finally:
        engine.dispose()
    locale = pick_locale(os.environ.get("WANMI_LANG") or os.environ.get("LANG") or "en")
    if args.json:
        print(json.dumps([as_dict(check, locale) for check in checks], ensure_ascii=False))
    else:
        _print(checks, locale)
    return 1 if any(check.faults for check in checks) else 0


def as_dict(check: SourceCheck, locale: str) -> dict[str, Any]:
    """One source as `--json` prints it."""
    looked = check.looked
    return {
        "layer": check.layer.id,
        "source": check.source.name,
        "table": check.source.table,
        "zooms": [check.source.minzoom, check.source.maxzoom - 1],
        "rows": looked.rows if looked else None,
        "estimated": looked.estimated if looked else None,
        "looked_at": looked.sampled if looked else None,
        "without_shape": looked.without_shape if looked else None,
        "broken": looked.broken if looked else None,
        "faults": [{"field": f.field, "message": f.text(locale)} for f in check.faults],
    }


def _print(checks: list[SourceCheck], locale: str) -> None:
    for check in checks:
        looked, source = check.looked, check.source
        rows = "?" if looked is None or looked.rows is None else f"{looked.rows:,}"
        about = "~" if looked is not None and looked.estimated else ""
        zooms = f"z{source.minzoom}-{source.maxzoom - 1}"
        name = f"{check.layer.id}.{source.name}"
        print(f"{name:32} {zooms:8} {source.table:16} {about + rows:>12}")
        for fault in check.faults:
            print(f"    {fault.text(locale)}")
