"""`deadline explain`: when a limit that starts then would end, and why."""

import argparse
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gis.cases.settings import read_case_settings
from gis.db.engine import transaction
from gis.errors import Invalid, fault
from gis.i18n import LOCALES, N_
from gis.runtime import runtime
from gis.worktime.model import Unit, limit_from
from gis.worktime.queries import work_calendar
from gis.worktime.screen import deadline_in_words


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("deadline", help="when a limit ends, and why")
    actions = parser.add_subparsers(dest="action", required=True)
    explain = actions.add_parser("explain", help="one deadline in words, in both languages")
    explain.add_argument(
        "--from", dest="start", required=True, metavar="TIME",
        help="2026-09-30T16:30, in the district's zone unless it names another",
    )  # fmt: skip
    explain.add_argument(
        "--limit", required=True, help=f'such as "4 working_hour"; units: {", ".join(Unit)}'
    )
    explain.set_defaults(func=_explain)


def moment_from(words: str, zone: ZoneInfo) -> datetime:
    """
    A moment as it is typed; without a zone it is the district's.

    Raises
    ------
    Invalid
        When it is none.
    """
    try:
        at = datetime.fromisoformat(words.strip())
    except ValueError as error:
        message = N_("“{words}” is no time. Write it as 2026-09-30T16:30.")
        raise Invalid(
            message, words=words[:50], faults=[fault("from", message, words=words[:50])]
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _explain(args: argparse.Namespace) -> int:
    limit = limit_from(args.limit)
    with transaction(runtime().engine) as conn:
        start = moment_from(args.start, read_case_settings(conn).zone)
        calendar = work_calendar(conn, since=start.date() - timedelta(days=2))
    explained = calendar.explain(calendar.deadline(start, limit))
    for locale in LOCALES:
        print(deadline_in_words(explained, locale))
    return 0
