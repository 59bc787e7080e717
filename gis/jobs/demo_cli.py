"""`demo load`: fill an empty database with the generated district."""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

from gis.config import read_settings
from gis.db.engine import make_engine
from gis.demo.city_ground import CITY_SIZES
from gis.demo.load import load_demo
from gis.demo.sizes import DEFAULT_SEED, sizes
from gis.files.store import FOLDER
from gis.jobs.database import reach_database


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("demo", help="load the generated demo district")
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="into an empty database; a second time changes nothing")
    load.add_argument(
        "--size", choices=[*sizes(), *CITY_SIZES], default="small", help="how much of everything"
    )
    load.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="another number, another district"
    )
    load.add_argument("--json", action="store_true", help="rows per table as one JSON object")
    load.set_defaults(func=_load)


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


def _load(args: argparse.Namespace) -> int:
    settings = read_settings()
    database = reach_database(settings, _say)
    engine = make_engine(database.owner_url, pool_size=2, statement_timeout_ms=0)
    try:
        loaded = load_demo(
            engine,
            size=args.size,
            seed=args.seed,
            now=datetime.now(UTC),
            progress=_say,
            files=settings.home / FOLDER,
            home=settings.home,
        )
    finally:
        engine.dispose()
    if not loaded.fresh:
        _say(f"the demo “{loaded.size}” (seed {loaded.seed}) is there already")
    if args.json:
        print(json.dumps({"size": loaded.size, "seed": loaded.seed, "rows": loaded.rows}))
    return 0
