"""Callers are asked when it is done: whom, when again, and what follows from "not fixed"."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.cases.callers.call_backs import (
    call_backs_of_case,
    due_call_backs,
    record_call_back,
)
from gis.cases.callers.commands import join_case, take_call
from gis.cases.callers.records import CallBackAnswer, Caller, NewCall, Satisfied
from gis.cases.callers.sealing import Key, KeyRing
from gis.cases.evidence.draw import in_sample
from gis.cases.model import Move, State
from gis.cases.records import NewCase
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import CLASS, Cast, move, state_of, step, version_of

NOW = make.NOW
RING = KeyRing((Key.new(NOW),))
PHONE = "13812341234"


@pytest.fixture
def closed(conn: Connection, cast: Cast) -> str:
    """A case of a caller, carried to its end by the commands; answers its number."""
    lon, lat = make.middle()
    call = NewCall(
        caller=Caller(phone=PHONE, name="张建国"),
        report=NewCase(kind=Kind.EVENT, class_code=CLASS, lon=lon, lat=lat, text="垃圾堆放"),
    )
    number = take_call(
        conn, actor=cast.acceptor, ring=RING, call=call, key="k", now=NOW
    ).case.number
    move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    for what, who in (
        (Move.VERIFY_TRUE, "supervisor"), (Move.FILE, "leader"), (Move.DISPATCH, "dispatcher"),
        (Move.TAKE_UP, "handler"), (Move.REPORT_DONE, "handler"), (Move.ORDER_CHECK, "acceptor"),
        (Move.CHECK_PASSED, "supervisor"), (Move.CLOSE, "leader"),
    ):  # fmt: skip
        step(conn, cast, number, what, who, NOW)
    assert state_of(conn, number) is State.CLOSED
    return number


def due(conn: Connection, cast: Cast, days: float) -> list[str]:
    found = due_call_backs(conn, actor=cast.acceptor, ring=RING, now=NOW + timedelta(days=days))
    return [row.number for row in found]


def answer(conn: Connection, cast: Cast, number: str, *, now: datetime, **said: Any) -> State:
    caller_id = conn.execute(text("SELECT min(caller_id) FROM caller_call")).scalar_one()
    given = {"try_no": 1, "reached": True, "version": version_of(conn, number), **said}
    return record_call_back(
        conn, actor=cast.acceptor, ring=RING, now=now,
        answer=CallBackAnswer(number=number, caller_id=caller_id, **given),
    )  # fmt: skip


AFTER = NOW + timedelta(days=2)


def test_callers_are_asked_from_a_day_after_closing_for_a_week(
    conn: Connection, cast: Cast, closed: str
) -> None:
    assert due(conn, cast, 0.9) == []
    assert due(conn, cast, 1) == [closed]
    assert due(conn, cast, 6.9) == [closed]
    assert due(conn, cast, 7) == []
    (row,) = due_call_backs(conn, actor=cast.acceptor, ring=RING, now=AFTER)
    assert (row.phone, row.name, row.tries) == ("138****1234", "张**", 0)


def test_everybody_who_rang_is_asked_and_who_only_asked_is_not(
    conn: Connection, cast: Cast, closed: str
) -> None:
    conn.execute(text("UPDATE cases SET open = true, state = 'HANDLING'"))
    other = Caller(phone="13900000000")
    join_case(conn, actor=cast.acceptor, ring=RING, number=closed, caller=other, key="j", now=NOW)
    conn.execute(text("UPDATE cases SET open = false, state = 'CLOSED'"))
    assert due(conn, cast, 2) == [closed, closed]
    conn.execute(text("UPDATE caller_call SET kind = 'asked' WHERE kind = 'joined'"))
    assert due(conn, cast, 2) == [closed]


def test_the_share_that_is_asked_is_drawn_by_the_number(
    conn: Connection, cast: Cast, closed: str
) -> None:
    for percent in (1, 30, 70, 99):
        make.set_setting(conn, "call_back_percent", percent)
        assert (due(conn, cast, 2) == [closed]) is in_sample(closed, percent)


def test_who_does_not_answer_is_rung_again_and_in_the_end_left_in_peace(
    conn: Connection, cast: Cast, closed: str
) -> None:
    answer(conn, cast, closed, now=AFTER, reached=False)
    assert due(conn, cast, 2.9) == []
    assert due(conn, cast, 3) == [closed]
    answer(conn, cast, closed, now=NOW + timedelta(days=3), reached=False, try_no=2,
           next_try_at=NOW + timedelta(days=3, hours=2))  # fmt: skip
    assert due(conn, cast, 3.1) == [closed]
    answer(conn, cast, closed, now=NOW + timedelta(days=4), reached=False, try_no=3)
    assert due(conn, cast, 5.5) == []
    tries = call_backs_of_case(conn, closed, actor=cast.acceptor)
    assert [(t.try_no, t.next_try_at is None) for t in tries] == [
        (3, True), (2, False), (1, False),
    ]  # fmt: skip


def test_an_answer_is_kept_once(conn: Connection, cast: Cast, closed: str) -> None:
    assert answer(conn, cast, closed, now=AFTER, satisfied=Satisfied.YES) is State.CLOSED
    assert due(conn, cast, 2) == []
    with pytest.raises(Conflict, match="Somebody else"):
        answer(conn, cast, closed, now=AFTER, satisfied=Satisfied.NO)
    (kept,) = call_backs_of_case(conn, closed, actor=cast.acceptor)
    assert kept.satisfied is Satisfied.YES


def test_not_fixed_sends_the_case_back_to_be_verified(
    conn: Connection, cast: Cast, closed: str
) -> None:
    after = answer(
        conn, cast, closed, now=AFTER, satisfied=Satisfied.NO, words="还有一半没清", reopen=True
    )
    assert after is State.VERIFYING
    event = conn.execute(
        text("SELECT move, role, note FROM case_event ORDER BY id DESC LIMIT 1")
    ).one()
    assert tuple(event) == ("reopen", "acceptor", "还有一半没清")
    told = conn.execute(
        text("SELECT kind FROM case_reply WHERE caller_id IS NOT NULL ORDER BY id DESC LIMIT 1")
    ).scalar_one()
    assert told == "reopened"


def test_too_late_to_reopen_keeps_neither_and_can_be_sent_without(
    conn: Connection, cast: Cast, closed: str
) -> None:
    late = NOW + timedelta(days=7, hours=1)
    with pytest.raises(Refused), conn.begin_nested():
        answer(conn, cast, closed, now=late, satisfied=Satisfied.NO, words="没清", reopen=True)
    assert call_backs_of_case(conn, closed, actor=cast.acceptor) == []
    assert state_of(conn, closed) is State.CLOSED
    answer(conn, cast, closed, now=late, satisfied=Satisfied.NO, words="没清")
    assert len(call_backs_of_case(conn, closed, actor=cast.acceptor)) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "satisfied"),
        ({"reached": False, "satisfied": Satisfied.NO}, "satisfied"),
        ({"reached": False, "reopen": True, "words": "没清"}, "satisfied"),
        ({"satisfied": Satisfied.YES, "reopen": True, "words": "好"}, "reopen"),
        ({"satisfied": Satisfied.NO, "reopen": True}, "words"),
        ({"satisfied": Satisfied.NO, "words": "回 138-1234-1234"}, "words"),
        ({"satisfied": Satisfied.NO, "words": "x" * 4001}, "words"),
        ({"reached": False, "next_try_at": NOW}, "next_try_at"),
        ({"reached": False, "next_try_at": NOW + timedelta(days=60)}, "next_try_at"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_its_field(
    conn: Connection, cast: Cast, closed: str, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        answer(conn, cast, closed, now=AFTER, **said)
    assert [f.field for f in refused.value.faults] == [field]
    assert call_backs_of_case(conn, closed, actor=cast.acceptor) == []


def test_only_the_call_desk_of_the_area_asks(conn: Connection, cast: Cast, closed: str) -> None:
    elsewhere = make.make_actor(conn, Role.ACCEPTOR, scope=("110101002",))
    assert due_call_backs(conn, actor=elsewhere, ring=RING, now=AFTER) == []
    cast.acceptor = elsewhere
    with pytest.raises(NotFound):
        answer(conn, cast, closed, now=AFTER, satisfied=Satisfied.YES)
    cast.acceptor = cast.dispatcher
    with pytest.raises(Forbidden):
        answer(conn, cast, closed, now=AFTER, satisfied=Satisfied.YES)
    with pytest.raises(Forbidden):
        due_call_backs(conn, actor=cast.dispatcher, ring=RING, now=AFTER)
