"""How many features lie in a box: those that reach into it, by the codes of the legend."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.catalog.layers import layers
from gis.catalog.styles import shipped_style
from gis.errors import Forbidden
from gis.tiles import counts
from gis.tiles.counts import Count, counted_source, counts_in
from tests.factories import (
    COMMUNITY,
    NOW,
    make_actor,
    make_case,
    make_cell,
    make_component,
    make_department,
    middle,
)

MAP = layers()
BOX = (116.4002, 39.9002, 116.4008, 39.9008)
"""Inside the first cell, around its middle."""


def count(conn: Connection, layer: str, bounds: Any = BOX, *roles: Role, **actor: Any) -> Count:
    who = actor.pop("who", None) or make_actor(conn, *(roles or (Role.DISPATCHER,)), **actor)
    return counts_in(conn, [MAP[layer]], bounds, actor=who)[layer]


def make_road(conn: Connection, *corners: tuple[float, float]) -> None:
    line = ",".join(f"{lon} {lat}" for lon, lat in corners)
    conn.execute(
        text("INSERT INTO road (name, class, rank, length_m, geom) VALUES ('路', 'primary', 1, 1,"
             " ST_GeomFromEWKT(:line))"), {"line": f"SRID=4490;LINESTRING({line})"},
    )  # fmt: skip


def test_a_line_counts_when_it_reaches_into_the_box_not_when_its_frame_does(
    conn: Connection,
) -> None:
    make_road(conn, (116.4003, 39.9003), (116.4004, 39.9004))  # inside
    make_road(conn, (116.39, 39.9005), (116.41, 39.9005))  # through
    make_road(conn, (116.3995, 39.9007), (116.4003, 39.9015))  # past a corner
    assert count(conn, "roads").total == 2


def test_points_on_the_edge_and_inside_count_and_those_outside_do_not(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    for x, y in ((lon, lat), (BOX[0], lat), (lon, BOX[3]), (BOX[2] + 5e-5, lat), (lon, 39.95)):
        make_component(conn, lon=x, lat=y)
    assert count(conn, "components").total == 3


def test_codes_are_those_of_the_legend(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    for code in ("0101", "0102", "0201"):
        make_component(conn, lon=lon, lat=lat, class_code=code)
    make_component(conn, lon=lon, lat=lat, state="removed")
    assert count(conn, "components") == Count(3, {"1": 2, "2": 1})
    legend = {sign.code for sign in shipped_style(MAP["water_green"]).legend}
    assert legend == {"water", "green"}


def test_cases_are_counted_by_lamp(conn: Connection) -> None:
    make_cell(conn)
    now = datetime.now(UTC)
    for hours in (-1, 2, 3, 9):
        make_case(
            conn, state="HANDLING", due_at=now + timedelta(hours=hours),
            reported_at=now - timedelta(hours=20),
        )  # fmt: skip
    make_case(conn, state="SUSPENDED", due_at=now)
    make_case(conn, state="CLOSED", open=False, due_at=now)
    held = count(conn, "cases")
    assert held == Count(5, {"red": 1, "yellow": 2, "green": 1, "none": 1})


def test_a_handler_counts_the_cases_of_the_own_department(conn: Connection) -> None:
    make_cell(conn)
    handler = make_actor(conn, Role.HANDLER)
    make_case(conn, state="HANDLING", department_id=handler.department_id)
    make_case(conn, state="HANDLING", department_id=make_department(conn))
    assert count(conn, "cases", who=handler).total == 1


@pytest.mark.parametrize("few", [0, 2_000])
@pytest.mark.parametrize("outline", [None, BOX, (116.40015, 39.9, 116.402, 39.902), (1, 1, 2, 2)])
def test_recent_cases_are_counted_alike_through_cells_and_communities(
    conn: Connection, monkeypatch: pytest.MonkeyPatch, few: int, outline: Any
) -> None:
    """Whether the community lies in the box, half in it, or is not drawn; never by its frame."""
    make_cell(conn)
    if outline is not None and outline[0] != 1:
        conn.execute(
            text("UPDATE area SET geom = ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4490))"
                 " WHERE code = :code"),
            {**dict(zip("wsen", outline, strict=True)), "code": COMMUNITY},
        )  # fmt: skip
    now = datetime.now(UTC)
    make_case(conn, at=middle(), reported_at=now)
    make_case(conn, at=middle(), reported_at=now - timedelta(days=100))
    if outline != BOX:  # a case lies in its community
        make_case(conn, at=middle(0.4, 0.4), reported_at=now)
    monkeypatch.setattr(counts, "CELLS_MOST", few)
    assert count(conn, "case_days").total == 1


def test_beyond_the_limit_a_count_is_a_lower_bound(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cell(conn)
    lon, lat = middle()
    for _ in range(4):
        make_component(conn, lon=lon, lat=lat)
    monkeypatch.setattr(counts, "COUNTED_MOST", 3)
    held = count(conn, "components")
    assert (held.total, held.capped) == (3, True)


def test_each_layer_is_counted_by_what_it_draws_nearest_to_the_ground() -> None:
    expected = {
        "grids": "grid", "pipelines": "pipe", "components": "component", "cases": "case",
        "case_days": "case_day", "roads": "road", "land_use": "parcel",
    }  # fmt: skip
    found = {name: counted_source(MAP[name], shipped_style(MAP[name])) for name in expected}
    assert {name: source and source.name for name, source in found.items()} == expected


def test_a_layer_that_is_not_the_readers_is_refused(conn: Connection) -> None:
    with pytest.raises(Forbidden):
        count(conn, "pipelines", BOX, Role.SUPERVISOR)


def test_nothing_of_another_area_is_counted(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    make_component(conn, lon=lon, lat=lat)
    make_case(conn, reported_at=NOW)
    for layer in ("components", "cases", "case_days", "grids"):
        assert count(conn, layer, scope=("110101002",)).total == 0
