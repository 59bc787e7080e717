"""Who checks, what is filed, what is merged: the guards on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.cases.model import Move, State
from gis.errors import Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    case_of,
    condition,
    move,
    report,
    state_of,
    supervisor_of,
)

NOW = make.NOW


def test_the_check_goes_to_the_supervisor_on_duty_with_the_fewest_tasks(
    conn: Connection, cast: Cast
) -> None:
    first = bring_to(conn, cast, State.CHECKING)
    second = bring_to(conn, cast, State.CHECKING)
    held = {case_of(conn, cast, n).supervisor_id for n in (first, second)}
    assert held == {cast.supervisor.person_id, cast.second.person_id}


def test_with_nobody_on_duty_the_case_stays_and_the_refusal_says_so(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    night = NOW + timedelta(hours=12)  # 22:30 in the district; the shift ended at 20:00
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, now=night)
    assert cast.cell in str(caught.value) and caught.value.detail == "nobody_on_duty"
    assert "无人当班" in caught.value.text("zh-CN")
    assert state_of(conn, number) is State.PENDING_CHECK


def test_a_shift_past_midnight_belongs_to_the_day_it_began(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    night_shift = make.make_shift(conn, starts="20:00", ends="08:00")
    night = make.make_actor(conn, Role.SUPERVISOR, cells=(cast.cell,))
    assert night.person_id is not None
    make.put_on_duty(conn, night.person_id, shift_id=night_shift)
    after_midnight = NOW + timedelta(hours=15)  # 01:30 of the next day
    case = move(conn, cast.acceptor, number, Move.ORDER_CHECK, now=after_midnight)
    assert case.supervisor_id == night.person_id


def test_somebody_who_is_not_on_duty_cannot_be_named(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    idle = make.make_actor(conn, Role.SUPERVISOR, cells=(cast.cell,))
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=idle.person_id)
    assert caught.value.detail == "supervisor_is_on_duty"


def test_only_the_assigned_supervisor_reports_the_check(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    assigned = supervisor_of(conn, cast, number)
    other = cast.second if assigned is cast.supervisor else cast.supervisor
    with pytest.raises(Refused) as caught:
        move(conn, other, number, Move.CHECK_PASSED, photo=[make.make_file(conn)])
    assert caught.value.detail == "is_the_assigned_supervisor"


def test_a_supervisor_who_handled_the_case_does_not_check_it(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    conn.execute(
        text("UPDATE cases SET handler_id = :p WHERE number = :n"),
        {"p": cast.supervisor.person_id, "n": number},
    )
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.supervisor.person_id)
    assert caught.value.detail == "supervisor_did_not_handle"
    case = move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    assert case.supervisor_id == cast.second.person_id


def test_nor_does_such_a_supervisor_verify_it_when_it_comes_back(
    conn: Connection, cast: Cast
) -> None:
    number = report(conn, cast.acceptor)
    conn.execute(
        text("UPDATE cases SET handler_id = :p WHERE number = :n"),
        {"p": cast.supervisor.person_id, "n": number},
    )
    sent = {"supervisor": cast.supervisor.person_id}
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION, **sent)
    assert caught.value.detail == "supervisor_did_not_handle"
    case = move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    assert case.supervisor_id == cast.second.person_id


# ------------------------------------------------------------------ acceptance and filing


def test_a_report_of_the_call_desk_is_verified_before_filing(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.acceptor)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.REGISTER)
    assert caught.value.detail == "no_verification_needed"
    move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    who = supervisor_of(conn, cast, number)
    case = move(conn, who, number, Move.VERIFY_TRUE, photo=[make.make_file(conn)])
    assert (case.state, case.supervisor_id) == (State.PENDING_FILING, None)
    move(conn, cast.leader, number, Move.BACK_TO_ACCEPTOR, reason="?")
    assert move(conn, cast.acceptor, number, Move.REGISTER).state is State.PENDING_FILING


def test_a_supervisors_report_is_not_verified(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    assert caught.value.detail == "source_is_not_a_supervisor"


def test_filing_needs_a_condition_that_the_class_has(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_FILING)
    with pytest.raises(Refused) as caught:
        move(conn, cast.leader, number, Move.FILE, condition=99)
    assert caught.value.detail == "filing_condition_holds"


def test_closing_names_the_condition_the_case_was_filed_under(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CLOSE)
    with pytest.raises(Refused) as caught:
        move(conn, cast.leader, number, Move.CLOSE, condition=condition(conn) + 50)
    assert caught.value.detail == "closing_condition_holds"


def test_a_withdrawal_needs_the_reporters_wish(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.acceptor)
    other = make.make_actor(conn, Role.ACCEPTOR)
    with pytest.raises(Refused) as caught:
        move(conn, other, number, Move.WITHDRAW, reason="x")
    assert caught.value.detail == "asked_by_the_reporter"
    own = report(conn, cast.supervisor)
    with pytest.raises(Refused):
        move(conn, other, own, Move.WITHDRAW, reason="x", asked_by_reporter=True)
    done = move(conn, other, number, Move.WITHDRAW, reason="x", asked_by_reporter=True)
    assert done.state is State.NOT_ACCEPTED and not done.open


@pytest.mark.parametrize("wrong", ["itself", "closed", "merged", "unknown"])
def test_a_case_is_merged_into_an_open_case_only(conn: Connection, cast: Cast, wrong: str) -> None:
    number = report(conn, cast.supervisor)
    target = {
        "itself": lambda: number,
        "closed": lambda: bring_to(conn, cast, State.NOT_ACCEPTED),
        "merged": lambda: bring_to(conn, cast, State.MERGED),
        "unknown": lambda: "110101001-200101-0001",
    }[wrong]()
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.MERGE, target_case=target)
    assert caught.value.detail == "target_is_open_and_not_merged"


def test_a_merge_cannot_be_undone_after_the_target_was_closed(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.MERGED)
    target = conn.execute(
        text("SELECT data->>'target_case' FROM case_event WHERE move = 'merge'")
    ).scalar_one()
    conn.execute(text("UPDATE cases SET state = 'CLOSED' WHERE number = :n"), {"n": target})
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.UNMERGE, reason="x")
    assert caught.value.detail == "target_is_not_closed"
