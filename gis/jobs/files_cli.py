"""`files check`: compare every stored file with its name and say which are missing or altered."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from gis.cases.settings import read_case_settings
from gis.db.engine import make_engine, transaction
from gis.files import store
from gis.files.checking import bad_files, tally
from gis.jobs.file_keeping import check_files
from gis.runtime import runtime

MOST_SHOWN = 100


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("files", help="photos and other attachments on the disk")
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser(
        "check",
        help="compare stored files with their names; exit 1 when one is missing or altered",
    )
    check.add_argument("--all", action="store_true", help="also those that were looked at lately")
    check.add_argument("--json", action="store_true", help="one JSON object")
    check.set_defaults(func=_check)


def _check(args: argparse.Namespace) -> int:
    # An engine of its own: counting every file may outlast the statement time-out of pages.
    engine = make_engine(runtime().url, pool_size=1, statement_timeout_ms=0)
    now = datetime.now(UTC)
    try:
        with transaction(engine) as conn:
            days = read_case_settings(conn).file_check_days
        before = now if args.all else now - timedelta(days=days)
        looked = check_files(engine, runtime().settings.home / store.FOLDER, now=now, before=before)
        with transaction(engine) as conn:
            bad, total = bad_files(conn, most=MOST_SHOWN), tally(conn)
    finally:
        engine.dispose()
    if args.json:
        answer = {"looked_at": looked, **asdict(total), "bad": [asdict(one) for one in bad]}
        print(json.dumps(answer, default=str))
    else:
        for one in bad:
            print(
                f"{one.sha256}  {one.state} since {one.since:%Y-%m-%d %H:%M}, in {one.cases} cases"
            )
        print(
            f"{total.files} files, {sum(looked.values())} looked at now, {total.missing} missing,"
            f" {total.altered} altered"
        )
    return 1 if total.missing or total.altered else 0
