"""Merged mains: nothing is lost, and each area has its own."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.errors import Forbidden
from gis.pipelines.commands import LEVELS, merge_mains
from tests import factories as make

OTHER = "110101002001"
_SUMS = text("SELECT level, kind, area_code, segments, length_m FROM pipe_main ORDER BY 1, 2, 3")


def lay(conn: Connection, x: int, *, cell: str, kind: str = "JS", main: bool = True) -> None:
    """One segment of 80 m from the middle of a square to the next, as surveys cut them."""
    (west, south), (east, north) = make.middle(x, 0), make.middle(x + 1, 0)
    line = f"SRID=4490;LINESTRING({west} {south}, {east} {north})"
    conn.execute(
        text(
            "INSERT INTO pipe_segment (code, kind, main, length_m, grid_code, geom)"
            " VALUES (:code, :kind, :main, 80, :cell, ST_GeomFromEWKT(:line))"
        ),
        {"code": f"{kind}{cell}{x}{main}", "kind": kind, "main": main, "cell": cell, "line": line},
    )


@pytest.fixture
def network(conn: Connection) -> Connection:
    """A main through two communities of one street and into another street; a branch beside it."""
    make.make_cell(conn)
    second = f"{make.STREET}002001"
    cells = [make.grid_code(), make.grid_code(1), second, f"{OTHER}001", f"{OTHER}002"]
    for x, cell in enumerate(cells):
        lay(conn, x, cell=cell)
    lay(conn, 0, cell=cells[0], kind="WS")
    lay(conn, 1, cell=cells[1], main=False)
    merge_mains(conn, actor=SYSTEM, now=make.NOW)
    return conn


def mains(conn: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.execute(_SUMS)]


def test_each_kind_is_one_shape_per_street_and_per_community(network: Connection) -> None:
    street, community = make.STREET, make.COMMUNITY
    assert mains(network) == [
        (3, "JS", street, 3, 240.0),
        (3, "JS", "110101002", 2, 160.0),
        (3, "WS", street, 1, 80.0),
        (4, "JS", community, 2, 160.0),
        (4, "JS", f"{street}002", 1, 80.0),
        (4, "JS", OTHER, 2, 160.0),
        (4, "WS", community, 1, 80.0),
    ]


def test_lengths_of_a_level_are_those_of_the_segments(network: Connection) -> None:
    whole = network.execute(text("SELECT sum(length_m) FROM pipe_segment WHERE main")).scalar()
    for level, _digits, _coarse in LEVELS:
        found = network.execute(
            text("SELECT sum(length_m) FROM pipe_main WHERE level = :level"), {"level": level}
        ).scalar()
        assert found == whole


def test_pieces_that_touch_become_one_line(network: Connection) -> None:
    rows = network.execute(
        text("SELECT ST_NumGeometries(geom) AS lines, ST_NPoints(geom) AS points FROM pipe_main")
    )
    assert {(row.lines, row.points) for row in rows} == {(1, 2)}


def test_merging_again_gives_the_same_and_raises_the_version_once(network: Connection) -> None:
    version = text("SELECT version FROM layer_version WHERE layer = 'pipe_main'")
    before, first = mains(network), network.execute(version).scalar_one()
    merge_mains(network, actor=SYSTEM, now=make.NOW)
    assert mains(network) == before
    assert network.execute(version).scalar_one() == first + 1


def test_only_who_manages_data_merges(conn: Connection) -> None:
    with pytest.raises(Forbidden):
        merge_mains(conn, actor=make.make_actor(conn, Role.PLANNER), now=make.NOW)
