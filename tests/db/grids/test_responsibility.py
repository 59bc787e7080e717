"""Responsibility grids: groups of cells, one group per cell, with validity."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Actor, Role, Scope
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Term
from gis.grids.responsibility import (
    ResponsibilityGrid,
    end_group,
    group_cells,
    responsibility_grids,
)
from tests.factories import COMMUNITY, DISTRICT, NOW, TODAY, make_actor, make_cell

NAME = Term("一号责任网格", "Responsibility grid 1")


@pytest.fixture
def cells(conn: Connection) -> list[str]:
    return sorted(make_cell(conn, x=x, y=0) for x in range(3))


def group(
    conn: Connection, cells: list[str], code: str = "R1", actor: Actor = SYSTEM
) -> ResponsibilityGrid:
    return group_cells(
        conn,
        actor=actor,
        code=code,
        name=NAME,
        area_code=COMMUNITY,
        grid_codes=cells,
        valid_from=TODAY,
        now=NOW,
    )


def test_a_group_is_read_back_as_it_was_made(conn: Connection, cells: list[str]) -> None:
    made = group(conn, cells[::-1])
    assert made.grid_codes == tuple(cells)
    assert responsibility_grids(conn, scope=Scope((DISTRICT,))) == [made]
    assert responsibility_grids(conn, scope=Scope(("990199",))) == []


def test_a_cell_belongs_to_one_group_at_a_time(conn: Connection, cells: list[str]) -> None:
    group(conn, cells[:2])
    with pytest.raises(Conflict, match=f"{cells[1]} belongs to responsibility grid R1"):
        group(conn, cells[1:], "R2")


def test_an_ended_group_frees_its_cells_and_stays_readable(
    conn: Connection, cells: list[str]
) -> None:
    group(conn, cells)
    end_group(conn, actor=SYSTEM, code="R1", valid_to=TODAY + timedelta(days=7), now=NOW)
    group(conn, cells, "R2")
    rows = conn.execute(text("SELECT code, valid_to FROM responsibility_grid ORDER BY code"))
    assert [tuple(r) for r in rows] == [("R1", TODAY + timedelta(days=7)), ("R2", None)]


def test_a_group_in_force_for_no_day_leaves_no_trace_but_the_trail(
    conn: Connection, cells: list[str]
) -> None:
    group(conn, cells)
    end_group(conn, actor=SYSTEM, code="R1", valid_to=TODAY, now=NOW)
    assert conn.scalar(text("SELECT count(*) FROM responsibility_grid")) == 0
    trail = text("SELECT action FROM audit_event WHERE subject_type = 'responsibility_grid'")
    assert list(conn.scalars(trail)) == ["group", "end"]


def test_all_wrong_cells_are_named(conn: Connection, cells: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        group(conn, [*cells, f"{COMMUNITY}998", f"{COMMUNITY}999"])
    assert len(caught.value.faults) == 2


def test_an_empty_group_and_a_taken_code_are_refused(conn: Connection, cells: list[str]) -> None:
    with pytest.raises(Invalid, match="not 0"):
        group(conn, [])
    group(conn, cells[:1])
    with pytest.raises(Conflict, match="R1 already"):
        group(conn, cells[1:])


def test_grouping_needs_the_right_and_the_area(conn: Connection, cells: list[str]) -> None:
    with pytest.raises(Forbidden):
        group(conn, cells, actor=make_actor(conn, Role.SUPERVISOR))
    elsewhere = make_actor(conn, Role.SHIFT_LEADER, scope=("110102",))
    with pytest.raises(Forbidden):
        group(conn, cells, actor=elsewhere)


def test_ending_a_group_of_another_area_reads_as_not_found(
    conn: Connection, cells: list[str]
) -> None:
    group(conn, cells)
    elsewhere = make_actor(conn, Role.SHIFT_LEADER, scope=("110102",))
    with pytest.raises(NotFound):
        end_group(conn, actor=elsewhere, code="R1", valid_to=TODAY, now=NOW)
