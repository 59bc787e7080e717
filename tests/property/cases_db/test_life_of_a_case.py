"""A state machine over the real database: whatever people try, only legal moves happen."""

import os
import random
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine, text

from gis.audit.trail import broken_links
from gis.cases.model import Move, State
from gis.cases.screen import PRIMARY_MOVES
from gis.cases.workflow import MOVES, STATES
from gis.dispatch.commands import move_case
from gis.errors import Conflict, Forbidden, GisError, Invalid, Refused
from tests import factories as make
from tests.case_life import Cast, fields_for, make_cast, report, supervisor_of, version_of

MOVES_OF_A_CASE = [m for m, row in MOVES.items() if None not in row.sources]
POSTS = ("supervisor", "acceptor", "leader", "dispatcher", "handler", "other_handler", "arbiter",
         "centre", "auditor")  # fmt: skip


class LifeOfCases(RuleBasedStateMachine):
    """Random moves by random people, right and wrong, stale and repeated."""

    engine: Engine
    made: ClassVar[set[Move]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.conn: Connection = self.engine.connect()
        self.outer = self.conn.begin()
        self.cast: Cast = make_cast(self.conn)
        self.now = make.NOW
        self.states: dict[str, State] = {}
        self.moves: dict[str, list[Move]] = {}

    def teardown(self) -> None:
        self.outer.rollback()
        self.conn.close()

    @rule(desk=st.booleans())
    def report_one(self, desk: bool) -> None:
        who = self.cast.acceptor if desk else self.cast.supervisor
        number = report(self.conn, who, now=self.now)
        self.states[number] = State.REPORTED
        self.moves[number] = [Move.REPORT]

    @rule(
        move=st.sampled_from(MOVES_OF_A_CASE),
        post=st.sampled_from(POSTS),
        pick=st.integers(0, 99),
        stale=st.integers(0, 9),
    )
    def anybody_tries(self, move: Move, post: str, pick: int, stale: int) -> None:
        number = self._some(pick)
        if number is not None:
            self._try(number, move, getattr(self.cast, post), stale=stale == 0)

    @initialize()
    def two_reports(self) -> None:
        self.report_one(desk=False)
        self.report_one(desk=True)

    @rule(seed=st.integers(0, 2**32))
    def the_right_people_go_on(self, seed: int) -> None:
        """Hypothesis likes small numbers; a seed of its own walks far."""
        draw = random.Random(seed)
        for _ in range(10):
            number = draw.choice(list(self.states))
            possible = [m for m in MOVES_OF_A_CASE if self.states[number] in MOVES[m].sources]
            onward = [m for m in possible if m in PRIMARY_MOVES and draw.random() < 0.7]
            if possible:
                move = draw.choice(onward or possible)
                self._try(number, move, self._post_for(move, number), stale=False)

    @rule(hours=st.sampled_from([1, 2, 24, 24, 26]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def _some(self, pick: int) -> str | None:
        numbers = list(self.states)
        return numbers[pick % len(numbers)] if numbers else None

    def _post_for(self, move: Move, number: str) -> Any:
        if "is_the_assigned_supervisor" in MOVES[move].guards:
            return supervisor_of(self.conn, self.cast, number)
        roles = [r for r in self.cast.by_role if r in MOVES[move].roles]
        return self.cast.by_role[random.Random(len(number)).choice(roles)] if roles else None

    def _try(self, number: str, move: Move, actor: Any, *, stale: bool) -> None:
        fields = dict(fields_for(self.conn, self.cast, move, self.now))
        if move is Move.MERGE:
            fields = {"target_case": next(iter(self.states))}
        version = version_of(self.conn, number) - stale
        before = self.states[number]
        point = self.conn.begin_nested()
        try:
            case = move_case(
                self.conn, actor=actor, number=number, move=move, fields=fields,
                expected_version=version, now=self.now,
            )  # fmt: skip
        except GisError as error:
            point.rollback()
            self._check_refusal(error, before, move, stale)
            return
        point.commit()
        row = MOVES[move]
        assert not stale, "a stale version moved the case"
        assert before in row.sources, f"{move} from {before} is not in the table"
        assert not row.roles.isdisjoint(actor.roles), f"{actor.roles} made {move}"
        assert case.state is row.target(before)
        self.states[number] = case.state
        self.moves[number].append(move)
        self.made.add(move)

    def _check_refusal(self, error: GisError, before: State, move: Move, stale: bool) -> None:
        assert error.text("en") and error.text("zh-CN")
        if stale:
            return
        assert not isinstance(error, Conflict), "nobody else is there"
        if isinstance(error, Refused) and before in MOVES[move].sources:
            assert error.detail or "dispatch rule" in error.text("en"), "refused without a rule"
        assert isinstance(error, Refused | Forbidden | Invalid) or error.code == "not_found"

    @invariant()
    def the_database_holds_what_happened(self) -> None:
        rows = self.conn.execute(text("SELECT number, state, open, version, id FROM cases"))
        stored = {row.number: row for row in rows}
        assert stored.keys() == self.states.keys()
        for number, row in stored.items():
            assert row.state == self.states[number]
            assert row.open is not STATES[State(row.state)].terminal
            assert row.version == len(self.moves[number])

    @invariant()
    def the_history_is_the_moves_in_order_and_joins_up(self) -> None:
        events = self.conn.execute(
            text(
                "SELECT c.number, e.seq, e.move, e.from_state, e.to_state FROM case_event e"
                " JOIN cases c ON c.id = e.case_id ORDER BY c.id, e.seq"
            )
        ).all()
        for number, moves in self.moves.items():
            own = [e for e in events if e.number == number]
            assert [e.move for e in own] == [str(m) for m in moves]
            assert [e.seq for e in own] == list(range(1, len(own) + 1))
            for before, after in zip(own, own[1:], strict=False):
                assert after.from_state == before.to_state
            assert own[-1].to_state == self.states[number]

    @invariant()
    def the_chain_holds_and_every_move_is_told(self) -> None:
        assert broken_links(self.conn, subject_type="case") == []
        told = self.conn.execute(
            text("SELECT count(*) FROM outbox WHERE topic = 'case.moved'")
        ).scalar_one()
        assert told == sum(len(moves) for moves in self.moves.values())


STEPS = int(os.environ.get("WANMI_LIFE_STEPS", "360"))
"""Rules tried in all; script/faults asks for many, and then for others each time."""
STEPS_OF_ONE = 30


@pytest.mark.timeout(max(600, STEPS))
def test_only_legal_moves_happen_and_the_history_equals_them(engine: Engine) -> None:
    machine = type("Life", (LifeOfCases,), {"engine": engine, "made": set()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=STEPS // STEPS_OF_ONE,
            stateful_step_count=STEPS_OF_ONE,
            deadline=None,
            derandomize="WANMI_LIFE_STEPS" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(machine.made) >= 20, "hardly anything was tried"
