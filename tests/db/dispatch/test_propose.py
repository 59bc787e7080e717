"""What the database proposes equals what the written order says."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from gis.dispatch.model import Rule, Step
from gis.dispatch.queries import acting_departments, propose
from gis.dispatch.rules import decide, fits
from gis.dispatch.tables import dispatch_rule
from gis.standards.model import Kind
from tests import factories as make

GRID = make.grid_code()
ASKED = {"grid_code": GRID, "kind": Kind.EVENT, "edition": "2013", "class_code": "0110"}


def test_the_most_specific_rule_names_the_department_with_its_reason(conn: Connection) -> None:
    everywhere = make.make_dispatch_rule(conn, note="all")
    street = make.make_dispatch_rule(conn, area_code=make.STREET, class_code="01")
    make.make_dispatch_rule(conn, area_code="110102")
    found = propose(conn, on=make.TODAY, **ASKED)
    assert found is not None and found.rule.id == street
    assert [(x.rule.id, x.step) for x in found.losers] == [(everywhere, Step.AREA)]
    assert [d.id for d in found.losing_departments] == [found.losers[0].rule.department_id]
    assert make.STREET in found.reason.zh


def test_without_a_rule_nothing_is_proposed(conn: Connection) -> None:
    assert propose(conn, on=make.TODAY, **ASKED) is None


def test_a_rule_of_a_department_that_has_ended_does_not_count(conn: Connection) -> None:
    ended = make.make_department(conn, valid_to=make.TODAY)
    make.make_dispatch_rule(conn, department_id=ended, area_code=GRID)
    other = make.make_dispatch_rule(conn)
    found = propose(conn, on=make.TODAY, **ASKED)
    assert found is not None and found.rule.id == other


def test_a_changed_rule_counts_for_the_next_question(conn: Connection) -> None:
    rule = make.make_dispatch_rule(conn)
    new = make.make_department(conn)
    conn.execute(
        text("UPDATE dispatch_rule SET department_id = :d WHERE id = :r"), {"d": new, "r": rule}
    )
    found = propose(conn, on=make.TODAY, **ASKED)
    assert found is not None and found.department.id == new


def test_only_departments_that_act_and_exist_are_offered(conn: Connection) -> None:
    acting = make.make_department(conn)
    make.make_department(conn, kind="command_centre")
    make.make_department(conn, valid_to=make.TODAY)
    make.make_department(conn, valid_from=make.TODAY + timedelta(days=1))
    assert [d.id for d in acting_departments(conn, on=make.TODAY)] == [acting]


RULES = st.lists(
    st.fixed_dictionaries(
        {
            "area_code": st.sampled_from(["", "110101", make.STREET, make.COMMUNITY, GRID, "1102"]),
            "class_code": st.sampled_from(["", "01", "0110", "02"]),
            "kind": st.sampled_from(["event", "component"]),
            "valid_from": st.dates(date(2026, 11, 15), date(2026, 11, 20)),
            "valid_to": st.none() | st.dates(date(2026, 11, 17), date(2026, 11, 22)),
        }
    ),
    max_size=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rules=RULES)
def test_the_database_and_the_written_order_agree(
    conn: Connection, rules: list[dict[str, object]]
) -> None:
    point = conn.begin_nested()
    try:
        department = make.make_department(conn)
        for rule in rules:
            make.make_dispatch_rule(conn, department_id=department, **rule)
        stored = [
            Rule(**{k: v for k, v in row._mapping.items() if k != "version"})
            for row in conn.execute(select(dispatch_rule))
        ]
        wanted = decide(r for r in stored if fits(r, on=make.TODAY, **ASKED))  # type: ignore[arg-type]
        found = propose(conn, on=make.TODAY, **ASKED)  # type: ignore[arg-type]
        assert (found and found.rule.id) == (wanted and wanted.rule.id)
        if found and wanted:
            assert [x.rule.id for x in found.losers] == [x.rule.id for x in wanted.losers]
    finally:
        point.rollback()


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_rules_does_not_matter(order: int) -> None:
    rules = [
        Rule(
            id=i, area_code="11"[: i % 3], kind=Kind.EVENT, edition="2013", class_code="",
            department_id=i, valid_from=make.TODAY, valid_to=None,
        )
        for i in range(1, 7)
    ]  # fmt: skip
    choice = decide(rules[::order])
    assert choice is not None and choice.rule.id == 2
