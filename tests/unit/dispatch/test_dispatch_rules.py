"""Which dispatch rule decides."""

from datetime import date
from typing import Any

import pytest

from gis.dispatch.model import Rule, Step
from gis.dispatch.rules import decide, fits, reason_of
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


@pytest.mark.parametrize(
    ("change", "fitting"),
    [
        ({}, True),
        ({"area_code": "110101001001001"}, True),
        ({"area_code": "1101010010010011"}, False),
        ({"area_code": "110102"}, False),
        ({"class_code": "0110"}, True),
        ({"class_code": "011"}, True),
        ({"class_code": "02"}, False),
        ({"kind": Kind.COMPONENT}, False),
        ({"edition": "2007"}, False),
        ({"valid_from": DAY}, True),
        ({"valid_from": date(2026, 11, 19)}, False),
        ({"valid_to": date(2026, 11, 19)}, True),
        ({"valid_to": DAY}, False),
    ],
)
def test_a_rule_fits_by_prefix_kind_edition_and_day(change: dict[str, Any], fitting: bool) -> None:
    asked = {"grid_code": "110101001001001", "kind": Kind.EVENT, "edition": "2013",
             "class_code": "0110", "on": DAY}  # fmt: skip
    assert fits(a_rule(1, **change), **asked) is fitting  # type: ignore[arg-type]
