"""`grids build` and `grids check`: unit grids from what is loaded, and what they are worth."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gis.accounts.model import SYSTEM
from gis.basedata.commands import place_in_cells
from gis.basedata.queries import roads_to_build
from gis.components.tables import component
from gis.config import read_settings
from gis.db.engine import make_engine, transaction
from gis.db.settings import read_settings_of
from gis.errors import Invalid, NotFound
from gis.grids.build import build_grids
from gis.grids.check import GridCheck, check_grids, failures
from gis.grids.commands import place_rows, store_build
from gis.grids.model import BuildSettings
from gis.grids.queries import (
    communities_to_build,
    delivered_streets,
    drawn_districts,
    stored_cells,
    stored_communities,
)
from gis.i18n import N_
from gis.jobs.database import reach_database
from gis.land.tables import parcel
from gis.places.commands import refill_places


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("grids", help="build and check unit grids")
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    build = actions.add_parser("build", help="make communities and unit grids of a district")
    build.set_defaults(func=_build)
    build.add_argument(
        "--replace",
        action="store_true",
        help="also when cells are given to supervisors or responsibility grids",
    )
    check = actions.add_parser("check", help="measure the unit grids; exit code 1 on a fault")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(func=_check)
    for action in (build, check):
        action.add_argument("--district", help="district code; needed when there are several")


def _say(sentence: str) -> None:
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)


@contextmanager
def _work() -> Iterator[Connection]:
    """One transaction without a time limit."""
    url = reach_database(read_settings(), _say).app_url
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    try:
        with transaction(engine) as conn:
            yield conn
    finally:
        engine.dispose()


def _build(args: argparse.Namespace) -> int:
    now, since = datetime.now(UTC), perf_counter()
    with _work() as conn:
        district = _district(conn, args.district)
        setting = read_settings_of(conn, "edition", "time_zone")
        streets = delivered_streets(conn, district)
        communities = communities_to_build(conn, district)
        roads = roads_to_build(conn)
    _say(f"building the grids of {district}: {len(streets)} streets, {len(roads)} road lines")
    build = build_grids(streets, communities, roads, BuildSettings(edition=setting["edition"]))
    with _work() as conn:
        stored = store_build(
            conn,
            build,
            actor=SYSTEM,
            district_code=district,
            edition=setting["edition"],
            valid_from=now.astimezone(ZoneInfo(setting["time_zone"])).date(),
            now=now,
            replace_held=args.replace,
        )
        if stored.changed:
            place_in_cells(conn)
            for table in (component, parcel):
                place_rows(conn, table)
            refill_places(conn)
    outcome = f"{stored.ended} ended" if stored.changed else "the same as before, nothing changed"
    print(
        f"{stored.cells} cells, {stored.communities} communities, {stored.edges} edges"
        f" in {perf_counter() - since:.1f} s; {outcome}"
    )
    return 0


def _check(args: argparse.Namespace) -> int:
    with _work() as conn:
        district = _district(conn, args.district)
        cells = stored_cells(conn, district)
        communities = stored_communities(conn, district)
        streets = delivered_streets(conn, district)
        roads = roads_to_build(conn)
    if cells.empty:
        raise NotFound(
            N_("District {district} has no unit grids yet; run script/gis grids build."),
            district=district,
        )
    edition = str(cells["edition"].iloc[0])
    check = check_grids(cells, communities, streets, roads, edition=edition)
    _print(check, as_json=args.json)
    wrong = failures(check)
    for fault in wrong:
        _say(f"{fault.field}: {fault.text('en')}")
    return 1 if wrong else 0


def _print(check: GridCheck, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(check.as_dict()))
        return
    for name, value in check.as_dict().items():
        print(f"{name:32} {value}")


def _district(conn: Connection, wanted: str | None) -> str:
    known = drawn_districts(conn)
    if not known:
        raise NotFound(
            N_(
                "No street has an outline yet; load a district first, for example "
                "script/gis load dongcheng --from DIR."
            )
        )
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted not in known:
        raise Invalid(
            N_("Name the district with --district; there are streets for: {known}."),
            known=", ".join(known),
        )
    return str(wanted)
