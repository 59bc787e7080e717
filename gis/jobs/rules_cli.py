"""`rules list|load`: the dispatch rules of the district as a table."""

import argparse
import csv
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gis.accounts.model import SYSTEM
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.dispatch.rule_commands import replace_rules, rules_in_force
from gis.dispatch.rule_drafts import COLUMNS, RuleDraft, drafts_of_csv
from gis.errors import Invalid
from gis.i18n import N_
from gis.runtime import runtime


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("rules", help="which department gets which class where")
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="the rules in force as CSV, to be edited and loaded")
    listed.set_defaults(func=_list)
    load = actions.add_parser("load", help="put a table in force from today; others end")
    load.add_argument("file", type=Path, help=f"CSV: {', '.join(COLUMNS)}")
    load.set_defaults(func=_load)


def _list(_args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        today = _today(conn, datetime.now(UTC))
        rules = rules_in_force(conn, actor=SYSTEM, today=today)
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows([getattr(rule, name) for name in COLUMNS] for rule in rules)
    return 0


def read_rules(file: Path) -> list[RuleDraft]:
    """
    The rows of a table of rules, blanks trimmed.

    Raises
    ------
    Invalid
        When the file cannot be read or a column is missing.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(N_("{file} cannot be read: {reason}."), file=file, reason=error) from error
    return drafts_of_csv(content, str(file))


def _today(conn: Connection, now: datetime) -> date:
    return now.astimezone(ZoneInfo(str(read_setting(conn, "time_zone")))).date()


def _load(args: argparse.Namespace) -> int:
    drafts, now = read_rules(args.file), datetime.now(UTC)
    with transaction(runtime().engine) as conn:
        today = _today(conn, now)
        added, ended = replace_rules(conn, actor=SYSTEM, drafts=drafts, today=today, now=now)
    print(f"{len(drafts)} rules in force: {added} added, {ended} ended")
    return 0
