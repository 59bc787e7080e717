"""What a person can do with a case now, and with what: the buttons of the case page as data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, Role
from gis.cases.asking import Ask, Propose
from gis.cases.evidence.rules import CHECKED_MOVES
from gis.cases.guards import failing
from gis.cases.intake_rules import acting_role
from gis.cases.model import Move, MoveRow
from gis.cases.move_fields import CHOICES, KINDS, FieldKind
from gis.cases.records import Case
from gis.cases.settings import read_case_settings
from gis.cases.tasks.reasons import reasons_of
from gis.cases.workflow import FIELDS, GUARDS, moves_from
from gis.errors import Term

_OPTIONAL: dict[Move, tuple[str, ...]] = {
    Move.DISPATCH: ("reason", "assistants"),
    Move.ARBITRATE: ("assistants",),
    Move.WITHDRAW: ("asked_by_reporter",),
    Move.REOPEN: ("supervisor",),
    Move.CHECK_PASSED: ("text", "checks"),
    Move.CHECK_FAILED: ("checks",),
    Move.VERIFY_TRUE: ("text", "checks"),
    Move.REGISTER: ("checks", "answers"),
    Move.ORDER_VERIFICATION: ("answers",),
    Move.CLOSE: ("checks",),
    Move.ASSIGN: ("text",),
    Move.TAKE_BACK: ("text",),
}
"""Fields that a move takes besides those it needs."""
_WITH_FILES = frozenset(
    {
        *CHECKED_MOVES, Move.ASK_RETURN, Move.ASK_EXTENSION, Move.ASK_SUSPENSION, Move.ASK_CANCEL,
        Move.ARBITRATE, Move.REOPEN, Move.SUPERVISE, Move.FORCE_CLOSE,
    }
)  # fmt: skip
"""Moves that take PDFs, videos and voice notes besides photos."""
_FILLED_IN = frozenset({"supervisor"})
"""Needed fields that the command fills in when they are left empty."""
CHOICE_NAMES = {"valid": Term("属实", "valid"), "invalid": Term("不属实", "invalid")}
"""What the words of choice fields are called."""
_OWN_NAMES = {"asked_by_reporter": Term("确认由上报人提出", "the reporter asked for it")}


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One field of a move's form."""

    name: str
    label: Term
    kind: FieldKind
    required: bool
    choices: tuple[str, ...] = ()
    names: tuple[Term, ...] = ()
    """What each choice is called, in the same order."""


@dataclass(frozen=True, slots=True)
class MoveOption:
    """One move that the table allows this person in this state."""

    move: Move
    label: Term
    role: Role
    """The post in which it would be made."""
    fields: tuple[FieldOption, ...]
    blocked_by: Term | None
    """The rule that stands against it now, in words; None: nothing known does."""


def available_moves(
    conn: Connection, case: Case, *, actor: Actor, now: datetime, propose: Propose | None = None
) -> list[MoveOption]:
    """
    The moves of this person on this case, in the order of the table.

    Guards that look at what is typed in are not asked yet; the others are, and
    say why a button cannot be pressed. The command asks everything again.
    """
    if not actor.may(Permission.MOVE_CASES):
        return []
    settings = read_case_settings(conn)
    options = []
    for row in moves_from(case.state):
        role = acting_role(actor, row.roles)
        if role in row.roles:
            ask = Ask(conn, actor, role, case, row, {}, now, settings, propose)
            broken = failing(ask, with_fields=False)
            options.append(
                MoveOption(
                    row.move,
                    row.label,
                    role,
                    fields_of_move(row),
                    GUARDS[broken].wording if broken else None,
                )
            )
    return options


def fields_of_move(row: MoveRow) -> tuple[FieldOption, ...]:
    """The form of a move: what it needs, then what it also takes."""
    listed = "reason" in row.needs and bool(reasons_of(row.move))
    filled_in = _FILLED_IN | ({"reason"} if listed else set())
    needed = [_field(name, required=name not in filled_in) for name in row.needs]
    if listed:
        needed.insert(row.needs.index("reason"), _reason_field(row.move))
    extra = [n for n in _OPTIONAL.get(row.move, ()) if n not in row.needs]
    extra += ["files"] if row.move in _WITH_FILES else []
    extra += ["reason_evidence"] if row.move in CHECKED_MOVES else []
    return tuple(needed + [_field(name, required=False) for name in extra])


def _reason_field(move: Move) -> FieldOption:
    listed = reasons_of(move)
    names = tuple(reason.name for reason in listed.values())
    return FieldOption(
        name="reason_code",
        label=FIELDS["reason_code"],
        kind=FieldKind.CHOICE,
        required=True,
        choices=tuple(listed),
        names=names,
    )


def _field(name: str, *, required: bool) -> FieldOption:
    label = FIELDS.get(name) or _OWN_NAMES[name]
    words = CHOICES.get(name, ())
    names = tuple(CHOICE_NAMES.get(word, Term(word, word)) for word in words)
    return FieldOption(name, label, KINDS[name], required, words, names)
