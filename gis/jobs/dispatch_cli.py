"""`dispatch explain|dry-run`: why a case goes where it goes, and what a changed table would do."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gis.__main__ import spoken_locale
from gis.accounts.model import SYSTEM
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.dispatch.dry_run import dry_run
from gis.dispatch.explain import explain_at
from gis.dispatch.screen import dry_run_body, dry_run_lines, explain_lines
from gis.errors import Invalid
from gis.i18n import N_
from gis.jobs.rules_cli import read_rules
from gis.runtime import runtime
from gis.standards.model import Kind


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("dispatch", help="dispatch rules: explain them, try a change")
    actions = parser.add_subparsers(dest="action", required=True)
    why = actions.add_parser("explain", help="which rule fires at a place, which lost and why")
    why.add_argument("--at", required=True, metavar="LON,LAT", help="EPSG:4490, longitude first")
    why.add_argument("--class", required=True, dest="class_code", metavar="CODE")
    why.add_argument("--kind", choices=[str(kind) for kind in Kind], help="if both have the code")
    why.add_argument("--on", metavar="TIME", help="2026-11-22T18:00 in the district; now")
    why.add_argument("--condition", type=int, metavar="N", help="filing condition of the class")
    why.set_defaults(func=_explain)
    trial = actions.add_parser("dry-run", help="what a changed table would do to the last cases")
    trial.add_argument("file", type=Path, metavar="RULES.csv", help="as `rules list` writes it")
    trial.add_argument("--last", type=int, default=10_000, metavar="N", help="cases; 10000")
    trial.add_argument("--changed", type=int, default=20, metavar="N", help="changed cases to list")
    trial.add_argument("--json", action="store_true")
    trial.set_defaults(func=_dry_run)


def _explain(args: argparse.Namespace) -> int:
    lon, lat = read_point(args.at)
    locale = spoken_locale()
    with transaction(runtime().engine) as conn:
        found = explain_at(
            conn, lon=lon, lat=lat, class_code=args.class_code, kind=args.kind,
            condition_no=args.condition,
            at=read_moment(args.on, ZoneInfo(str(read_setting(conn, "time_zone")))),
        )  # fmt: skip
    print("\n\n".join("\n".join(explain_lines(one, locale)) for one in found))
    return 0


def _dry_run(args: argparse.Namespace) -> int:
    drafts, locale = read_rules(args.file), spoken_locale()
    with transaction(runtime().engine) as conn:
        found = dry_run(conn, actor=SYSTEM, drafts=drafts, last=args.last, now=datetime.now(UTC))
    if args.json:
        print(json.dumps(dry_run_body(found, args.changed), ensure_ascii=False))
    else:
        print("\n".join(dry_run_lines(found, locale, listed=args.changed)))
    return 0


def read_point(words: str) -> tuple[float, float]:
    """
    Longitude and latitude from `116.4,39.9`.

    Raises
    ------
    Invalid
        When the words are no two numbers of degrees.
    """
    try:
        lon, lat = (float(part) for part in words.split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid(
            N_("“{words}” is no place: write longitude and latitude, such as 116.4074,39.9042."),
            words=words,
        )
    return lon, lat


def read_moment(words: str | None, zone: ZoneInfo) -> datetime:
    """
    A moment from ISO 8601, in the district's zone where none is written; now from nothing.

    Raises
    ------
    Invalid
        When the words are no moment.
    """
    if not words:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise Invalid(N_("“{words}” is no time: write 2026-11-22T18:00."), words=words) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)
