"""Places that come back: what counts, what is written, who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role, Scope
from gis.cases.clusters.repeats import Refreshed, RepeatPlace, refresh_repeat_places, repeat_places
from gis.catalog.layers import layers
from tests import factories as make
from tests.db.other_street import draw, shapes
from tests.db.tiles_of_streets import tiles_of

LON, LAT = make.middle()
METRE = 1 / 111_000
DISTRICT = Scope((make.DISTRICT,))


def reports(conn: Connection, *metres: float, **more: Any) -> list[int]:
    """Cases north of the middle, each a day older than the one before."""
    return [
        make.make_case(
            conn,
            at=(LON, LAT + away * METRE),
            reported_at=make.NOW - timedelta(days=age + 1),
            **({"class_code": "0110"} | more),
        )
        for age, away in enumerate(metres)
    ]


def refreshed(conn: Connection) -> Refreshed:
    done = refresh_repeat_places(conn, now=make.NOW)
    assert done is not None
    return done


def places(conn: Connection, **more: Any) -> list[RepeatPlace]:
    return repeat_places(conn, **({"scope": DISTRICT, "now": make.NOW, "days": 90} | more))


@pytest.fixture
def cell(conn: Connection) -> str:
    return make.make_cell(conn)


def test_three_reports_of_a_class_at_one_point_are_a_place_and_two_are_none(
    conn: Connection, cell: str
) -> None:
    ids = reports(conn, 0, 12, 25)
    reports(conn, 0, 5, class_code="0201")
    assert refreshed(conn) == Refreshed(found=1, changed=1, gone=0)
    (place,) = places(conn)
    assert (place.reports, place.rank, place.still_open, place.id) == (3, 1, 3, min(ids))
    assert place.first_at == make.NOW - timedelta(days=3)
    assert place.last_at == make.NOW - timedelta(days=1)


def test_five_reports_come_back_very_often(conn: Connection, cell: str) -> None:
    reports(conn, 0, 5, 10, 15, 20)
    refreshed(conn)
    assert [p.rank for p in places(conn)] == [2]


def test_reports_farther_apart_than_the_radius_are_no_place(conn: Connection, cell: str) -> None:
    reports(conn, 0, 32, 64)
    assert refreshed(conn).found == 0
    make.set_setting(conn, "repeat_radius_m", 35)
    assert refreshed(conn).found == 1


def test_refused_reports_do_not_count_and_merged_ones_do(conn: Connection, cell: str) -> None:
    reports(conn, 0, 1)
    reports(conn, 2, state="NOT_ACCEPTED")
    assert refreshed(conn).found == 0
    reports(conn, 3, state="MERGED")
    assert refreshed(conn).found == 1
    assert places(conn)[0].still_open == 2


def test_what_stays_the_same_is_not_written_and_what_is_over_goes(
    conn: Connection, cell: str
) -> None:
    reports(conn, 0, 1, 2)
    refreshed(conn)
    version = "SELECT version FROM layer_version WHERE layer = 'repeat_place'"
    before = conn.execute(text(version)).scalar()
    assert refreshed(conn) == Refreshed(found=1, changed=0, gone=0)
    assert conn.execute(text(version)).scalar() == before
    reports(conn, 4)
    assert refreshed(conn) == Refreshed(found=1, changed=1, gone=0)
    later = refresh_repeat_places(conn, now=make.NOW + timedelta(days=89))
    assert later == Refreshed(found=0, changed=0, gone=1)
    assert conn.execute(text(version)).scalar() > before


def test_a_shorter_period_and_a_higher_number_are_asked_of_what_is_kept(
    conn: Connection, cell: str
) -> None:
    reports(conn, 0, 1, 2, 3)
    refreshed(conn)
    assert [p.reports for p in places(conn, days=3)] == [3]
    assert places(conn, days=2) == []
    assert places(conn, least=5) == []
    assert places(conn, area="110101002") == []
    assert len(places(conn, area=make.STREET)) == 1


def test_a_place_never_reaches_across_a_street(conn: Connection, cell: str) -> None:
    reports(conn, 0, 1)
    make.make_area(conn, code="110101002", level=3)
    other = {"street_code": "110101002", "grid_code": "110101002001001"}
    reports(conn, 2, 3, **other)
    assert refreshed(conn).found == 0
    reports(conn, 4, **other)
    assert refreshed(conn).found == 1
    assert places(conn, scope=Scope((make.STREET,))) == []
    assert len(places(conn, scope=Scope(("110101002",)))) == 1


def test_a_department_sees_places_that_are_its_own_only(conn: Connection, cell: str) -> None:
    own, foreign = make.make_department(conn), make.make_department(conn)
    reports(conn, 0, 1, 2, department_id=own, state="HANDLING")
    reports(conn, 3, state="MERGED")
    reports(conn, 0, 1, 2, class_code="0201", department_id=own, state="HANDLING")
    reports(conn, 3, class_code="0201", department_id=foreign, state="HANDLING")
    refreshed(conn)
    draw(conn, make.DISTRICT, shapes(0, 0)[2])
    handler = make.make_actor(conn, Role.HANDLER, department_id=own)
    stranger = make.make_actor(conn, Role.HANDLER, department_id=foreign)
    assert [p.class_code for p in places(conn, scope=handler.scope)] == ["0110"]
    assert places(conn, scope=stranger.scope) == []
    assert len(places(conn)) == 2
    assert _tiles(conn, handler) != _tiles(conn, stranger)


def _tiles(conn: Connection, who: Actor) -> Any:
    return tiles_of(conn, layers()["repeat_places"], 16, who.scope)
