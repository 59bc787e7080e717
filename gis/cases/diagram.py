"""The life of a case as a drawing, made from the tables of states and moves. Pure."""

from collections.abc import Iterator

from gis.cases.model import State, StateRow
from gis.cases.workflow import MOVES, STATES
from gis.errors import Term

_BEGIN_AND_END = "[*]"


def state_diagram() -> str:
    """
    A Mermaid state diagram: states in their stages, an arrow for each pair that some move joins.

    Moves that are not sourced carry an asterisk. A move that keeps the state is a line of its
    state's note. States in the order of the table, arrows in that of the moves.
    """
    return "\n".join(["stateDiagram-v2", *_stages(), *_arrows(), *_ends(), *_notes()])


def _stages() -> Iterator[str]:
    by_stage: dict[int, list[StateRow]] = {}
    for row in STATES.values():
        by_stage.setdefault(row.stage_no, []).append(row)
    for number in sorted(by_stage):
        rows = by_stage[number]
        yield f'  state "{number} {_both(rows[0].stage)}" as stage_{number} {{'
        yield from (f'    state "{_both(row.name)}" as {row.state}' for row in rows)
        yield "  }"


def _arrows() -> Iterator[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for row in MOVES.values():
        for source in sorted(row.sources, key=_place):
            target = row.target(source) if row.to or source else None
            if target is not None and target is not source:
                sign = "" if row.confidence == "sourced" else " *"
                pair = (source.value if source else _BEGIN_AND_END, target.value)
                labels.setdefault(pair, []).append(_both(row.label) + sign)
    for (source_name, target_name), moves in labels.items():
        yield f"  {source_name} --> {target_name}: {' / '.join(moves)}"


def _ends() -> Iterator[str]:
    yield from (f"  {row.state} --> {_BEGIN_AND_END}" for row in STATES.values() if row.terminal)


def _notes() -> Iterator[str]:
    for state in STATES:
        kept = [
            _both(row.label)
            for row in MOVES.values()
            if state in row.sources and row.target(state) is state
        ]
        if kept:
            yield f"  note right of {state}: {' / '.join(kept)}"


def _place(state: State | None) -> int:
    return -1 if state is None else list(STATES).index(state)


def _both(term: Term) -> str:
    return f"{term.zh} {term.en}".replace('"', "'").replace(":", " –").replace(";", ",")
