"""Reading and checking the tables of the life of a case (`data/cases/*.csv`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gis.cases.model import (
    CaseClock,
    ClockStep,
    Guard,
    Move,
    MoveRow,
    Operation,
    StageLimit,
    State,
    StateRow,
)
from gis.errors import Term
from gis.standards.csvfile import DATA, flag, read_table, words

CASE_CLOCK = "case"
NEW, SAME = "START", "SAME"
"""Words of the file for "there is no case yet" and "the state stays"."""


@dataclass(frozen=True)
class Workflow:
    """The tables together, in file order."""

    states: Mapping[State, StateRow]
    moves: Mapping[Move, MoveRow]
    guards: Mapping[str, Guard]
    fields: Mapping[str, Term]
    roles: Mapping[str, Term]
    stage_limits: Mapping[str, StageLimit]


def _term(row: Mapping[str, str], stem: str = "name") -> Term:
    return Term(zh=row[f"{stem}_zh"], en=row[f"{stem}_en"])


def _state(row: Mapping[str, str]) -> StateRow:
    return StateRow(
        state=State(row["state"]),
        name=_term(row),
        stage_no=int(row["stage_no"]),
        stage=_term(row, "stage"),
        holder_role=row["holder_role"],
        case_clock=CaseClock(row["case_clock"]),
        stage_clock=row["stage_clock"],
        terminal=flag(row["terminal"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _step(text: str) -> ClockStep:
    clock, _, rest = text.partition(":")
    operation, _, setting = rest.partition("@")
    return ClockStep(clock, Operation(operation), setting)


def _move(row: Mapping[str, str]) -> MoveRow:
    return MoveRow(
        move=Move(row["move"]),
        sources=frozenset(None if w == NEW else State(w) for w in words(row["from"])),
        to=None if row["to"] == SAME else State(row["to"]),
        roles=frozenset(words(row["roles"])),
        on_behalf_of=words(row["on_behalf_of"]),
        needs=words(row["needs"], ";"),
        guards=words(row["guards"], ";"),
        clock=tuple(_step(w) for w in words(row["clock"], ";")),
        counts=words(row["counts"], ";"),
        label=_term(row, "label"),
        origin=row["origin"],
        confidence=row["confidence"],
    )


def _guard(row: Mapping[str, str]) -> Guard:
    return Guard(row["id"], Term(row["zh"], row["en"]), row["origin"], row["confidence"])


def _limit(row: Mapping[str, str]) -> StageLimit:
    return StageLimit(
        stage_clock=row["stage_clock"],
        name=_term(row),
        value=Decimal(row["limit_value"]),
        unit=row["limit_unit"],
        source=row["source"],
        confidence=row["confidence"],
    )


def load_workflow(folder: Path = DATA) -> Workflow:
    """
    Read the tables and check them.

    Raises
    ------
    ValueError
        With every fault found: nothing of the product may run on a broken table.
    """
    states = [_state(row) for row in read_table("cases/states", ["state"], folder=folder)]
    moves = [_move(row) for row in read_table("cases/moves", ["move"], folder=folder)]
    guards = [_guard(row) for row in read_table("cases/guards", ["id"], folder=folder)]
    limits = [_limit(r) for r in read_table("cases/stage_limits", ["stage_clock"], folder=folder)]
    fields = read_table("cases/fields", ["field"], folder=folder)
    roles = read_table("accounts/roles", ["role"], folder=folder)
    workflow = Workflow(
        states={row.state: row for row in states},
        moves={row.move: row for row in moves},
        guards={row.id: row for row in guards},
        fields={row["field"]: _term(row) for row in fields},
        roles={row["role"]: _term(row) for row in roles},
        stage_limits={row.stage_clock: row for row in limits},
    )
    faults = list(faults_of(workflow))
    if len(states) != len(workflow.states) or len(moves) != len(workflow.moves):
        faults.append("a state or a move stands in its table twice")
    if faults:
        raise ValueError("data/cases: " + "; ".join(faults))
    return workflow


def faults_of(workflow: Workflow) -> Iterator[str]:
    """Everything that is wrong with the tables, as sentences for whoever edits them."""
    yield from (f"state {s} has no row" for s in State if s not in workflow.states)
    yield from (f"move {m} has no row" for m in Move if m not in workflow.moves)
    yield from _unknown_words(workflow)
    yield from _dead_ends(workflow)
    for row in workflow.moves.values():
        for source in row.sources:
            yield from _clock_faults(workflow, row, source)


def _unknown_words(workflow: Workflow) -> Iterator[str]:
    for state in workflow.states.values():
        if state.holder_role not in workflow.roles:
            yield f"state {state.state}: no role {state.holder_role}"
        if state.stage_clock and state.stage_clock not in workflow.stage_limits:
            yield f"state {state.state}: stage clock {state.stage_clock} has no limit"
    for row in workflow.moves.values():
        known = (
            ("role", row.roles, workflow.roles),
            ("field", row.needs, workflow.fields),
            ("guard", row.guards, workflow.guards),
            ("clock", [s.clock for s in row.clock], [*workflow.stage_limits, CASE_CLOCK]),
        )
        for what, used, names in known:
            yield from (f"{row.move}: no {what} {word}" for word in used if word not in names)
        if not row.roles or not row.sources:
            yield f"{row.move}: nobody can make it or it starts nowhere"


def _dead_ends(workflow: Workflow) -> Iterator[str]:
    steps = {
        (source, row.target(source))
        for row in workflow.moves.values()
        for source in row.sources
        if source or row.to
    }
    reached: set[State | None] = {None}
    while more := {to for source, to in steps if source in reached} - reached:
        reached |= more
    yield from (f"state {s} cannot be reached" for s in workflow.states if s not in reached)
    left = {source for source, to in steps if source != to}
    for state in workflow.states.values():
        if not state.terminal and state.state not in left:
            yield f"state {state.state} is open and has no way out"


def _clock_faults(workflow: Workflow, row: MoveRow, source: State | None) -> Iterator[str]:
    """The stage clock of the state left ends or waits, that of the state entered runs."""
    before = workflow.states[source].stage_clock if source else ""
    after = workflow.states[row.target(source)].stage_clock
    done = {(step.clock, step.operation) for step in row.clock}
    if (
        before
        and before != after
        and not done
        & {
            (before, Operation.STOP),
            (before, Operation.PAUSE),
        }
    ):
        yield f"{row.move} leaves {source} and lets its {before} clock run"
    if (
        after
        and before != after
        and not done
        & {
            (after, Operation.START),
            (after, Operation.RESUME),
        }
    ):
        yield f"{row.move} enters {row.target(source)} without its {after} clock"
    ends = workflow.states[row.target(source)].terminal and source != row.target(source)
    running = source and workflow.states[source].case_clock is not CaseClock.STOPPED
    if ends and running and (CASE_CLOCK, Operation.STOP) not in done:
        yield f"{row.move} ends the case and lets its clock run"
