"""Clusters of open cases: whole counts at every level, one place each, the lamp of the worst."""

import math
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Scope
from gis.tiles.sql import LAMP_BASE, tile_statement
from tests import factories as make
from tests.mvt import decode

EVERYTHING = Scope(("",))
NEIGHBOUR = f"{make.STREET}002"
"""Another community of the same street."""
LEVELS = {8: 6, 11: 9, 13: 12, 14: 15}
"""From which zoom on counts are by district, street, community and cell: digits of their codes."""


def address(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    n = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


def clusters(
    conn: Connection,
    zoom: int,
    scope: Scope = EVERYTHING,
    place: tuple[int, int] | None = None,
    source: str = "case_cluster",
) -> dict[int, dict[str, Any]]:
    """The clusters of a tile by the number of their area, or its cases by their id."""
    statement = tile_statement(
        "cases",
        zoom,
        scoped="" not in scope.prefixes,
        by_department=scope.department_id is not None,
    )
    assert statement is not None
    column, row = place or address(*make.middle(), zoom)
    prefixes = ",".join(f"'{prefix}'" for prefix in scope.prefixes)
    given = {"scope": f"ARRAY[{prefixes}]", "department": str(scope.department_id)}
    args = [str(zoom), str(column), str(row), *(given[name] for name in statement.takes)]
    conn.exec_driver_sql(f"PREPARE tile AS {statement.sql.replace('%', '%%')}")
    body = bytes(conn.exec_driver_sql(f"EXECUTE tile({','.join(args)})").scalar() or b"")
    conn.exec_driver_sql("DEALLOCATE tile")
    return {f["id"]: f["properties"] for f in decode(body).get(source, [])}


@pytest.fixture
def street(conn: Connection) -> Connection:
    """Three cells in two communities of a street, drawn; six cases, one of them closed."""
    make.make_cell(conn)
    make.make_cell(conn, 1)
    make.make_area(conn, code=NEIGHBOUR, level=4, parent_code=make.STREET)
    make.make_cell(conn, 2, code=f"{NEIGHBOUR}001", community_code=NEIGHBOUR)
    outline = (
        "UPDATE area SET geom = (SELECT ST_Multi(ST_Union(geom)) FROM grid_cell"
        " WHERE code ^@ area.code) WHERE level IN (2, 3, 4)"
    )
    conn.execute(text(outline))
    for x, cell in ((0, make.grid_code()), (0, make.grid_code()), (1, make.grid_code(1))):
        make.make_case(conn, at=make.middle(x), grid_code=cell, due_at=make.NOW)
    for _ in range(2):
        make.make_case(
            conn, at=make.middle(2), grid_code=f"{NEIGHBOUR}001", community_code=NEIGHBOUR
        )
    make.make_case(conn, state="CLOSED")
    return conn


def test_every_level_counts_every_open_case_once(street: Connection) -> None:
    for zoom, digits in LEVELS.items():
        found = clusters(street, zoom)
        assert sum(cluster["n"] for cluster in found.values()) == 5, zoom
        assert {len(str(code)) for code in found} == {digits}
    by_cell = {code: cluster["n"] for code, cluster in clusters(street, 14).items()}
    assert by_cell == {
        int(make.grid_code()): 2,
        int(make.grid_code(1)): 1,
        int(f"{NEIGHBOUR}001"): 2,
    }


def test_a_cluster_near_an_edge_is_the_same_in_both_tiles(street: Connection) -> None:
    """Its circle is drawn by both, each up to the edge: never two halves with own counts."""
    column, row = address(*make.middle(), 13)
    seen: dict[int, list[int]] = {}
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            for code, cluster in clusters(street, 13, place=(x, y)).items():
                seen.setdefault(code, []).append(cluster["n"])
    assert set(seen) == {int(make.COMMUNITY), int(NEIGHBOUR)}
    assert all(len(set(counts)) == 1 for counts in seen.values())


def test_an_area_without_open_cases_has_no_cluster(street: Connection) -> None:
    street.execute(
        text("UPDATE cases SET open = false WHERE community_code = :c"), {"c": NEIGHBOUR}
    )
    assert set(clusters(street, 13)) == {int(make.COMMUNITY)}


def test_the_lamp_is_that_of_the_case_that_is_due_first(street: Connection) -> None:
    minutes = int(make.NOW.timestamp() // 60)

    def at_first() -> Any:
        return clusters(street, 11)[int(make.STREET)]["due"]

    assert at_first() == minutes
    sooner = {"at": make.middle(), "due_at": make.NOW - timedelta(hours=3)}
    make.make_case(street, state="SUSPENDED", **sooner)
    make.make_case(street, handled_at=make.NOW, **sooner)
    assert at_first() == minutes, "a clock that stands still counts for nobody"
    make.make_case(street, state="HANDLING", **sooner)
    assert at_first() == minutes - 180


def test_a_case_says_how_long_before_its_end_it_turns_yellow(street: Connection) -> None:
    """A fifth of the time since filing, dispatch or report, or what the district sets."""
    due_at = make.NOW + timedelta(hours=10, seconds=30)
    began = {"reported_at": make.NOW - timedelta(days=3), "filed_at": due_at - timedelta(hours=50)}
    number = make.make_case(street, state="HANDLING", due_at=due_at, at=make.middle(), **began)
    still = make.make_case(street, state="SUSPENDED", due_at=due_at, at=make.middle(), **began)

    def lamp() -> tuple[int, int]:
        found = clusters(street, 16, source="case")
        assert "due" not in found[still], "a clock that stands still has no lamp"
        return divmod(found[number]["due"], LAMP_BASE)

    ends = int(due_at.timestamp() // 60)
    assert lamp() == (ends, 600)
    make.set_setting(street, "yellow_percent", 50)
    assert lamp() == (ends, 1_500)


def test_half_of_the_cases_are_due_by_the_middle_moment(street: Connection) -> None:
    for hours in (-9, -6, 5):
        due_at = make.NOW + timedelta(hours=hours)
        make.make_case(street, at=make.middle(), state="HANDLING", due_at=due_at)
    found = clusters(street, 11)[int(make.STREET)]
    assert found["due"] == int(make.NOW.timestamp() // 60) - 9 * 60
    assert found["middle"] == int(make.NOW.timestamp() // 60)


def test_who_stands_in_a_part_of_an_area_gets_a_cluster_of_that_part(street: Connection) -> None:
    for zoom, area in ((8, make.DISTRICT), (11, make.STREET), (13, NEIGHBOUR)):
        found = clusters(street, zoom, Scope((NEIGHBOUR,)))
        assert {code: cluster["n"] for code, cluster in found.items()} == {int(area): 2}
    assert clusters(street, 8, Scope(("110101002",))) == {}
    assert set(clusters(street, 14, Scope((NEIGHBOUR,)))) == {int(f"{NEIGHBOUR}001")}
