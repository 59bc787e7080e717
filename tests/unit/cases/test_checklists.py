"""What is looked at before a move: filing shows the limit it brings, closing has none."""

from decimal import Decimal

import pytest

from gis.cases.model import Move
from gis.cases.tasks.checklists import CLOSING, FILING, checklist_of
from gis.errors import Term
from gis.standards.model import Confidence, HandlingRule, Kind


def _rule(number: int) -> HandlingRule:
    return HandlingRule(
        id=number, kind=Kind.EVENT, edition="2013", code="0110", condition_no=number,
        filing_condition=Term("有垃圾", "rubbish lies there"), limit_value=Decimal(4),
        limit_unit="working_hour", closing_condition=Term("已清理", "cleared"), scope="default",
        source="ours", confidence=Confidence.PROPOSED,
    )  # fmt: skip


@pytest.mark.parametrize("move", sorted(FILING))
def test_filing_shows_every_condition_with_the_limit_it_brings(move: Move) -> None:
    items = checklist_of(move, [_rule(1), _rule(2)], None)
    assert [item.wording.zh for item in items] == ["有垃圾", "有垃圾"]
    assert all(item.limit is not None and item.limit.zh == "4 工作时" for item in items)


@pytest.mark.parametrize("move", sorted(CLOSING))
def test_closing_shows_the_condition_of_the_case_without_a_limit(move: Move) -> None:
    [item] = checklist_of(move, [_rule(1), _rule(2)], 2)
    assert (item.condition_no, item.wording.zh, item.limit) == (2, "已清理", None)


def test_other_moves_look_at_no_condition() -> None:
    assert checklist_of(Move.DISPATCH, [_rule(1)], 1) == ()
