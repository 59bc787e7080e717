"""Laws of the table on random lives of a case, for both settings of the clock's start."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.cases.model import CaseClock, MoveRow, Operation, State
from gis.cases.workflow import MOVES, ROLES, STAGE_LIMITS, STATES, check_move, moves_from
from gis.cases.workflow_table import CASE_CLOCK
from gis.errors import Invalid

FULL = {name: "x" for row in MOVES.values() for name in row.needs}


@dataclass
class Clocks:
    """Clocks that do only what the table says, by the meaning written in its README."""

    starts_at: str
    state: dict[str, str] = field(default_factory=dict)

    def apply(self, row: MoveRow) -> None:
        for step in row.clock:
            if step.start_setting not in ("", self.starts_at):
                continue
            now = self.state.get(step.clock)
            if step.operation is Operation.START and (now is None or step.clock != CASE_CLOCK):
                self.state[step.clock] = "running"
            elif step.operation is Operation.STOP and now is not None:
                self.state[step.clock] = "stopped"
            elif step.operation is Operation.PAUSE and now == "running":
                self.state[step.clock] = "paused"
            elif step.operation is Operation.RESUME and now in ("paused", "stopped"):
                self.state[step.clock] = "running"

    def in_state(self, wanted: str) -> set[str]:
        return {clock for clock, now in self.state.items() if now == wanted} - {CASE_CLOCK}


def agrees(clock: str | None, state: State) -> bool:
    """Whether the case clock does what the table promises for the state."""
    promised = STATES[state].case_clock
    if promised in (CaseClock.NONE, CaseClock.BY_SETTING):
        return not STATES[state].terminal or clock != "running"
    if promised is CaseClock.STOPPED:
        return clock != "running"
    return clock == str(promised)


@settings(max_examples=500)
@given(data=st.data(), starts_at=st.sampled_from(["filing", "dispatch"]))
def test_whatever_happens_to_a_case_its_clocks_do_what_its_state_says(
    data: st.DataObject, starts_at: str
) -> None:
    clocks, state = Clocks(starts_at), None
    for _ in range(data.draw(st.integers(1, 60), label="steps")):
        row = data.draw(st.sampled_from(moves_from(state)), label="move")
        clocks.apply(row)
        state = row.target(state)
        stage = STATES[state].stage_clock
        assert clocks.in_state("running") == ({stage} if stage else set())
        assert clocks.in_state("paused") == (
            {"dispatch"} if state is State.CANCEL_REVIEW else set()
        )
        assert agrees(clocks.state.get(CASE_CLOCK), state), (state, clocks.state)
        if not moves_from(state):
            break


@given(
    state=st.sampled_from([None, *State]),
    role=st.sampled_from(list(ROLES)),
    fields=st.dictionaries(st.sampled_from(sorted(FULL)), st.text(max_size=3)),
)
def test_a_move_that_is_listed_is_refused_only_for_missing_fields(
    state: State | None, role: str, fields: dict[str, str]
) -> None:
    for row in moves_from(state, role):
        filled = all(fields.get(name, "").strip() for name in row.needs)
        assert check_move(row.move, state, role, FULL) is row
        try:
            check_move(row.move, state, role, fields)
        except Invalid:
            assert not filled
        else:
            assert filled


def test_from_every_open_state_a_case_can_still_be_closed() -> None:
    ends = {State.CLOSED}
    while (
        more := {
            source
            for row in MOVES.values()
            for source in row.sources
            if source and row.target(source) in ends
        }
        - ends
    ):
        ends |= more
    assert {s for s, row in STATES.items() if not row.terminal} <= ends


def test_nobody_needs_the_administrator_to_finish_a_case() -> None:
    used = {role for row in MOVES.values() for role in row.roles}
    assert used.isdisjoint({"administrator", "data_owner", "planner", "manager", "duty_officer"})
    assert used <= set(ROLES)
    assert set(STAGE_LIMITS) == {row.stage_clock for row in STATES.values()} - {""}
