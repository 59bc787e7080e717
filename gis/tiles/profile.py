"""The profile of a unit grid: people, things, land, open cases, and who walks it now."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, require
from gis.accounts.roster import Shift
from gis.cases.model import State
from gis.db.settings import read_setting
from gis.db.sqlfile import load_sql
from gis.errors import NotFound, Term
from gis.i18n import N_
from gis.tiles.identify import Content, grid_contents
from gis.worktime.rules import YELLOW_AFTER, lamp

LIST_MOST = 10
_SHIFT_ROWS_MOST = 100
_GRID = load_sql(__package__, "grid_of_profile")
_OUTLINE = load_sql(__package__, "cell_outline")
_LAND = load_sql(__package__, "grid_land_use")
_CASES = load_sql(__package__, "grid_open_cases")
_SUPERVISORS = load_sql(__package__, "grid_supervisors")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Share:
    """A land use inside the cell: m² of it, and its part of the whole cell (0 to 1)."""

    code: str
    area_m2: float
    share: float


@dataclass(frozen=True)
class OpenCase:
    """One open case of the cell; the lamp is `red`, `yellow`, `green`, or `none`: no time runs."""

    id: int
    number: str
    title: Term
    state: State
    lamp: str
    due_at: datetime | None


@dataclass(frozen=True)
class OnDuty:
    """A supervisor whose shift runs now, and until when."""

    name: str
    shift: Term
    until: datetime


@dataclass(frozen=True)
class Watch:
    """Who is responsible for the cell, and who of them is on duty."""

    names: tuple[str, ...]
    on_duty: tuple[OnDuty, ...]


@dataclass(frozen=True)
class GridProfile:
    """All that one person may know of a unit grid."""

    code: str
    path: tuple[Term, ...]
    """District, street, community."""
    bounds: Bounds
    people: int | None
    people_of: str | None
    """The code the people were counted for: the cell's, or the smallest area's above it."""
    people_as_of: str | None
    contents: tuple[Content, ...]
    land: tuple[Share, ...]
    cases: tuple[OpenCase, ...]
    """The first ten by time left; empty for those who may not see cases."""
    cases_total: int | None
    """None: not for this person to see."""
    watch: Watch | None
    """None: not for this person to see."""


def lamp_of(
    started_at: datetime, due_at: datetime | None, now: datetime, yellow_after: float
) -> str:
    """The lamp the map paints, by the district's share of the limit; `none`: no time runs."""
    if due_at is None:
        return "none"
    return str(lamp(now, min(started_at, now), due_at, yellow_after=yellow_after))


def grid_profile(
    conn: Connection, code: str, *, actor: Actor, now: datetime, zone: ZoneInfo
) -> GridProfile:
    """
    The profile of one unit grid in force.

    Contents count in the cell they were placed in (their middle); land is cut at the outline.
    What the person's posts do not include (pipelines, cases, people) is left out.

    Raises
    ------
    NotFound
        No such cell, or not within the scope: the answer does not tell which.
    """
    require(actor, Permission.VIEW_MAP)
    scope = actor.scope
    asked = {"code": code, **scope.params()}
    plain = code.isascii() and code.isdigit()
    row = conn.execute(_GRID, asked).one_or_none() if plain else None
    if row is None:
        raise NotFound(N_("There is no unit grid {code} in your area."), code=code[:20])
    cases = _open_cases(conn, asked, now) if actor.may(Permission.VIEW_CASES) else None
    watched = actor.may(Permission.VIEW_PEOPLE)
    return GridProfile(
        code=row.code,
        path=_path(row),
        bounds=(row.west, row.south, row.east, row.north),
        people=row.people,
        people_of=row.people_of,
        people_as_of=row.people_as_of,
        contents=tuple(grid_contents(conn, code, actor=actor)),
        land=tuple(_land(conn, asked)),
        cases=cases[0] if cases else (),
        cases_total=cases[1] if cases else None,
        watch=_watch(conn, asked, now.astimezone(zone)) if watched else None,
    )


def cell_outline(conn: Connection, code: str, *, actor: Actor) -> dict[str, Any] | None:
    """The outline of a unit grid in force as a GeoJSON polygon; None outside the scope."""
    require(actor, Permission.VIEW_MAP)
    row = conn.execute(_OUTLINE, {"code": code, "scope": actor.scope.as_list()}).one_or_none()
    return None if row is None else dict(json.loads(row.outline))


def _path(row: Row[Any]) -> tuple[Term, ...]:
    pairs = (
        (row.district_zh, row.district_en),
        (row.street_zh, row.street_en),
        (row.community_zh, row.community_en),
    )
    return tuple(Term(zh, en) for zh, en in pairs if zh)


def _land(conn: Connection, asked: dict[str, Any]) -> list[Share]:
    return [
        Share(row.code, row.area_m2, min(row.area_m2 / row.cell_m2, 1.0))
        for row in conn.execute(_LAND, asked)
    ]


def _open_cases(
    conn: Connection, asked: dict[str, Any], now: datetime
) -> tuple[tuple[OpenCase, ...], int]:
    rows = conn.execute(_CASES, {**asked, "most": LIST_MOST}).all()
    percent = read_setting(conn, "yellow_percent")
    share = YELLOW_AFTER if percent is None else percent / 100
    cases = tuple(
        OpenCase(
            row.id,
            row.number,
            Term(row.class_zh or row.class_code, row.class_en or row.class_code),
            State(row.state),
            lamp_of(row.started_at, row.running_due, now, share),
            row.running_due,
        )
        for row in rows
    )
    return cases, rows[0].total if rows else 0


def _watch(conn: Connection, asked: dict[str, Any], now: datetime) -> Watch:
    """`now` in the district's zone: a shift belongs to the day it begins."""
    given = {**asked, "day": now.date(), "most": _SHIFT_ROWS_MOST}
    names: dict[int, str] = {}
    on_duty = []
    for row in conn.execute(_SUPERVISORS, given):
        names[row.person_id] = row.name
        if row.day is None:
            continue
        shift = Shift(0, "", Term(row.shift_zh, row.shift_en), row.starts, row.ends)
        begins, ends = shift.span(row.day, now.tzinfo)  # type: ignore[arg-type]
        if begins <= now < ends:
            on_duty.append(OnDuty(row.name, shift.name, ends))
    return Watch(tuple(names.values()), tuple(on_duty))
