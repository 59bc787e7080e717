"""`load`: bring a real data set into the database."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.accounts.model import SYSTEM
from gis.basedata.commands import load_district
from gis.basedata.delivered_files import read_dongcheng
from gis.config import read_settings
from gis.db.engine import make_engine, transaction
from gis.jobs.database import reach_database
from gis.places.commands import refill_places


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("load", help="load a real data set")
    sets = parser.add_subparsers(dest="dataset", required=True, metavar="dataset")
    dongcheng = sets.add_parser(
        "dongcheng", help="streets, community codes, roads, population and hospitals of Dongcheng"
    )
    dongcheng.add_argument(
        "--from", dest="folder", type=Path, required=True, help="folder that holds the data sets"
    )
    dongcheng.set_defaults(func=_load_dongcheng)


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


def _load_dongcheng(args: argparse.Namespace) -> int:
    data = read_dongcheng(args.folder)
    url = reach_database(read_settings(), _say).app_url
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    try:
        with transaction(engine) as conn:
            loaded = load_district(conn, data, actor=SYSTEM, now=datetime.now(UTC))
            refill_places(conn)
    finally:
        engine.dispose()
    print(
        f"{loaded.streets} streets, {loaded.communities} communities, {loaded.roads} road lines"
        f" ({loaded.suspect_roads} suspect, never measured), {loaded.hospitals} hospitals,"
        f" {loaded.population} population figures. Next: script/gis grids build"
    )
    return 0
