"""Reports near the edge of a unit grid: which cells are possible, who chooses, what is kept."""

from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from gis.accounts.model import Actor, Role
from gis.cases.cell_edge.queries import cells_within, edge_of_case
from gis.cases.intake import report_case
from gis.cases.records import NewCase, Reported
from gis.cases.settings import CaseSettings, read_case_settings
from gis.errors import Forbidden, Invalid
from gis.standards.model import Kind
from tests import factories as make
from tests.factories import NOW, SOUTH, STEP, WEST, grid_code, make_actor, make_cell, set_setting

EDGE = WEST + STEP
"""Longitude of the line between the first and the second cell."""
LAT = SOUTH + STEP / 2
FIVE_M = 5 / 85_400
"""Degrees of longitude at this latitude."""
OTHER_STREET = "110101002"


@pytest.fixture
def actor(conn: Connection) -> Actor:
    make_cell(conn)
    make_cell(conn, 1)
    return make_actor(conn, Role.SUPERVISOR, scope=(make.DISTRICT,))


def near(**more: Any) -> NewCase:
    """A report five metres west of the line, seen with an accuracy of ten."""
    parts: dict[str, Any] = {
        "kind": Kind.EVENT, "class_code": "0110", "lon": EDGE - FIVE_M, "lat": LAT,
        "text": "垃圾", "accuracy_m": 10.0, "located_by": "gps",
    }  # fmt: skip
    return NewCase(**{**parts, **more})


def made(conn: Connection, actor: Actor, report: NewCase, key: str = "k") -> Reported:
    return report_case(conn, actor=actor, report=report, key=key, now=NOW)


def edge(conn: Connection, actor: Actor, case: Reported) -> Any:
    return edge_of_case(conn, case.case_id, scope=actor.scope)


def test_both_cells_are_candidates_with_distance_direction_and_outline(
    conn: Connection, actor: Actor
) -> None:
    here, other = cells_within(
        conn, lon=EDGE - FIVE_M, lat=LAT, accuracy_m=10, now=NOW, settings=read_case_settings(conn)
    )
    assert (here.grid_code, here.distance_m, here.direction) == (grid_code(), 0, None)
    assert other.grid_code == grid_code(1)
    assert other.distance_m == pytest.approx(5, abs=0.2)
    assert other.direction == pytest.approx(90, abs=2)
    assert here.community is not None and here.community.zh == "多福巷社区"
    [ring] = other.outline
    assert min(x for x, _ in ring) == pytest.approx(5, abs=0.3)
    assert max(abs(part) for point in ring for part in point) <= 31


@pytest.mark.parametrize("accuracy", [None, 0.0, 4.0])
def test_a_position_that_cannot_lie_in_another_cell_asks_nothing(
    conn: Connection, actor: Actor, accuracy: float | None
) -> None:
    settings = read_case_settings(conn)
    found = cells_within(
        conn, lon=EDGE - FIVE_M, lat=LAT, accuracy_m=accuracy, now=NOW, settings=settings
    )
    assert len(found) == (0 if not accuracy else 1)
    assert edge(conn, actor, made(conn, actor, near(accuracy_m=accuracy))) is None


def test_a_bad_position_is_asked_about_as_far_as_the_setting_says(
    conn: Connection, actor: Actor
) -> None:
    far = {"lon": EDGE - 6 * FIVE_M, "lat": LAT, "accuracy_m": 3_000.0, "now": NOW}
    assert len(cells_within(conn, settings=CaseSettings(), **far)) == 2
    assert len(cells_within(conn, settings=CaseSettings(near_edge_most_m=20), **far)) == 1


def test_without_a_choice_the_point_decides_and_the_case_remembers_that_nobody_was_asked(
    conn: Connection, actor: Actor
) -> None:
    case = made(conn, actor, near())
    kept = edge(conn, actor, case)
    assert case.grid_code == kept.chosen_cell == kept.point_cell == grid_code()
    assert kept.chosen_by is None
    assert [cell.grid_code for cell in kept.cells] == [grid_code(), grid_code(1)]


def test_the_choice_decides_and_is_kept_with_who_made_it(conn: Connection, actor: Actor) -> None:
    case = made(conn, actor, near(cell_choice=grid_code(1)))
    kept = edge(conn, actor, case)
    assert case.grid_code == kept.chosen_cell == grid_code(1)
    assert (kept.point_cell, kept.chosen_by, kept.accuracy_m) == (grid_code(), actor.name, 10)
    data = conn.execute(text("SELECT data FROM case_event WHERE case_id = :id"),
                        {"id": case.case_id}).scalar_one()  # fmt: skip
    assert data["cell_choice"] == grid_code(1)


def test_number_and_area_follow_the_choice(conn: Connection, actor: Actor) -> None:
    code = f"{OTHER_STREET}001001"
    make_cell(conn, 0, 1, code=code, street_code=OTHER_STREET, community_code=f"{OTHER_STREET}001")
    report = near(lon=WEST + STEP / 2, lat=SOUTH + STEP - 5 / 111_000, cell_choice=code)
    case = made(conn, actor, report)
    assert (case.grid_code, case.street_code) == (code, OTHER_STREET)
    assert case.number.startswith(f"{OTHER_STREET}-")


@pytest.mark.parametrize("choice", [grid_code(5), "999999999999999"])
def test_a_cell_that_is_not_within_the_accuracy_is_refused_at_the_choice(
    conn: Connection, actor: Actor, choice: str
) -> None:
    make_cell(conn, 5)
    with pytest.raises(Invalid) as refused:
        made(conn, actor, near(cell_choice=choice))
    assert [fault.field for fault in refused.value.faults] == ["cell_choice"]


@pytest.mark.parametrize("choice", ["x", "", "1" * 20, "'; --"])
def test_a_choice_that_is_no_code_is_refused(conn: Connection, actor: Actor, choice: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(conn, actor, near(cell_choice=choice))
    assert [fault.field for fault in refused.value.faults] == ["cell_choice"]


def test_a_point_on_the_map_has_no_choice(conn: Connection, actor: Actor) -> None:
    with pytest.raises(Invalid):
        made(conn, actor, near(accuracy_m=None, located_by="map", cell_choice=grid_code(1)))


def test_the_neighbour_cannot_be_chosen_outside_the_own_area(conn: Connection) -> None:
    make_cell(conn)
    make_cell(conn, 1)
    actor = make_actor(conn, Role.SUPERVISOR, cells=(grid_code(1),))
    with pytest.raises(Forbidden):
        made(conn, actor, near())
    chosen = made(conn, actor, near(cell_choice=grid_code(1)), key="k2")
    assert chosen.grid_code == grid_code(1)


def test_a_replay_answers_the_choice_of_the_first_and_another_choice_is_another_report(
    conn: Connection, actor: Actor
) -> None:
    first = made(conn, actor, near(cell_choice=grid_code(1)))
    again = made(conn, actor, near(cell_choice=grid_code(1)))
    assert (again.number, again.replayed) == (first.number, True)
    with pytest.raises(Invalid):
        made(conn, actor, near())


def test_keys_of_reports_from_before_there_was_a_choice_still_fit() -> None:
    assert "cell_choice" not in near().as_request()


def test_a_report_near_an_edge_is_two_statements(conn: Connection, actor: Actor) -> None:
    seen: list[str] = []
    report = near(cell_choice=grid_code(1))
    event.listen(conn, "before_cursor_execute", lambda *told: seen.append(told[2]))
    made(conn, actor, report)
    assert len(seen) == 2


def test_the_setting_of_the_district_counts_for_the_choice(conn: Connection, actor: Actor) -> None:
    set_setting(conn, "near_edge_most_m", 3)
    with pytest.raises(Invalid):
        made(conn, actor, near(cell_choice=grid_code(1)))


def test_the_edge_is_shown_to_who_may_see_the_case(conn: Connection, actor: Actor) -> None:
    case = made(conn, actor, near(cell_choice=grid_code(1)))
    stranger = make_actor(conn, Role.ACCEPTOR, scope=(OTHER_STREET,))
    assert edge(conn, stranger, case) is None
    own = edge_of_case(conn, case.case_id, scope=stranger.scope, person_id=actor.person_id)
    assert own is not None


def test_an_assisting_department_is_shown_the_edge_of_the_case_it_sees(
    conn: Connection, actor: Actor
) -> None:
    case = made(conn, actor, near(cell_choice=grid_code(1)))
    helper = make_actor(conn, Role.HANDLER)
    assert edge(conn, helper, case) is None
    conn.execute(
        text(
            "INSERT INTO case_task (case_id, department_id, words, state, made_at, changed_at)"
            " VALUES (:case, :department, '清运', 'open', :now, :now)"
        ),
        {"case": case.case_id, "department": helper.department_id, "now": NOW},
    )
    assert edge(conn, helper, case) == edge(conn, actor, case)
