"""Gaps, ties, empty posts and faulty rules: what was planted is found, and nothing else."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.dispatch.completeness import Completeness, completeness
from gis.dispatch.model import Flaw
from gis.errors import Forbidden
from gis.standards.queries import active_classes
from tests import factories as make

OTHER = "110101001002"
STREET_2 = "110101002"


@pytest.fixture
def leader(conn: Connection) -> Actor:
    """A district of two streets: 4 and 2 cells in two communities of the first, 3 in the second."""
    make.make_areas(conn)
    make.make_area(conn, code=OTHER, parent_code=make.STREET)
    make.make_area(conn, code=STREET_2, level=3, parent_code=make.DISTRICT)
    make.make_area(conn, code=f"{STREET_2}001", parent_code=STREET_2)
    for x in range(4):
        make.make_cell(conn, x, 0)
    for x in range(2):
        code = make.grid_code(x, 1, OTHER)
        make.make_cell(conn, x, 1, code=code, community_code=OTHER)
    for x in range(3):
        code = make.grid_code(x, 2, f"{STREET_2}001")
        make.make_cell(conn, x, 2, code=code, street_code=STREET_2, community_code=f"{STREET_2}001")
    return make.make_actor(conn, Role.CENTRE_LEADER)


def looked(conn: Connection, actor: Actor, area: str = "") -> Completeness:
    return completeness(conn, actor=actor, now=make.NOW, area=area)


def gaps(found: Completeness) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (row.area_code, f"{row.kind}:{row.class_code}"): (row.none, row.partly, row.cells)
        for row in found.gaps.itertuples()
    }


def fill(conn: Connection, **more: Any) -> int:
    """A whole rule for everything, by a department with somebody in it."""
    department = make.make_department(conn)
    make.make_person(conn, roles=(Role.HANDLER,), department_id=department)
    for kind in ("event", "component"):
        make.make_dispatch_rule(conn, kind=kind, department_id=department, **more)
    return department


def test_nothing_is_found_where_a_rule_covers_everything(conn: Connection, leader: Actor) -> None:
    fill(conn)
    found = looked(conn, leader)
    assert gaps(found) == {} and found.cells_without == 0
    assert not found.conflicts and not found.empty and not found.faulty


def test_planted_gaps_are_found_with_their_number_of_cells(conn: Connection, leader: Actor) -> None:
    department = fill(conn)
    conn.execute(text("DELETE FROM dispatch_rule WHERE kind = 'event'"))
    events = [c.code for c in active_classes(conn, "2013") if c.kind == "event"]
    left_out, by_hour, one_cell = events[3], events[4], events[5]
    for code in events:
        rule: dict[str, Any] = {"class_code": code, "department_id": department}
        if code == left_out:
            rule["area_code"] = make.COMMUNITY
        if code == by_hour:
            rule |= {"starts": "08:00", "ends": "18:00"}
        if code == one_cell:
            rule["area_code"] = STREET_2
            make.make_dispatch_rule(conn, **{**rule, "area_code": make.grid_code(1, 0)})
            make.make_dispatch_rule(conn, **{**rule, "area_code": OTHER, "condition_no": 1})
        make.make_dispatch_rule(conn, **rule)
    found = looked(conn, leader)
    assert gaps(found) == {
        (make.STREET, f"event:{left_out}"): (2, 0, 6),
        (STREET_2, f"event:{left_out}"): (3, 0, 3),
        (make.STREET, f"event:{by_hour}"): (0, 6, 6),
        (STREET_2, f"event:{by_hour}"): (0, 3, 3),
        (make.STREET, f"event:{one_cell}"): (3, 2, 6),
    }
    assert (found.cells_without, found.cells_partly) == (8, 11)
    assert set(gaps(looked(conn, leader, STREET_2))) == {
        (STREET_2, f"event:{left_out}"), (STREET_2, f"event:{by_hour}"),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_counts_equal_a_walk_over_every_cell_and_class(
    conn: Connection, leader: Actor, seed: int
) -> None:
    draw = random.Random(seed)
    classes = active_classes(conn, "2013")
    cells = list(conn.scalars(text("SELECT code FROM grid_cell ORDER BY code")))
    areas = ["", make.DISTRICT, make.STREET, STREET_2, make.COMMUNITY, OTHER, *cells, "1102"]
    department = make.make_department(conn)
    rules = []
    for _ in range(40):
        rule = {
            "area_code": draw.choice(areas),
            "kind": draw.choice(["event", "component"]),
            "class_code": draw.choice(classes).code[: draw.choice([1, 2, 4])],
            "condition_no": draw.choice([None, None, None, 1]),
            "weekdays": draw.choice([None, None, None, [1, 2]]),
            "valid_from": make.TODAY + timedelta(days=draw.choice([-9, -9, -9, 1])),
            "valid_to": make.TODAY if draw.random() < 0.2 else None,
        }
        make.make_dispatch_rule(conn, department_id=department, **rule)
        if rule["valid_to"] is None and rule["valid_from"] <= make.TODAY:
            rules.append(rule)
    wanted: dict[tuple[str, str], list[int]] = {}
    for cell in cells:
        for one in classes:
            fitting = [
                r for r in rules
                if r["kind"] == one.kind and cell.startswith(r["area_code"])
                and one.code.startswith(r["class_code"])
            ]  # fmt: skip
            always = any(r["condition_no"] is None and r["weekdays"] is None for r in fitting)
            counted = wanted.setdefault((cell[:9], f"{one.kind}:{one.code}"), [0, 0, 0])
            counted[0] += not fitting
            counted[1] += bool(fitting) and not always
            counted[2] += 1
    assert gaps(looked(conn, leader)) == {k: tuple(v) for k, v in wanted.items() if v[0] or v[1]}


def test_rules_that_only_their_age_tells_apart_are_found(conn: Connection, leader: Actor) -> None:
    one, two = fill(conn), make.make_department(conn)
    make.make_person(conn, roles=(Role.HANDLER,), department_id=two)
    first = make.make_dispatch_rule(conn, class_code="01", department_id=one)
    second = make.make_dispatch_rule(
        conn, class_code="01", department_id=two, valid_from=make.TODAY
    )
    make.make_dispatch_rule(conn, class_code="01", department_id=one)
    make.make_dispatch_rule(conn, class_code="02", department_id=one)
    make.make_dispatch_rule(conn, class_code="02", department_id=two, weekdays=[1])
    for days, department in (([1, 2], one), ([2, 3], two), ([4, 5], two)):
        make.make_dispatch_rule(conn, class_code="03", department_id=department, weekdays=days)
    found = looked(conn, leader).conflicts
    pairs = {(c.first.class_code, c.first.department_id, c.second.department_id) for c in found}
    assert pairs == {("01", two, one), ("03", one, two)}
    assert (second, first) in {(c.first.id, c.second.id) for c in found}


def test_posts_of_rules_with_nobody_there_are_found(conn: Connection, leader: Actor) -> None:
    fill(conn)
    empty = make.make_department(conn, code="EMPTY")
    make.make_person(conn, roles=(Role.HANDLER,), department_id=empty, active=False)
    make.make_person(conn, roles=(Role.PLANNER,), department_id=empty)
    night = make.make_department(conn, code="NIGHT")
    watch = make.make_person(conn, roles=(Role.HANDLER,), department_id=night)
    shift = make.make_shift(conn, starts="20:00", ends="08:00")
    make.put_on_duty(conn, watch, shift_id=shift)
    day = make.make_department(conn, code="DAY")
    make.put_on_duty(conn, make.make_person(conn, roles=(Role.HANDLER,), department_id=day))
    for department in (empty, night, day):
        make.make_dispatch_rule(
            conn, class_code="0101", area_code=make.STREET, department_id=department,
            weekdays=[department % 7 + 1],
        )  # fmt: skip
    found = {(e.department.code, e.post, e.people) for e in looked(conn, leader).empty}
    assert found == {("EMPTY", "handler", 0), ("NIGHT", "handler", 1)}


def test_rules_that_nobody_can_follow_are_found(conn: Connection, leader: Actor) -> None:
    fill(conn)
    gone = make.make_department(conn, valid_to=make.TODAY)
    make.make_person(conn, roles=(Role.HANDLER,), department_id=gone)
    orphan = make.make_dispatch_rule(conn, department_id=gone, class_code="01")
    area = make.make_dispatch_rule(conn, area_code="110199", class_code="01")
    found = {rule.id: rule.flaws for rule, _department in looked(conn, leader).faulty}
    assert found == {orphan: (Flaw.DEPARTMENT_ENDED,)}, "the other one lies outside the district"
    everywhere = make.make_actor(conn, Role.CENTRE_LEADER, scope=("",))
    found = {rule.id: rule.flaws for rule, _department in looked(conn, everywhere).faulty}
    assert found == {orphan: (Flaw.DEPARTMENT_ENDED,), area: (Flaw.AREA_GONE,)}


def test_only_those_who_manage_rules_look(conn: Connection) -> None:
    with pytest.raises(Forbidden):
        looked(conn, make.make_actor(conn, Role.DISPATCHER))
