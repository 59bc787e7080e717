"""Whoever asks where a point is gets one answer."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.intake import report_case
from gis.cases.places import locate
from gis.cases.records import NewCase
from gis.cases.settings import CaseSettings
from gis.errors import Invalid
from gis.grids.queries import cell_at
from gis.standards.model import Kind
from tests import factories as make

SIDE = 3


@pytest.fixture
def actor(conn: Connection) -> Actor:
    for x in range(SIDE):
        for y in range(SIDE):
            make.make_cell(conn, x, y)
    return make.make_actor(conn, Role.SUPERVISOR)


# Tenths of a cell, so that edges and corners come up as often as insides and outsides.
TENTHS = st.integers(-3, SIDE * 10 + 3)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(x=TENTHS, y=TENTHS)
def test_grids_map_and_intake_name_the_same_single_cell(
    conn: Connection, actor: Actor, x: int, y: int
) -> None:
    lon, lat = make.WEST + x * make.STEP / 10, make.SOUTH + y * make.STEP / 10
    cells = conn.execute(
        text(
            "SELECT code FROM grid_cell WHERE ST_Covers(geom,"
            " ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)) ORDER BY code"
        ),
        {"lon": lon, "lat": lat},
    ).scalars()
    wanted = next(iter(cells.all()), None)
    found = cell_at(conn, lon=lon, lat=lat)
    assert (found and found.code) == wanted
    spot = locate(conn, lon=lon, lat=lat, now=make.NOW, settings=CaseSettings())
    assert (spot and spot.grid_code) == wanted
    report = NewCase(kind=Kind.EVENT, class_code="0110", lon=lon, lat=lat, text="x")
    point = conn.begin_nested()
    try:
        made = report_case(
            conn, actor=actor, report=report, key=f"{x} {y}", now=make.NOW + timedelta(0)
        )
        assert made.grid_code == wanted
    except Invalid:
        assert wanted is None
    finally:
        point.rollback()
