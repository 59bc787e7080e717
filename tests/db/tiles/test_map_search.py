"""The search box of the map."""

from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.tiles.search import search
from tests.factories import (
    STREET,
    grid_code,
    make_actor,
    make_case,
    make_cell,
    make_component,
    middle,
)


def test_the_beginning_of_a_case_number_finds_the_newest_first(conn: Connection) -> None:
    make_cell(conn)
    make_case(conn, number=f"{STREET}-261118-0001")
    newest = make_case(conn, number=f"{STREET}-261118-0002", at=middle(0.2, 0.1))
    acceptor = make_actor(conn, Role.ACCEPTOR)
    hits = search(conn, f"{STREET}-2611", actor=acceptor)
    assert [hit.title.zh[-4:] for hit in hits] == ["0002", "0001"]
    assert (hits[0].layer, hits[0].source, hits[0].id) == ("cases", "case", newest)
    assert hits[0].centre == middle(0.2, 0.1)


def test_cases_of_other_areas_are_not_found_and_not_without_the_permission(
    conn: Connection,
) -> None:
    make_cell(conn)
    make_case(conn, number=f"{STREET}-261118-0001")
    wanted = f"{STREET}-261118-0001"
    assert search(conn, wanted, actor=make_actor(conn, Role.ACCEPTOR, scope=("110101002",))) == []
    assert search(conn, wanted, actor=make_actor(conn, Role.PLANNER)) == []


def test_a_grid_code_answers_with_its_box_and_is_a_feature_inside_the_scope(
    conn: Connection,
) -> None:
    code = make_cell(conn)
    [hit] = search(conn, code, actor=make_actor(conn, Role.PLANNER))
    west, south, east, north = hit.bounds
    assert west < east
    assert south < north
    assert (hit.layer, hit.source, hit.id) == ("grids", "grid", int(grid_code()))
    [seen] = search(conn, code, actor=make_actor(conn, Role.PLANNER, scope=("110101002",)))
    assert (seen.layer, seen.id) == (None, None)


def test_too_short_and_hostile_texts_find_nothing(conn: Connection) -> None:
    make_cell(conn)
    actor = make_actor(conn, *Role)
    for wanted in ("", " ", "1", "%%", "__", "'; DROP TABLE cases; --", "x" * 5000):
        assert search(conn, wanted, actor=actor) == []


def test_a_short_beginning_stays_inside_the_streets_of_the_scope(conn: Connection) -> None:
    make_cell(conn)
    make_case(conn, number=f"{STREET}-261118-0001")
    make_case(conn, number="110101002-261118-0001", grid_code="110101002001001")
    actor = make_actor(conn, Role.ACCEPTOR, scope=(STREET,))
    found = search(conn, "110101", actor=actor)
    assert [hit.title.zh for hit in found if hit.layer == "cases"] == [f"{STREET}-261118-0001"]
    everybody = make_actor(conn, Role.ACCEPTOR, scope=("",))
    assert len([h for h in search(conn, "110101", actor=everybody) if h.layer == "cases"]) == 2


def test_a_component_is_found_by_its_code_and_by_the_beginning_of_it(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    key = make_component(conn, lon=lon, lat=lat, code="1101010101000042")
    make_component(conn, lon=lon, lat=lat, code="1101010101000043", state="removed")
    actor = make_actor(conn, Role.PLANNER)
    for wanted in ("1101010101000042", "11010101010000"):
        [hit] = [h for h in search(conn, wanted, actor=actor) if h.layer == "components"]
        assert (hit.source, hit.id, hit.centre) == ("component", key, (lon, lat))
    stranger = make_actor(conn, Role.PLANNER, scope=("110101002",))
    assert search(conn, "1101010101000042", actor=stranger) == []


def test_typed_degrees_are_a_point_whichever_comes_first(conn: Connection) -> None:
    make_cell(conn)
    actor = make_actor(conn, Role.PLANNER)
    lon, lat = middle()
    for wanted in (f"{lon},{lat}", f"{lon}，{lat}", f"{lat} {lon}", f"{lon}°, {lat}°"):
        [hit] = search(conn, wanted, actor=actor)
        assert hit.centre == (lon, lat)
        assert (hit.where.zh, hit.layer) == (grid_code(), None)
    for wanted in ("200,200", "91, 181", "116.4,", "1e9,3"):
        assert search(conn, wanted, actor=actor) == []


def test_an_area_whose_code_was_typed_stands_before_the_cases_of_that_street(
    conn: Connection,
) -> None:
    make_cell(conn)
    conn.execute(
        text("UPDATE area SET geom = ST_Multi(ST_MakeEnvelope(116.4, 39.9, 116.41, 39.91, 4490))"
             " WHERE code = :code"), {"code": STREET},
    )  # fmt: skip
    make_case(conn, number=f"{STREET}-261118-0001")
    hits = search(conn, STREET, actor=make_actor(conn, Role.ACCEPTOR))
    assert (hits[0].source, hits[1].source) == ("street", "case")
