"""`migrate`: bring the database to this version's schema."""

import argparse
import sys
from typing import Any

from gis.config import read_settings
from gis.jobs.database import migrate, reach_database


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("migrate", help="bring the database to this version's schema")
    parser.set_defaults(func=_migrate)


def _migrate(_args: argparse.Namespace) -> int:
    settings = read_settings()

    def say(sentence: str) -> None:
        print(f"wanmi: {sentence}", file=sys.stderr)

    print(migrate(settings, reach_database(settings, say), say))
    return 0
