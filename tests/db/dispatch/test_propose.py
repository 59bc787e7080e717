"""What the database proposes equals what the written order says."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from gis.dispatch.model import Flaw, Question, Rule, Step
from gis.dispatch.queries import acting_departments, propose, rules_around
from gis.dispatch.rule_set import RuleSet
from gis.dispatch.rules import decide, fits
from gis.standards.model import Kind
from tests import factories as make

GRID = make.grid_code()
ASKED = Question(
    grid_code=GRID, kind=Kind.EVENT, edition="2013", class_code="0110", condition_no=2,
    at=make.NOW.astimezone(ZoneInfo("Asia/Shanghai")),
)  # fmt: skip


def test_the_most_specific_rule_names_the_department_with_its_reason(conn: Connection) -> None:
    everywhere = make.make_dispatch_rule(conn, note="all")
    street = make.make_dispatch_rule(conn, area_code=make.STREET, class_code="01")
    make.make_dispatch_rule(conn, area_code="110102")
    found = propose(conn, ASKED)
    assert found is not None and found.rule.id == street
    assert [(x.rule.id, x.step) for x in found.losers] == [(everywhere, Step.AREA)]
    assert [d.id for d in found.losing_departments] == [found.losers[0].rule.department_id]
    assert make.STREET in found.reason.zh


def test_without_a_rule_nothing_is_proposed(conn: Connection) -> None:
    assert propose(conn, ASKED) is None


def test_a_rule_of_a_department_that_has_ended_still_wins_and_says_what_is_wrong(
    conn: Connection,
) -> None:
    make.make_cell(conn)
    ended = make.make_department(conn, valid_to=make.TODAY)
    orphan = make.make_dispatch_rule(conn, department_id=ended, area_code=GRID)
    make.make_dispatch_rule(conn)
    found = propose(conn, ASKED)
    assert found is not None and found.rule.id == orphan
    assert found.flaws == (Flaw.DEPARTMENT_ENDED,)
    assert Flaw.DEPARTMENT_ENDED.words.zh in found.reason.zh


@pytest.mark.parametrize(
    ("rule", "helper", "flaws"),
    [
        ({}, {}, ()),
        ({"area_code": make.STREET}, {}, ()),
        ({"area_code": "11010"}, {}, (Flaw.AREA_GONE,)),
        ({"class_code": "01101"}, {}, (Flaw.CLASS_GONE,)),
        ({"condition_no": 999}, {}, (Flaw.CONDITION_GONE,)),
        ({}, {"valid_to": make.TODAY}, (Flaw.ASSISTANT_ENDED,)),
        ({}, {"valid_to": make.TODAY + timedelta(days=1)}, ()),
    ],
)
def test_a_rule_names_what_is_wrong_with_it(
    conn: Connection, rule: dict[str, object], helper: dict[str, object], flaws: tuple[Flaw, ...]
) -> None:
    make.make_cell(conn)
    one = make.make_dispatch_rule(conn, **rule)
    other = make.make_department(conn, **helper)
    conn.execute(
        text("INSERT INTO dispatch_rule_assistant VALUES (:r, :d, 1)"), {"r": one, "d": other}
    )
    ((found, _department),) = rules_around(conn, "2013", day=make.TODAY)
    assert found.flaws == flaws and found.assistants == (other,)


def test_a_proposal_names_the_departments_that_help(conn: Connection) -> None:
    rule = make.make_dispatch_rule(conn)
    helpers = [make.make_department(conn) for _ in range(2)]
    for place, helper in enumerate(reversed(helpers)):
        conn.execute(
            text("INSERT INTO dispatch_rule_assistant VALUES (:r, :d, :p)"),
            {"r": rule, "d": helper, "p": place},
        )
    found = propose(conn, ASKED)
    assert found is not None and [d.id for d in found.assistants] == helpers[::-1]


def test_a_changed_rule_counts_for_the_next_question(conn: Connection) -> None:
    rule = make.make_dispatch_rule(conn)
    new = make.make_department(conn)
    conn.execute(
        text("UPDATE dispatch_rule SET department_id = :d WHERE id = :r"), {"d": new, "r": rule}
    )
    found = propose(conn, ASKED)
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
            "condition_no": st.sampled_from([None, None, 2, 3]),
            "weekdays": st.sampled_from([None, None, [1, 2, 3, 4, 5], [6, 7], [2]]),
            "hours": st.sampled_from([None, None, (8, 18), (18, 8), (10, 10)]),
            "valid_from": st.dates(date(2026, 11, 15), date(2026, 11, 20)),
            "valid_to": st.none() | st.dates(date(2026, 11, 17), date(2026, 11, 22)),
        }
    ),
    max_size=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rules=RULES, hour=st.integers(0, 23), condition=st.sampled_from([None, 2]))
def test_the_database_the_written_order_and_many_at_once_agree(
    conn: Connection, rules: list[dict[str, object]], hour: int, condition: int | None
) -> None:
    at = datetime.combine(make.TODAY, time(hour), ZoneInfo("Asia/Shanghai"))
    asked = replace(ASKED, at=at, condition_no=condition)
    point = conn.begin_nested()
    try:
        department = make.make_department(conn)
        for rule in rules:
            hours = rule.pop("hours", None)
            if isinstance(hours, tuple):
                rule |= {"starts": time(hours[0]), "ends": time(hours[1])}
            make.make_dispatch_rule(conn, department_id=department, **rule)
        stored = [rule for rule, _department in rules_around(conn, "2013", day=make.TODAY)]
        assert len(stored) == len(rules)
        wanted = decide(r for r in stored if fits(r, asked))
        found = propose(conn, asked)
        assert (found and found.rule.id) == (wanted and wanted.rule.id)
        if found and wanted:
            assert [x.rule.id for x in found.losers] == [x.rule.id for x in wanted.losers]
        at_once = RuleSet(stored).winner(asked)
        assert (at_once and at_once.id) == (wanted and wanted.rule.id)
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
