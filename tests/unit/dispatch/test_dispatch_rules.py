"""Which dispatch rule decides."""

from datetime import date, datetime, time
from typing import Any

import pytest

from gis.dispatch.model import Flaw, Misfit, Question, Rule, Step
from gis.dispatch.rules import decide, fits, misfit, reason_of
from gis.dispatch.windows import Window
from gis.standards.model import Kind

DAY = date(2026, 11, 18)


def a_rule(rule_id: int, **overrides: Any) -> Rule:
    parts: dict[str, Any] = {
        "area_code": "", "kind": Kind.EVENT, "edition": "2013", "class_code": "",
        "department_id": rule_id, "valid_from": date(2020, 1, 1), "valid_to": None,
    }  # fmt: skip
    return Rule(id=rule_id, **{**parts, **overrides})


def test_no_rule_decides_nothing() -> None:
    assert decide([]) is None


@pytest.mark.parametrize(
    ("winner", "loser", "step"),
    [
        ({"area_code": "110101001"}, {"area_code": "110101", "class_code": "0110"}, Step.AREA),
        ({"class_code": "0110"}, {"class_code": "01", "valid_from": DAY}, Step.CLASS),
        ({"condition_no": 2}, {"window": Window((3,)), "valid_from": DAY}, Step.CONDITION),
        ({"window": Window((1, 2))}, {"valid_from": DAY}, Step.HOURS),
        ({"window": Window(starts=time(8), ends=time(9))}, {"window": Window((3,))}, Step.HOURS),
        ({"valid_from": date(2026, 1, 1)}, {"valid_from": date(2025, 12, 31)}, Step.NEWEST),
        ({}, {}, Step.LOWEST_ID),
    ],
)
def test_rules_beat_each_other_in_the_written_order(
    winner: dict[str, Any], loser: dict[str, Any], step: Step
) -> None:
    won, lost = a_rule(5, **winner), a_rule(6 if step is Step.LOWEST_ID else 1, **loser)
    for order in ([won, lost], [lost, won]):
        choice = decide(order)
        assert choice is not None and choice.rule is won
        assert [(x.rule, x.step) for x in choice.losers] == [(lost, step)]
        words = reason_of(choice)
        assert step.reason.en in words.en and step.reason.zh in words.zh
        assert f"rule {lost.id}" in words.en


def test_a_lone_rule_says_that_no_other_fits() -> None:
    choice = decide([a_rule(1)])
    assert choice is not None
    assert reason_of(choice).en == "Rule 1: area everywhere, class every class; no other rule fits"


def test_the_faults_of_a_rule_stand_in_its_reason() -> None:
    choice = decide([a_rule(1, flaws=(Flaw.AREA_GONE, Flaw.ASSISTANT_ENDED))])
    assert choice is not None
    words = reason_of(choice)
    assert all(f.words.zh in words.zh and f.words.en in words.en for f in choice.rule.flaws)


NIGHT = Window((2,), time(22), time(11))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"area_code": "110101001001001"}, None),
        ({"area_code": "1101010010010011"}, Misfit.AREA),
        ({"area_code": "110102"}, Misfit.AREA),
        ({"class_code": "0110"}, None),
        ({"class_code": "011"}, None),
        ({"class_code": "02"}, Misfit.CLASS),
        ({"kind": Kind.COMPONENT}, Misfit.KIND),
        ({"edition": "2007"}, Misfit.KIND),
        ({"condition_no": 2}, None),
        ({"condition_no": 1}, Misfit.CONDITION),
        ({"valid_from": DAY}, None),
        ({"valid_from": date(2026, 11, 19)}, Misfit.NOT_YET),
        ({"valid_to": date(2026, 11, 19)}, None),
        ({"valid_to": DAY}, Misfit.ENDED),
        ({"window": NIGHT}, None),
        ({"window": Window((3,))}, None),
        ({"window": Window((4,))}, Misfit.HOURS),
        ({"window": Window(starts=time(8), ends=time(10, 30))}, Misfit.HOURS),
        ({"window": Window(starts=time(10, 30), ends=time(8))}, None),
    ],
)
def test_a_rule_fits_by_prefix_kind_edition_condition_day_and_hour(
    change: dict[str, Any], why: Misfit | None
) -> None:
    asked = Question(
        grid_code="110101001001001", kind=Kind.EVENT, edition="2013", class_code="0110",
        condition_no=2, at=datetime(2026, 11, 18, 10, 30),
    )  # fmt: skip
    rule = a_rule(1, **change)
    assert misfit(rule, asked) is why
    assert fits(rule, asked) is (why is None)
