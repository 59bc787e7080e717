"""The case in hand at a desk stays the same one while the queue beside it changes."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.cases.model import Move
from tests.pages.test_two_at_once import button, errors, field, meanwhile, warnings

Visitor = Callable[..., AppTest]

STEMS = [("handling", Role.HANDLER), ("dispatch", Role.DISPATCHER)]


def in_hand(app: AppTest) -> str:
    """The number above the case's facts."""
    [number, *_] = [
        str(one.value).strip("*")
        for one in app.markdown
        if str(one.value).startswith("**1") and str(one.value).count("-") == 2
    ]
    return number


def numbers_at(app: AppTest) -> list[str]:
    return [str(number) for number in app.dataframe[0].value["number"]]


@pytest.mark.parametrize(("page", "role"), STEMS)
def test_a_more_urgent_case_does_not_take_the_place_of_the_one_in_hand(
    own_district: Engine, visitor: Visitor, page: str, role: Role
) -> None:
    app = visitor(own_district, role, f"{page}.py")
    before = numbers_at(app)
    assert in_hand(app) == before[0]
    with own_district.begin() as conn:
        conn.execute(
            text(
                "UPDATE cases SET due_at = '2001-01-01', reported_at = '2001-01-01'"
                " WHERE number = :number"
            ),
            {"number": before[-1]},
        )
    app.run()
    assert not app.exception
    assert numbers_at(app)[0] == before[-1]
    assert in_hand(app) == before[0]


def test_a_case_that_has_left_the_queue_stays_while_its_form_is_filled_in(
    own_district: Engine, visitor: Visitor
) -> None:
    with own_district.begin() as conn:
        conn.execute(
            text("UPDATE cases SET due_at = '2001-01-01' WHERE state = 'PENDING_FILING'"),
        )
    app = visitor(own_district, Role.SHIFT_LEADER, "filing.py")
    before, number = numbers_at(app), in_hand(app)
    turn_to(app, "refuse_filing")
    meanwhile(own_district, number, Move.FILE, Role.SHIFT_LEADER, condition=1)
    field(app, ".reason").set_value("属于其他街道")
    app.run()
    assert not app.exception
    assert number not in numbers_at(app)
    assert in_hand(app) == number
    assert field(app, ".reason").value == "属于其他街道"
    button(app, "不予立案").click().run()
    assert "期间" in errors(app)
    assert "开始填写时" in warnings(app)
    button(app, "放弃已填写内容").click().run()
    assert in_hand(app) == before[1]


def turn_to(app: AppTest, move: str) -> None:
    [choice] = [one for one in app.segmented_control if str(one.key).startswith("pick.move.")]
    choice.set_value(move).run()
