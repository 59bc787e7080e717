"""`cluster start|stop|status|destroy`: the project's own PostGIS cluster."""

import argparse
import json
import sys
from typing import Any

from gis.config import read_settings
from gis.db import cluster
from gis.errors import Refused
from gis.i18n import N_


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("cluster", help="the project's own PostGIS cluster")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("start", help="create it if need be and start it").set_defaults(func=_start)
    actions.add_parser("stop", help="stop it; data stay").set_defaults(func=_stop)
    status = actions.add_parser("status", help="whether it exists and runs; exit 1 if it does not")
    status.add_argument("--json", action="store_true", help="one JSON object")
    status.set_defaults(func=_status)
    destroy = actions.add_parser("destroy", help="stop it and remove it with all data")
    destroy.add_argument("--yes", action="store_true", help="yes, all data")
    destroy.set_defaults(func=_destroy)


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


def _start(_args: argparse.Namespace) -> int:
    settings = read_settings()
    urls = cluster.ensure_started(settings.home, say=_say)
    _say(f"PostgreSQL answers in {urls.socket_dir}")
    return 0


def _stop(_args: argparse.Namespace) -> int:
    if not cluster.stop(read_settings().home, say=_say):
        _say("the cluster was not running")
    return 0


def _status(args: argparse.Namespace) -> int:
    found = cluster.status(read_settings().home)
    facts = {
        "state": found.state,
        "pid": found.pid,
        "postgresql": found.major,
        "data": str(found.data),
        "socket": str(found.socket_dir),
    }
    if args.json:
        print(json.dumps(facts))
    else:
        print("\n".join(f"{name:<11}{'-' if v is None else v}" for name, v in facts.items()))
    return 0 if found.state == "running" else 1


def _destroy(args: argparse.Namespace) -> int:
    home = read_settings().home
    if not args.yes:
        raise Refused(
            N_("This removes every case, grid and account in {home}: say --yes if you mean it."),
            home=home,
        )
    cluster.destroy(home, say=_say)
    return 0
