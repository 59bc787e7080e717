"""The search box of the map."""

from sqlalchemy import Connection

from gis.accounts.model import Role
from gis.tiles.search import search
from tests.factories import STREET, grid_code, make_actor, make_case, make_cell, middle


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
