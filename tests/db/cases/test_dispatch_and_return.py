"""Dispatch, return, arbitration and cancellation through the commands."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.cases.model import Move, State
from gis.cases.queries import history
from gis.errors import Invalid, Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    move,
    step,
)

NOW = make.NOW


def test_another_department_than_proposed_needs_a_reason(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    with pytest.raises(Refused) as caught:
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.other_department)
    assert caught.value.detail == "rule_or_reason_for_the_department"
    case = move(
        conn, cast.dispatcher, number, Move.DISPATCH, department=cast.other_department, reason="近"
    )
    assert (case.department_id, case.dispatch_rule_id) == (cast.other_department, None)
    step_data = history(conn, case.id, scope=cast.leader.scope)[-1].data
    assert step_data["proposed"] == cast.department and step_data["rule"] is None


def test_a_department_that_has_ended_cannot_be_given_a_case(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    ended = make.make_department(conn, valid_to=make.TODAY)
    with pytest.raises(Invalid) as caught:
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=ended, reason="x")
    assert [f.field for f in caught.value.faults] == ["department"]


def test_the_system_dispatches_by_rule_or_leaves_it_to_people(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    case = move(conn, SYSTEM, number, Move.DISPATCH)
    assert (case.department_id, case.dispatch_rule_id) == (cast.department, cast.rule)
    other = bring_to(conn, cast, State.PENDING_DISPATCH)
    conn.execute(text("DELETE FROM dispatch_rule"))
    with pytest.raises(Refused):
        move(conn, SYSTEM, other, Move.DISPATCH)


def test_a_failed_check_counts_and_goes_to_the_same_department_without_a_reason(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    failed = step(conn, cast, number, Move.CHECK_FAILED, "supervisor", NOW)
    assert (failed.rework_count, failed.handled_at, failed.handler_id) == (1, None, None)
    conn.execute(text("DELETE FROM dispatch_rule"))
    again = move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
    assert again.state is State.PENDING_HANDLE and again.dispatched_at == NOW


def test_an_approved_return_counts_a_bounce_and_frees_the_case_of_the_department(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.RETURN_REVIEW)
    case = move(conn, cast.dispatcher, number, Move.APPROVE_RETURN)
    assert (case.bounce_count, case.department_id, case.handler_id) == (1, None, None)


def test_the_third_return_goes_to_the_arbiter_whose_word_binds(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    for bounce in range(3):
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
        step(conn, cast, number, Move.ASK_RETURN, "handler", NOW)
        if bounce < 2:
            with pytest.raises(Refused) as caught:
                move(conn, cast.dispatcher, number, Move.TO_ARBITRATION)
            assert caught.value.detail == "bounces_at_the_limit"
            move(conn, cast.dispatcher, number, Move.APPROVE_RETURN)
    for what in (Move.APPROVE_RETURN, Move.REJECT_RETURN):
        with pytest.raises(Refused) as caught:
            move(conn, cast.dispatcher, number, what, reason="x")
        assert caught.value.detail == "bounces_below_the_limit"
    move(conn, cast.dispatcher, number, Move.TO_ARBITRATION)
    step(conn, cast, number, Move.ARBITRATE, "arbiter", NOW)
    with pytest.raises(Refused) as caught:
        step(conn, cast, number, Move.ASK_RETURN, "handler", NOW)
    assert caught.value.detail == "not_bound_by_the_arbiter"


def test_a_cancellation_is_decided_by_somebody_else(conn: Connection, cast: Cast) -> None:
    both = make.make_actor(conn, Role.DISPATCHER, Role.SHIFT_LEADER)
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    move(conn, both, number, Move.ASK_CANCEL, reason="重复")
    for what in (Move.APPROVE_CANCEL, Move.REJECT_CANCEL):
        with pytest.raises(Refused) as caught:
            move(conn, both, number, what, reason="x")
        assert caught.value.detail == "is_not_the_asker"
    assert move(conn, cast.leader, number, Move.APPROVE_CANCEL).state is State.CANCELLED
