"""Stage clocks: what starts, stops, waits and goes on with every move."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.cases.clock import clock_of
from gis.cases.model import Move, State
from gis.cases.workflow import STATES
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, move, report, step

NOW = make.NOW
MINUTE = timedelta(minutes=1)


def _clock(conn: Connection, number: str, slot: str) -> Any:
    return conn.execute(
        text(
            "SELECT k.* FROM case_clock k JOIN cases c ON c.id = k.case_id"
            " WHERE c.number = :n AND k.slot = :slot"
        ),
        {"n": number, "slot": slot},
    ).one_or_none()


def _events(conn: Connection, number: str) -> list[str]:
    rows = conn.execute(
        text(
            "SELECT e.seq, e.name, e.operation FROM case_clock_event e"
            " JOIN cases c ON c.id = e.case_id WHERE c.number = :n ORDER BY e.id"
        ),
        {"n": number},
    )
    return [f"{row.seq} {row.name}:{row.operation}" for row in rows]


def test_a_report_starts_the_first_stage(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    stage = _clock(conn, number, "stage")
    assert (stage.name, stage.run, stage.due_at) == ("acceptance", 1, NOW + 15 * MINUTE)
    assert _events(conn, number) == ["1 acceptance:start"]


def test_a_stage_limit_of_the_district_counts_from_the_next_report(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "stage_limit_acceptance", "2 urgent_hour")
    make.set_setting(conn, "stage_limit_filing", "1 working_hour")
    number = report(conn, cast.supervisor)
    assert _clock(conn, number, "stage").due_at == NOW + 120 * MINUTE
    move(conn, cast.acceptor, number, Move.REGISTER, now=NOW + MINUTE)
    assert _clock(conn, number, "stage").due_at == NOW + 61 * MINUTE


def test_a_first_stage_in_working_time_is_left_to_the_sweep(conn: Connection, cast: Cast) -> None:
    make.set_setting(conn, "stage_limit_acceptance", "2 working_hour")
    stage = _clock(conn, report(conn, cast.supervisor), "stage")
    assert (stage.due_at, stage.limit_unit, stage.next_at) == (None, "working_hour", NOW)


def test_what_was_handled_on_the_spot_has_no_clock(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.SELF_HANDLED)
    assert _events(conn, number) == []


def test_every_step_of_the_straight_way_is_told(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CLOSED)
    assert _events(conn, number) == [
        "1 acceptance:start",
        "2 acceptance:stop", "2 filing:start",
        "3 case:start", "3 filing:stop", "3 dispatch:start",
        "4 dispatch:stop",
        "6 case:stop", "6 check_order:start",
        "7 check_order:stop", "7 check:start",
        "8 check:stop", "8 closing:start",
        "9 closing:stop",
    ]  # fmt: skip
    stage, case = _clock(conn, number, "stage"), _clock(conn, number, "case")
    assert (stage.run, stage.next_at, case.next_at) == (6, None, None)


@pytest.mark.parametrize("state", [s for s in State if s is not State.SELF_HANDLED])
def test_the_stage_that_runs_is_that_of_the_state(
    conn: Connection, cast: Cast, state: State
) -> None:
    number = bring_to(conn, cast, state)
    stage, running = _clock(conn, number, "stage"), STATES[state].stage_clock
    case = _clock(conn, number, "case")
    if running:
        assert (stage.name, stage.left_s) == (running, None)
        assert stage.due_at is not None and stage.next_at is not None
    elif state is State.CANCEL_REVIEW:
        assert (stage.name, stage.due_at) == ("dispatch", None) and stage.left_s > 0
    else:
        assert stage.left_s is not None and stage.due_at is not None and stage.next_at is None
    held = clock_of(case_of(conn, cast, number))
    if case is not None:
        assert (case.due_at, case.provisional) == (held.due_at, held.provisional)
        assert (case.next_at is not None) is held.running
    else:
        assert not held.started


def test_a_case_clock_knows_what_it_was_made_of(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    clock = _clock(conn, number, "case")
    assert (clock.started_at, clock.base_at, clock.run) == (NOW, NOW, 1)
    assert clock.base_left_s > 0


def test_a_rejected_cancellation_lets_the_dispatch_clock_go_on(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    step(conn, cast, number, Move.ASK_CANCEL, "dispatcher", NOW + 5 * MINUTE)
    assert _clock(conn, number, "stage").left_s == 600
    step(conn, cast, number, Move.REJECT_CANCEL, "leader", NOW + 60 * MINUTE)
    stage = _clock(conn, number, "stage")
    assert (stage.due_at, stage.left_s, stage.run) == (NOW + 70 * MINUTE, None, 3)
    assert _events(conn, number)[-2:] == ["4 dispatch:pause", "5 dispatch:resume"]


def test_a_return_under_review_does_not_stop_the_case_clock(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    before = case_of(conn, cast, number).due_at
    step(conn, cast, number, Move.ASK_RETURN, "handler", NOW + MINUTE)
    reviewed = case_of(conn, cast, number)
    assert (reviewed.state, reviewed.due_at) == (State.RETURN_REVIEW, before)
    assert reviewed.clock_left is None
    step(conn, cast, number, Move.REJECT_RETURN, "dispatcher", NOW + 50 * MINUTE)
    assert case_of(conn, cast, number).due_at == before
    step(conn, cast, number, Move.ASK_RETURN, "handler", NOW + 60 * MINUTE)
    step(conn, cast, number, Move.APPROVE_RETURN, "dispatcher", NOW + 70 * MINUTE)
    back = case_of(conn, cast, number)
    assert (back.state, back.due_at, back.clock_left) == (State.PENDING_DISPATCH, before, None)
    assert [e for e in _events(conn, number) if "case:" in e] == ["3 case:start"]
    assert _clock(conn, number, "case").next_at is not None


def test_suspension_and_extension_are_told_with_their_ends(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.SUSPENDED)
    paused = _clock(conn, number, "case")
    assert (paused.due_at, paused.next_at, paused.base_at) == (None, None, None)
    later = NOW + timedelta(days=2)
    step(conn, cast, number, Move.RESUME, "dispatcher", later)
    resumed = _clock(conn, number, "case")
    assert (resumed.base_at, resumed.base_left_s) == (later, paused.left_s)
    step(conn, cast, number, Move.ASK_EXTENSION, "handler", later)
    step(conn, cast, number, Move.APPROVE_EXTENSION, "leader", later)
    extended = _clock(conn, number, "case")
    assert extended.base_left_s is None, "an agreed date stands, whatever the calendar says"
    assert extended.due_at == case_of(conn, cast, number).due_at > resumed.due_at
    told = [e.partition(" ")[2] for e in _events(conn, number) if "case:" in e]
    assert told == ["case:start", "case:pause", "case:resume", "case:extend"]
