"""The whole table of states and moves, and its complement."""

import csv
import itertools

import pytest

from gis.cases.model import CaseClock, ClockStep, Move, Operation, State
from gis.cases.workflow import (
    FIELDS,
    GUARDS,
    MOVES,
    OPEN_STATES,
    ROLES,
    STAGE_LIMITS,
    STATES,
    check_move,
    guards_without,
    moves_from,
    refusal,
)
from gis.cases.workflow_table import CASE_CLOCK
from gis.errors import Forbidden, Invalid, Refused
from gis.standards.csvfile import DATA

ALL_STATES = (None, *State)
FULL = dict.fromkeys(FIELDS, "x")


def lines() -> list[dict[str, str]]:
    """The file itself, read without the code under test."""
    with (DATA / "cases" / "moves.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


ALLOWED = {
    (None if source == "START" else State(source), Move(line["move"]), role): line
    for line in lines()
    for source in line["from"].split("|")
    for role in line["roles"].split("|")
}
EVERYTHING = list(itertools.product(ALL_STATES, Move, ROLES))


def test_there_are_22_states_43_moves_and_14_roles() -> None:
    assert (len(STATES), len(MOVES), len(ROLES)) == (22, 43, 14)
    assert list(STATES) == list(State)
    assert list(MOVES) == list(Move)
    assert len(EVERYTHING) == 23 * 43 * 14


@pytest.mark.parametrize("state", ALL_STATES, ids=str)
def test_every_triple_of_the_table_is_allowed_and_every_other_is_not(state: State | None) -> None:
    for state_, move, role in EVERYTHING:
        if state_ != state:
            continue
        if line := ALLOWED.get((state, move, role)):
            row = check_move(move, state, role, FULL)
            expected = state if line["to"] == "SAME" else State(line["to"])
            assert row.target(state) == expected
        else:
            with pytest.raises((Refused, Forbidden)):
                check_move(move, state, role, FULL)


def test_moves_from_lists_exactly_the_table() -> None:
    for state, role in itertools.product(ALL_STATES, ROLES):
        listed = [row.move for row in moves_from(state, role)]
        assert listed == [m for m in Move if (state, m, role) in ALLOWED]
    for state in ALL_STATES:
        assert {r.move for r in moves_from(state)} == {m for s, m, _ in ALLOWED if s == state}


@pytest.mark.parametrize("line", lines(), ids=lambda line: line["move"])
def test_each_needed_field_alone_is_missed(line: dict[str, str]) -> None:
    move = Move(line["move"])
    state = None if line["from"].startswith("START") else State(line["from"].split("|")[0])
    role = line["roles"].split("|")[0]
    needed = [name for name in line["needs"].split(";") if name]
    for name in needed:
        for empty in ("absent", None, "  ", [], ()):
            fields = {k: v for k, v in FULL.items() if k != name}
            if empty != "absent":
                fields[name] = empty  # type: ignore[assignment]
            with pytest.raises(Invalid) as caught:
                check_move(move, state, role, fields)
            assert [fault.field for fault in caught.value.faults] == [name]
    assert check_move(move, state, role, dict.fromkeys(needed, 1)).move is move


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        check_move("report_self_handled", None, "supervisor", {"point": (116.4, 39.9)})
    assert [f.field for f in caught.value.faults] == ["class_code", "photo_before", "photo_after"]


def test_a_stranger_hears_about_the_role_and_nothing_about_the_case() -> None:
    with pytest.raises(Forbidden) as caught:
        check_move("file", State.HANDLING, "planner", {})
    assert "Being handled" not in str(caught.value)
    assert "Shift leader" in str(caught.value)


def test_a_refusal_names_state_move_and_what_is_allowed_in_both_languages() -> None:
    with pytest.raises(Refused) as caught:
        check_move("file", State.HANDLING, "shift_leader", {})
    for word in ("Being handled", "File", "Supervise"):
        assert word in caught.value.text("en")
    for word in ("处置中", "立案", "督办", "值班长"):
        assert word in caught.value.text("zh-CN")


def test_a_refusal_says_so_when_nothing_is_allowed() -> None:
    with pytest.raises(Refused) as caught:
        check_move("refuse", State.CLOSED, "acceptor", {})
    assert "Reopen" in str(caught.value)
    with pytest.raises(Refused) as caught:
        check_move("dispatch", State.CLOSED, "dispatcher", {})
    assert caught.value.text("en").endswith("can do now: nothing.")
    assert caught.value.text("zh-CN").endswith("可以进行：无。")


def test_an_unknown_move_or_role_is_an_answer_and_not_a_crash() -> None:
    with pytest.raises(Invalid):
        check_move("teleport", State.HANDLING, "handler", {})
    with pytest.raises(Forbidden):
        check_move("file", State.PENDING_FILING, "emperor", FULL)


def test_only_terminal_states_are_closed_and_few_moves_leave_them() -> None:
    closed = {s for s in State if s not in OPEN_STATES}
    assert closed == {
        State.NOT_ACCEPTED,
        State.NOT_FILED,
        State.SELF_HANDLED,
        State.CANCELLED,
        State.CLOSED,
        State.FORCED_CLOSED,
        State.MERGED,
    }
    leaving = {r.move for s in closed for r in moves_from(s) if r.target(s) != s}
    assert leaving == {Move.REOPEN, Move.UNMERGE}


def test_the_way_of_an_ordinary_case_runs_its_clocks_one_after_the_other() -> None:
    way = ["report", "register", "file", "dispatch", "take_up", "report_done"]
    way += ["order_check", "check_passed", "close"]
    state: State | None = None
    running: set[str] = set()
    for move in way:
        row = check_move(move, state, sorted(MOVES[Move(move)].roles)[0], FULL)
        for step in row.clock:
            if step.start_setting == "filing" or step.operation is Operation.RESUME:
                continue  # this district starts the case clock at dispatch
            (running.add if step.operation is Operation.START else running.discard)(step.clock)
        state = row.target(state)
        stage = STATES[state].stage_clock
        assert running - {CASE_CLOCK} == ({stage} if stage else set())
        if STATES[state].case_clock in (CaseClock.RUNNING, CaseClock.STOPPED):
            assert (CASE_CLOCK in running) == (STATES[state].case_clock is CaseClock.RUNNING)
    assert (state, running) == (State.CLOSED, set())


def test_the_clock_starts_at_filing_or_at_dispatch_by_setting() -> None:
    assert ClockStep("case", Operation.START, "filing") in MOVES[Move.FILE].clock
    assert ClockStep("case", Operation.START, "dispatch") in MOVES[Move.DISPATCH].clock


def test_stage_clocks_are_those_of_the_limits() -> None:
    assert {row.stage_clock for row in STATES.values()} - {""} == set(STAGE_LIMITS)


def test_every_guard_of_the_table_is_used_and_worded_in_both_languages() -> None:
    used = {name for row in MOVES.values() for name in row.guards}
    assert used == set(GUARDS)
    assert all(g.wording.zh and g.wording.en for g in GUARDS.values())
    assert guards_without(GUARDS) == ()
    assert guards_without([g for g in GUARDS if g != "before_the_limit"]) == ("before_the_limit",)


def test_a_guard_that_fails_answers_with_its_rule() -> None:
    error = refusal("before_the_limit", MOVES[Move.ASK_EXTENSION])
    assert "before the time limit ends" in error.text("en")
    assert "处置时限届满前" in error.text("zh-CN")
