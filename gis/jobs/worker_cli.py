"""`worker`: deliver messages, run jobs, do timed work."""

import argparse
import asyncio
from typing import Any

from gis.jobs.handlers import HANDLERS
from gis.jobs.worker import work
from gis.log import open_log
from gis.runtime import close_runtime, runtime


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("worker", help="deliver messages and do timed work until Ctrl-C")
    parser.set_defaults(func=_worker)


def _worker(_args: argparse.Namespace) -> int:
    here = runtime()
    open_log(here.settings.home, "worker")
    try:
        asyncio.run(work(here.url, here.engine, HANDLERS))
    finally:
        close_runtime()
    return 0
