"""`bench`: run the benches that are named, or all; one line each."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from gis.bench.line import Line
from gis.bench.options import Options
from gis.config import read_settings

BENCHES = {
    "intake": "gis.bench.intake",
    "cases": "gis.bench.cases",
    "sessions": "gis.bench.sessions",
    "tiles": "gis.bench.tiles",
    "map": "gis.bench.map",
    "phone": "gis.bench.phone",
    "setup": "gis.bench.setup",
}
"""Name and module; a module has `run(options) -> Iterator[Line]`, imported when it is asked for."""


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("bench", help="measure the promised speeds")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--size", default="pilot", help="how large the databases are")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(func=_bench)


def _bench(args: argparse.Namespace) -> int:
    unknown = [name for name in args.names if name not in BENCHES]
    if unknown:
        print(f"wanmi: no bench {', '.join(unknown)}: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    settings = read_settings()
    options = Options(
        home=settings.home / "bench",
        size=args.size,
        chrome=settings.chrome or Path("/usr/bin/chromium"),
    )
    missed = 0
    for name in args.names or BENCHES:
        for line in importlib.import_module(BENCHES[name]).run(options):
            missed += line.ok is False
            _print(line, as_json=args.json)
    return 1 if missed else 0


def _print(line: Line, *, as_json: bool) -> None:
    print(line.as_json() if as_json else line.as_text(), flush=True)
