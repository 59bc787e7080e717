"""`serve`: what script/server runs."""

import argparse
import sys
from dataclasses import replace
from typing import Any

from gis.config import read_settings
from gis.jobs.serve import serve


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "serve", help="start database, web process and worker; serve until Ctrl-C"
    )
    parser.add_argument(
        "--address",
        default="127.0.0.1",
        help="address to listen on; only a container needs another than 127.0.0.1",
    )
    parser.add_argument("--port", type=int, help="port of the pages (default: WANMI_PORT or 8501)")
    parser.add_argument(
        "--no-demo",
        dest="demo",
        action="store_false",
        help="leave an empty database empty: for a district of your own",
    )
    parser.set_defaults(func=_serve)


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


def _serve(args: argparse.Namespace) -> int:
    settings = read_settings()
    if args.port is not None:
        settings = replace(settings, port=args.port)
    try:
        serve(settings, address=args.address, demo=args.demo, say=_say)
    except KeyboardInterrupt:
        return 0  # asked to stop, and stopped
    return 0
