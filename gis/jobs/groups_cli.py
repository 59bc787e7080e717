"""`groups list|make|end`: responsibility grids (责任网格) as groups of unit grids."""

import argparse
import csv
import sys
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gis.accounts.model import SYSTEM
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Term
from gis.grids.responsibility import end_group, group_cells, responsibility_grids
from gis.runtime import runtime


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("groups", help="responsibility grids: groups of unit grids")
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="the groups in force with their cells, as CSV")
    listed.set_defaults(func=_list)
    make = actions.add_parser("make", help="make a group of cells, in force from today")
    make.add_argument("--code", required=True)
    make.add_argument("--name", required=True, help="name in Chinese")
    make.add_argument("--name-en", help="name in English; the Chinese one when left out")
    make.add_argument("--area", required=True, help="street or community code")
    make.add_argument("cells", nargs="+", help="codes of unit grids")
    make.set_defaults(func=_make)
    end = actions.add_parser("end", help="end a group today; its cells are free again")
    end.add_argument("--code", required=True)
    end.set_defaults(func=_end)


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _list(_args: argparse.Namespace) -> int:
    with transaction(runtime().engine) as conn:
        groups = responsibility_grids(conn, scope=SYSTEM.scope)
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(("code", "name_zh", "name_en", "area_code", "valid_from", "grid_codes"))
    for group in groups:
        row = (group.code, group.name.zh, group.name.en, group.area_code, group.valid_from)
        lines.writerow((*row, " ".join(group.grid_codes)))
    return 0


def _make(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    with transaction(runtime().engine) as conn:
        made = group_cells(
            conn,
            actor=SYSTEM,
            code=args.code,
            name=Term(args.name, args.name_en or args.name),
            area_code=args.area,
            grid_codes=args.cells,
            valid_from=_today(str(read_setting(conn, "time_zone")), now),
            now=now,
        )
    print(f"{made.code}: {len(made.grid_codes)} cells")
    return 0


def _end(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    with transaction(runtime().engine) as conn:
        today = _today(str(read_setting(conn, "time_zone")), now)
        end_group(conn, actor=SYSTEM, code=args.code, valid_to=today, now=now)
    print(args.code)
    return 0
