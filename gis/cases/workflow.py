"""
What may happen to a case: the one place in the product that decides it.

The tables in `data/cases/` say which move leads from which state to which, who
may make it, what must come with it, which guards the command has to evaluate
and what happens to the clocks. Whether a guard holds needs the database; the
evaluation lives with the commands (`gis.cases.commands`), the list of guards here.
"""

from collections.abc import Collection, Mapping
from typing import Final

from gis.cases.model import Guard, Move, MoveRow, StageLimit, State, StateRow
from gis.cases.workflow_table import load_workflow
from gis.errors import Forbidden, Invalid, Refused, Term, fault
from gis.i18n import N_

_WORKFLOW: Final = load_workflow()

STATES: Final[Mapping[State, StateRow]] = _WORKFLOW.states
MOVES: Final[Mapping[Move, MoveRow]] = _WORKFLOW.moves
GUARDS: Final[Mapping[str, Guard]] = _WORKFLOW.guards
STAGE_LIMITS: Final[Mapping[str, StageLimit]] = _WORKFLOW.stage_limits
ROLES: Final[Mapping[str, Term]] = _WORKFLOW.roles
FIELDS: Final[Mapping[str, Term]] = _WORKFLOW.fields
CONDITION_NAMES: Final = {
    False: Term("立案条件", "filing condition"),
    True: Term("结案条件", "closing condition"),
}
"""What the field `condition` is called; true: where a case is closed."""

OPEN_STATES: Final = tuple(s for s, row in STATES.items() if not row.terminal)
"""States of a case somebody still has to work on, in the order of the table."""

_NO_CASE: Final = Term("新案卷", "not yet reported")
_NOTHING: Final = Term("无", "nothing")


def moves_from(state: State | None, role: str | None = None) -> tuple[MoveRow, ...]:
    """
    The moves the table allows in `state`, in its order.

    `state` None: the moves that begin a case. `role` None: whoever makes them.
    Guards are not asked here: a move listed may still be refused for this case.
    """
    return tuple(
        row
        for row in MOVES.values()
        if state in row.sources and (role is None or role in row.roles)
    )


def check_move(
    move: Move | str, state: State | None, role: str, fields: Mapping[str, object]
) -> MoveRow:
    """
    The row of a move that the table allows; otherwise a refusal that says what is allowed.

    The role is asked before the state, so that a stranger learns nothing about
    the case; fields come last. A field counts as missing when it is absent,
    None, blank text or an empty collection. Guards are the command's to
    evaluate: `row.guards`.

    Raises
    ------
    Invalid
        When there is no such move, or needed fields are missing (all are named).
    Forbidden
        When the role never makes this move; names the roles that do.
    Refused
        When the move does not start from this state; names the role's moves that do.
    """
    row = _row(move)
    if role not in row.roles:
        raise Forbidden(
            N_("{role} may not do “{move}”; that is for: {roles}."),
            role=_role(role),
            move=row.label,
            roles=_listed([name for key, name in ROLES.items() if key in row.roles]),
        )
    if state not in row.sources:
        raise Refused(
            N_("A case in state “{state}” does not allow “{move}”; {role} can do now: {allowed}."),
            state=STATES[state].name if state else _NO_CASE,
            move=row.label,
            role=_role(role),
            allowed=_listed([other.label for other in moves_from(state, role)]),
        )
    missing = [name for name in row.needs if _is_missing(fields.get(name))]
    if missing:
        raise Invalid(
            N_("“{move}” also needs: {fields}."),
            move=row.label,
            fields=_listed([FIELDS[name] for name in missing]),
            faults=[fault(name, N_("This is needed.")) for name in missing],
        )
    return row


def guards_without(evaluated: Collection[str]) -> tuple[str, ...]:
    """Guards of the table that nobody evaluates, in its order; the commands' tests want none."""
    return tuple(name for name in GUARDS if name not in evaluated)


def refusal(guard: str, row: MoveRow) -> Refused:
    """The answer when a guard of a move does not hold: the rule in words."""
    return Refused(
        N_("“{move}” is not possible here. Rule: {rule}."),
        move=row.label,
        rule=GUARDS[guard].wording,
        detail=guard,
    )


def _row(move: Move | str) -> MoveRow:
    try:
        return MOVES[Move(move)]
    except ValueError:
        raise Invalid(
            N_("There is no move “{move}”."),
            move=str(move),
            faults=[fault("move", N_("This is not a move of a case."))],
        ) from None


def _role(role: str) -> Term:
    return ROLES.get(role) or Term(role, role)


def _listed(terms: Collection[Term]) -> Term:
    if not terms:
        return _NOTHING
    return Term("、".join(t.zh for t in terms), ", ".join(t.en for t in terms))


def _is_missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, Collection) and len(value) == 0
