"""What a person can do with a case now: the moves of the table with the choices each needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.asking import Ask
from gis.cases.colleagues import colleagues
from gis.cases.intake_rules import acting_role
from gis.cases.model import Move, MoveRow
from gis.cases.move_fields import FieldKind
from gis.cases.options import FieldOption, MoveOption, available_moves
from gis.cases.records import Case
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.tasks.checklists import CheckItem, checklist_of
from gis.cases.tasks.questions import Question, questions_of
from gis.cases.workflow import CONDITION_NAMES, MOVES
from gis.dispatch.commands import proposal_for, proposed
from gis.dispatch.model import Proposal
from gis.dispatch.queries import acting_departments
from gis.errors import Term
from gis.standards.model import HandlingRule
from gis.standards.queries import limits_of_class
from gis.worktime.model import Limit, Unit


@dataclass(frozen=True, slots=True)
class OfferField:
    """One field of a move, with what may be chosen."""

    name: str
    label: Term
    kind: FieldKind
    required: bool
    choices: Mapping[int | str, Term]
    """Value to name, best first; empty for fields that are typed or taken."""
    chosen: tuple[int, ...] = ()
    """What stands there before anybody chooses, where several can be chosen."""
    day: date | None = None
    """The day that stands there before anybody chooses one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One move that the table allows this person for this case."""

    row: MoveRow
    fields: tuple[OfferField, ...]
    proposal: Proposal | None = None
    """For a dispatch: what the rules say, and why."""
    blocked_by: Term | None = None
    """The rule that stands against it now, in words; None: nothing known does."""
    checklist: tuple[CheckItem, ...] = ()
    """Conditions to look at, where the move has the field `checks`."""
    questions: tuple[Question, ...] = ()
    """What the class asks, where the move has the field `answers`."""


@dataclass(frozen=True, slots=True)
class _Asked:
    conn: Connection
    actor: Actor
    case: Case
    now: datetime
    settings: CaseSettings
    rules: list[HandlingRule]
    proposal: Proposal | None
    closing: bool
    move: Move

    def supervisors(self) -> dict[int | str, Term]:
        """On duty for the cell now, or drawn from other cells; fewest open tasks first."""
        ask = self._as_asked()
        found, handled = ask.sendable, ask.handlers()
        zh, en = ("其他网格，", "another grid, ") if found.other_grid else ("", "")
        return {
            p.person_id: Term(
                f"{p.name}（{zh}在办 {p.open_tasks}）", f"{p.name} ({en}{p.open_tasks} open)"
            )
            for p in found.people
            if p.person_id not in handled
        }

    def departments(self) -> dict[int | str, Term]:
        """All that can act today, the proposed one first."""
        day = self.now.astimezone(self.settings.zone).date()
        names = {d.id: d.name for d in acting_departments(self.conn, on=day)}
        first = self.proposal.department.id if self.proposal else None
        return dict(sorted(names.items(), key=lambda item: item[0] != first))

    def conditions(self) -> dict[int | str, Term]:
        """The conditions of the class; for filing with the limit each brings."""
        if self.closing:
            rules = [r for r in self.rules if self.case.condition_no in (None, r.condition_no)]
            return {r.condition_no: r.closing_condition for r in rules or self.rules}
        return {r.condition_no: _with_limit(r) for r in self.rules}

    def colleagues(self) -> dict[int | str, Term]:
        """The people of the department who are there, those with the least in hand first."""
        found = colleagues(
            self.conn, department_id=self.case.department_id, grid_code=self.case.grid_code,
            now=self.now, settings=self.settings,
        )  # fmt: skip
        apart = {self.case.handler_id, *self._as_asked().finders()}
        return {
            p.person_id: Term(f"{p.name}（在办 {p.held}）", f"{p.name} ({p.held} in hand)")
            for p in found
            if p.is_there and p.person_id not in apart
        }

    def _as_asked(self) -> Ask:
        """The move as the guards will look at it: who is refused there is not offered here."""
        role = acting_role(self.actor, MOVES[self.move].roles)
        return Ask(
            self.conn, self.actor, role, self.case, MOVES[self.move], {}, self.now, self.settings
        )


_CHOICES: Mapping[FieldKind, Callable[[_Asked], Mapping[int | str, Term]]] = {
    FieldKind.SUPERVISOR: _Asked.supervisors,
    FieldKind.DEPARTMENT: _Asked.departments,
    FieldKind.DEPARTMENTS: _Asked.departments,
    FieldKind.CONDITION: _Asked.conditions,
    FieldKind.COLLEAGUE: _Asked.colleagues,
}


def _with_limit(rule: HandlingRule) -> Term:
    limit = Limit(rule.limit_value, Unit(rule.limit_unit)).label
    text = rule.filing_condition
    return Term(f"{text.zh}（{limit.zh}）", f"{text.en} ({limit.en})")


def _field(asked: _Asked, option: FieldOption) -> OfferField:
    choices: Mapping[int | str, Term] = {}
    if option.kind in _CHOICES:
        choices = _CHOICES[option.kind](asked)
    elif option.kind is FieldKind.CHOICE:
        choices = dict(zip(option.choices, option.names, strict=True))
    label = option.label
    if option.kind is FieldKind.CONDITION:
        label = CONDITION_NAMES[asked.closing]
    return OfferField(
        option.name, label, option.kind, option.required, choices, _chosen(asked, option),
        _day(asked, option),
    )  # fmt: skip


def _chosen(asked: _Asked, option: FieldOption) -> tuple[int, ...]:
    """The departments that the rule asks to help."""
    if option.kind is not FieldKind.DEPARTMENTS or asked.proposal is None:
        return ()
    return tuple(one.id for one in asked.proposal.assistants)


_RESUME_ON = text(
    "SELECT data ->> 'resume_on' FROM case_event WHERE case_id = :case_id AND move = :move"
    " ORDER BY seq DESC LIMIT 1"
)


def _day(asked: _Asked, option: FieldOption) -> date | None:
    """The day that the department asks for: whoever grants it need not type it again."""
    if option.name != "resume_on" or asked.move is not Move.APPROVE_SUSPENSION:
        return None
    asks = {"case_id": asked.case.id, "move": str(Move.ASK_SUSPENSION)}
    day = asked.conn.scalar(_RESUME_ON, asks)
    return date.fromisoformat(day) if day else None


def offers(conn: Connection, *, actor: Actor, case: Case, now: datetime) -> list[Offer]:
    """
    The moves of the table for this person and case, in the table's order.

    Guards that look at what is typed in are asked when a move is made; the
    others are asked now and say what stands against a move. A supervisor is
    offered moves only on tasks that are his or hers, a handler only on cases
    of the department.
    """
    if not _concerns(actor, case):
        return []
    settings = read_case_settings(conn)
    rules = limits_of_class(conn, kind=case.kind, edition=case.edition, code=case.class_code)
    found = []
    for option in available_moves(conn, case, actor=actor, now=now, propose=proposed):
        proposal = proposal_for(conn, case, now) if option.move is Move.DISPATCH else None
        closing = option.move is Move.CLOSE
        asked = _Asked(conn, actor, case, now, settings, rules, proposal, closing, option.move)
        found.append(_offer(asked, option))
    return found


def _offer(asked: _Asked, option: MoveOption) -> Offer:
    """A move with its choices; a field that has nothing to ask in this class is left out."""
    case = asked.case
    checklist = checklist_of(option.move, asked.rules, case.condition_no)
    questions = questions_of(case.kind, case.edition, case.class_code)
    idle = set() if questions else {FieldKind.ANSWERS}
    return Offer(
        MOVES[option.move],
        tuple(_field(asked, field) for field in option.fields if field.kind not in idle),
        asked.proposal,
        option.blocked_by,
        checklist,
        questions,
    )


def _concerns(actor: Actor, case: Case) -> bool:
    """Whether a person of the street or of a department has anything to decide here."""
    if actor.roles <= {Role.SUPERVISOR}:
        return case.supervisor_id in {actor.person_id, *actor.stands_for}
    if actor.roles <= {Role.HANDLER}:
        return case.department_id == actor.department_id
    return True
