"""Extension, suspension, rework, closing: how moves change the clock of a case."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from gis.accounts.model import SYSTEM
from gis.cases.evidence.draw import in_sample
from gis.cases.model import Move, State
from gis.errors import Invalid, Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    case_of,
    condition,
    move,
    step,
)

NOW = make.NOW


def test_an_extension_is_asked_before_the_limit_ends(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    late = case_of(conn, cast, number).due_at + timedelta(seconds=1)
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, now=late, reason="x",
            until=late.date() + timedelta(days=3),
        )  # fmt: skip
    assert caught.value.detail == "before_the_limit"


@pytest.mark.parametrize("days", [-1, 40])
def test_an_extension_stays_within_the_settings(conn: Connection, cast: Cast, days: int) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    due = case_of(conn, cast, number).due_at
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, reason="x",
            until=(due + timedelta(days=days)).date(),
        )  # fmt: skip
    assert caught.value.detail == "extension_within_settings"


def test_an_extension_moves_the_deadline_to_the_end_of_the_day_and_only_so_often(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    for _ in range(2):
        until = (case_of(conn, cast, number).due_at + timedelta(days=2)).date()
        move(conn, cast.handler, number, Move.ASK_EXTENSION, reason="x", until=until)
        case = move(conn, cast.dispatcher, number, Move.APPROVE_EXTENSION)
        assert case.due_at.isoformat() == f"{until + timedelta(days=1)}T00:00:00+08:00"
    with pytest.raises(Refused):
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, reason="x",
            until=until + timedelta(days=2),
        )  # fmt: skip


def test_a_long_extension_is_decided_by_the_shift_leader(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.EXTENSION_REVIEW)
    with pytest.raises(Refused) as caught:
        move(conn, cast.dispatcher, number, Move.APPROVE_EXTENSION)
    assert caught.value.detail == "long_extension_by_the_shift_leader"
    assert move(conn, cast.leader, number, Move.APPROVE_EXTENSION).state is State.HANDLING


def test_a_suspension_pauses_the_clock_and_the_case_goes_on_with_what_was_left(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.SUSPEND_REVIEW)
    due = case_of(conn, cast, number).due_at
    resume = (NOW + timedelta(days=7)).date()
    paused = move(conn, cast.dispatcher, number, Move.APPROVE_SUSPENSION, resume_on=resume)
    assert paused.due_at is None and paused.clock_left is not None
    with pytest.raises(Refused) as caught:
        move(conn, SYSTEM, number, Move.RESUME, now=NOW + timedelta(days=6))
    assert caught.value.detail == "resume_date_reached_or_by_hand"
    back = move(conn, SYSTEM, number, Move.RESUME, now=NOW + timedelta(days=7))
    assert back.due_at == due + timedelta(days=7)
    assert back.clock_left is None
    with pytest.raises(Refused) as caught:
        step(conn, cast, number, Move.ASK_SUSPENSION, "handler", NOW)
    assert caught.value.detail == "suspended_fewer_times_than_allowed"


@pytest.mark.parametrize("days", [0, 366])
def test_a_suspension_lasts_a_day_to_a_year(conn: Connection, cast: Cast, days: int) -> None:
    number = bring_to(conn, cast, State.SUSPEND_REVIEW)
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.dispatcher, number, Move.APPROVE_SUSPENSION,
            resume_on=make.TODAY + timedelta(days=days),
        )  # fmt: skip
    assert caught.value.detail == "suspension_not_too_long"


def test_the_clock_starts_at_filing_or_at_dispatch_as_set(conn: Connection, cast: Cast) -> None:
    later = NOW + timedelta(hours=1)

    def due_after_filing_and_dispatch() -> tuple[datetime | None, datetime | None]:
        number = bring_to(conn, cast, State.PENDING_FILING)
        filed = move(conn, cast.leader, number, Move.FILE, condition=condition(conn))
        sent = move(
            conn, cast.dispatcher, number, Move.DISPATCH, now=later, department=cast.department
        )
        return filed.due_at, sent.due_at

    filed_due, same = due_after_filing_and_dispatch()
    assert filed_due is not None and same == filed_due
    make.set_setting(conn, "clock_starts", "dispatch")
    none, sent_due = due_after_filing_and_dispatch()
    assert none is None and sent_due is not None and sent_due > filed_due


def test_rework_goes_on_with_what_is_left_of_the_limit(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    due = case_of(conn, cast, number).due_at
    step(conn, cast, number, Move.REPORT_DONE, "handler", NOW)
    stopped = case_of(conn, cast, number)
    assert stopped.due_at == due and stopped.clock_left is not None
    move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    later = NOW + timedelta(days=7)
    failed = step(conn, cast, number, Move.CHECK_FAILED, "supervisor", later)
    assert failed.due_at == due + timedelta(days=7)


def test_a_closed_case_is_reopened_within_the_set_time_only(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CLOSED)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.REOPEN, reason="没修好", now=NOW + timedelta(days=8))
    assert caught.value.detail == "within_the_reopening_time"
    case = move(conn, cast.acceptor, number, Move.REOPEN, reason="没修好", now=NOW)
    assert (case.state, case.open, case.closed_at) == (State.VERIFYING, True, None)
    assert case.supervisor_id in {cast.supervisor.person_id, cast.second.person_id}


def test_only_sampled_self_handled_cases_are_audited(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.SELF_HANDLED)
    make.set_setting(conn, "self_handled_sample_percent", 0)
    with pytest.raises(Refused) as caught:
        move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="valid")
    assert caught.value.detail == "is_in_the_sample"
    make.set_setting(conn, "self_handled_sample_percent", 100)
    with pytest.raises(Invalid):
        move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="maybe")
    assert move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="valid").version == 2


def test_the_sample_grows_with_its_share_and_holds_about_that_share() -> None:
    numbers = [f"110101001-261118-{n:04d}" for n in range(2000)]
    small = {n for n in numbers if in_sample(n, 10)}
    large = {n for n in numbers if in_sample(n, 20)}
    assert small < large
    assert 150 < len(small) < 250
