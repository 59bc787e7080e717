"""A street beside one's own, filled with one of everything, and how to ask with and without it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.errors import Forbidden, NotFound
from gis.evaluation.model import period_of
from tests import factories as make

OWN_STREET, OTHER_STREET = make.STREET, "110101002"
OTHER_COMMUNITY = f"{OTHER_STREET}001"
AT = (5, 5)
"""Column and row of the other street's only cell: close enough to share a tile."""
OTHER_CELL = make.grid_code(*AT, community=OTHER_COMMUNITY)
OTHER_COMPONENT = "1101010201000001"
AROUND = (116.3, 39.8, 116.5, 40.0)
OTHER_CASE = f"{OTHER_STREET}-261117-0001"
NOW, TODAY = make.NOW, make.TODAY
WEEKLONG = timedelta(days=7)
ZONE = ZoneInfo("Asia/Shanghai")
WEEK = period_of(TODAY - timedelta(days=3), TODAY + timedelta(days=3), ZONE)


@dataclass(frozen=True)
class Other:
    """What the other street holds, by id."""

    person: int
    department: int
    post: int
    shift: int
    case: int
    photo: str
    features: dict[str, int]
    """By source of the map's tiles."""


Probe = Callable[[Connection, Actor, Other], Any]


def _insert(conn: Connection, table: str, shape: str, **row: Any) -> int:
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    sql = f"INSERT INTO {table} ({names}, geom) VALUES ({marks}, ST_GeomFromEWKT(:shape))"
    params = {**row, "shape": f"SRID=4490;{shape}"}
    return int(conn.execute(text(f"{sql} RETURNING id"), params).scalar_one())


def shapes(x: int, y: int) -> tuple[str, str, str]:
    """Point, line and polygon inside a square."""
    lon, lat = make.middle(x, y)
    line = f"LINESTRING({lon} {lat},{lon + 0.0004} {lat})"
    ring = f"{lon} {lat},{lon + 0.0008} {lat},{lon + 0.0008} {lat + 0.0008},{lon} {lat}"
    return f"POINT({lon} {lat})", line, f"POLYGON(({ring}))"


def draw(conn: Connection, code: str, polygon: str) -> None:
    conn.execute(
        text("UPDATE area SET geom = ST_Multi(ST_GeomFromEWKT(:shape)) WHERE code = :code"),
        {"code": code, "shape": f"SRID=4490;{polygon}"},
    )


def fill_cell(conn: Connection, cell: str, street: str, x: int, y: int) -> dict[str, int]:
    """One row of every protected table of the map in a cell, and the outline of its street."""
    point, line, polygon = shapes(x, y)
    lon, lat = make.middle(x, y)
    draw(conn, street, polygon)
    draw(conn, f"{street}001", polygon)
    conn.execute(
        text("INSERT INTO population (area_code, as_of, people) VALUES (:code, '2020', 9999)"),
        {"code": street},
    )
    mains = {"kind": "JS", "diameter_mm": 600, "main": True, "length_m": 34.0}
    component = {"code": OTHER_COMPONENT} if cell == OTHER_CELL else {}
    merged = f"MULTI{line.replace('(', '((')})"
    for level, area in ((3, street), (4, f"{street}001")):
        main_id = _insert(
            conn, "pipe_main", merged, level=level, area_code=area, kind="JS", segments=1,
            length_m=34.0,
        )  # fmt: skip
    cell_id = conn.execute(text("SELECT id FROM grid_cell WHERE code = :c"), {"c": cell}).scalar()
    conn.execute(
        text(
            "INSERT INTO repeat_place (id, street_code, grid_code, kind, edition, class_code,"
            " reports, still_open, rank, reported, last_at, geom) VALUES (:id, :street, :cell,"
            " 'event', '2013', '0110', 3, 0, 1, ARRAY[CAST(:now AS timestamptz)], :now,"
            " ST_GeomFromEWKT(:shape))"
        ),
        {
            "id": int(cell),
            "street": street,
            "cell": cell,
            "now": NOW,
            "shape": f"SRID=4490;{point}",
        },
    )
    return {
        "grid": int(cell_id or 0),
        "repeat_place": int(cell),
        "component": make.make_component(conn, lon=lon, lat=lat, grid_code=cell, **component),
        "pipe": _insert(conn, "pipe_segment", line, code=f"P{cell}", grid_code=cell, **mains),
        "pipe_main": main_id,
        "pipe_point": _insert(
            conn, "pipe_point", point, code=f"V{cell}", kind="JS", type="valve", grid_code=cell
        ),
        "parcel": _insert(
            conn, "parcel", polygon, code=f"L{cell}", land_use_code="0701", area_m2=900.0,
            grid_code=cell,
        ),
        "hospital": _insert(conn, "facility", point, kind="hospital", name="甲", grid_code=cell),
    }  # fmt: skip


def fill_other_street(conn: Connection) -> Other:
    make.make_area(conn, code=OTHER_STREET, level=3, parent_code=make.DISTRICT, name_zh="异街")
    make.make_area(conn, code=OTHER_COMMUNITY, level=4, parent_code=OTHER_STREET, name_zh="异社区")
    make.make_cell(
        conn, *AT, code=OTHER_CELL, street_code=OTHER_STREET, community_code=OTHER_COMMUNITY
    )
    features = fill_cell(conn, OTHER_CELL, OTHER_STREET, *AT)
    department = make.make_department(conn)
    person = make.make_person(
        conn, roles=(Role.SUPERVISOR,), area_code=OTHER_STREET, cells=(OTHER_CELL,),
        department_id=department,
    )  # fmt: skip
    shift = make.put_on_duty(conn, person)
    features["case"] = case_id = make.make_case(
        conn, number=OTHER_CASE, street_code=OTHER_STREET, community_code=OTHER_COMMUNITY,
        grid_code=OTHER_CELL, at=make.middle(*AT), state="HANDLING", reporter_id=person,
        department_id=department, filed_at=NOW, dispatched_at=NOW, due_at=NOW,
    )  # fmt: skip
    features |= {"case_day": case_id, "case_area": int(OTHER_STREET)}
    features["case_cluster"] = int(OTHER_STREET)
    make.make_case(
        conn, number=f"{OTHER_STREET}-261117-0002", street_code=OTHER_STREET,
        community_code=OTHER_COMMUNITY, grid_code=OTHER_CELL, at=make.middle(*AT),
    )  # fmt: skip
    photo = make.make_file(conn, b"other street", sent=False)
    for sql in (
        "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role)"
        " VALUES (:case, 1, 'report', 'START', 'REPORTED', :now, 'supervisor')",
        "INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
        " VALUES (:case, 1, 'report', :photo, 1)",
        "INSERT INTO evidence_finding (case_id, event_seq, sha256, kind, person_id, at, metres,"
        " flagged) VALUES (:case, 1, :photo, 'far', :person, :now, 900, true)",
        "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role, actor_id)"
        " VALUES (:case, 7, 'check_passed', 'CHECKING', 'PENDING_CLOSE', :now, 'supervisor',"
        " :person)",
        "INSERT INTO case_clock_event (case_id, seq, slot, name, operation, at, due_at,"
        " limit_value, limit_unit)"
        " VALUES (:case, 1, 'case', 'case', 'start', :now, :now, 4, 'working_hour')",
        "INSERT INTO responsibility_grid (code, name_zh, name_en, area_code)"
        " VALUES ('R2', '二', 'Two', :street)",
        "INSERT INTO map_view (owner_id, title, shared_area_code, state, changed_at)"
        " VALUES (:person, '异街', :street, '{}', :now)",
        "INSERT INTO case_filter (owner_id, desk, title, shared_area_code, query, changed_at)"
        " VALUES (:person, 'list', '异街', :street, '', :now)",
    ):
        params = {
            "case": case_id, "now": NOW, "photo": photo, "street": OTHER_STREET, "person": person,
        }  # fmt: skip
        conn.execute(text(sql), {k: v for k, v in params.items() if f":{k}" in sql})
    post = conn.execute(
        text("SELECT id FROM post WHERE person_id = :id"), {"id": person}
    ).scalar_one()
    return Other(person, department, post, shift, case_id, photo, features)


EVERYBODY = tuple(
    role for role in Role if role not in (Role.SYSTEM, Role.AUDITOR, Role.HANDLER)
)  # all permissions at once: only the area may hold anything back


@dataclass(frozen=True)
class World:
    """A district with a filled street of one's own, and somebody of it and of the whole."""

    conn: Connection
    local: Actor
    central: Actor


def _plain(answer: Any) -> str:
    return answer.to_csv() if isinstance(answer, pd.DataFrame) else repr(answer)


def asked(conn: Connection, probe: Probe, who: Actor, other: Other) -> str:
    """The answer as text; nothing of it stays in the database."""
    savepoint = conn.begin_nested()
    try:
        return _plain(probe(conn, who, other))
    except (NotFound, Forbidden):
        return "not there"
    finally:
        savepoint.rollback()


def with_and_without(world: World, probe: Probe, who: Actor) -> tuple[str, str]:
    """What somebody is answered while the other street is filled, and while it is empty."""
    filled = world.conn.begin_nested()
    other = fill_other_street(world.conn)
    with_other = asked(world.conn, probe, who, other)
    filled.rollback()
    return with_other, asked(world.conn, probe, who, other)
