"""What a person can do with a case now: the moves of the table with the choices each needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import Actor, Role
from gis.cases.model import Move, MoveRow
from gis.cases.move_fields import CHOICES, KINDS, FieldKind
from gis.cases.places import supervisors_on_duty
from gis.cases.records import Case
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.workflow import FIELDS, moves_from
from gis.dispatch.commands import proposal_for
from gis.dispatch.model import Proposal
from gis.dispatch.queries import acting_departments
from gis.errors import Term
from gis.standards.model import HandlingRule
from gis.standards.queries import limits_of_class
from gis.worktime.model import Limit, Unit

OPTIONAL: Mapping[Move, tuple[str, ...]] = {
    Move.DISPATCH: ("reason",),
    Move.VERIFY_TRUE: ("text",),
    Move.CHECK_PASSED: ("text",),
    Move.WITHDRAW: ("asked_by_reporter",),
}
"""Fields that may come with a move beyond those the table needs."""

_WORDS = {
    "valid": Term("属实", "valid"),
    "invalid": Term("不属实", "invalid"),
}
_ASKED = Term("由上报人提出", "asked for by the reporter")


@dataclass(frozen=True, slots=True)
class OfferField:
    """One field of a move, with what may be chosen."""

    name: str
    label: Term
    kind: FieldKind
    required: bool
    choices: Mapping[int | str, Term]
    """Value to name, best first; empty for fields that are typed or taken."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One move that the table allows this person for this case."""

    row: MoveRow
    fields: tuple[OfferField, ...]
    proposal: Proposal | None = None
    """For a dispatch: what the rules say, and why."""


@dataclass(frozen=True, slots=True)
class _Asked:
    conn: Connection
    case: Case
    now: datetime
    settings: CaseSettings
    rules: list[HandlingRule]
    proposal: Proposal | None
    closing: bool

    def supervisors(self) -> dict[int | str, Term]:
        """On duty for the cell now, fewest open tasks first."""
        found = supervisors_on_duty(
            self.conn, grid_code=self.case.grid_code, now=self.now, settings=self.settings
        )
        return {
            p.person_id: Term(f"{p.name}（在办 {p.open_tasks}）", f"{p.name} ({p.open_tasks} open)")
            for p in found
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


_CHOICES: Mapping[FieldKind, Callable[[_Asked], Mapping[int | str, Term]]] = {
    FieldKind.SUPERVISOR: _Asked.supervisors,
    FieldKind.DEPARTMENT: _Asked.departments,
    FieldKind.CONDITION: _Asked.conditions,
}


def _with_limit(rule: HandlingRule) -> Term:
    limit = Limit(rule.limit_value, Unit(rule.limit_unit)).label
    text = rule.filing_condition
    return Term(f"{text.zh}（{limit.zh}）", f"{text.en} ({limit.en})")


def _field(asked: _Asked, name: str, *, required: bool) -> OfferField:
    kind = KINDS[name]
    choices: Mapping[int | str, Term] = {}
    if kind in _CHOICES:
        choices = _CHOICES[kind](asked)
    elif kind is FieldKind.CHOICE:
        choices = {word: _WORDS[word] for word in CHOICES[name]}
    return OfferField(name, FIELDS.get(name, _ASKED), kind, required, choices)


def offers(conn: Connection, *, actor: Actor, case: Case, now: datetime) -> list[Offer]:
    """
    The moves of the table for this person and case, in the table's order.

    Guards are asked when a move is made: what is offered may still be refused,
    with the rule in words. A supervisor is offered moves only on tasks that are
    his or hers, a handler only on cases of the department.
    """
    if not _concerns(actor, case):
        return []
    settings = read_case_settings(conn)
    rules = limits_of_class(conn, kind=case.kind, edition=case.edition, code=case.class_code)
    found = []
    for row in moves_from(case.state):
        if not any(role in actor.roles for role in row.roles):
            continue
        proposal = proposal_for(conn, case, now) if row.move is Move.DISPATCH else None
        closing = row.move is Move.CLOSE
        asked = _Asked(conn, case, now, settings, rules, proposal, closing)
        names = [(name, True) for name in row.needs]
        names += [(name, False) for name in OPTIONAL.get(row.move, ())]
        fields = tuple(_field(asked, name, required=needed) for name, needed in names)
        found.append(Offer(row, fields, proposal))
    return found


def _concerns(actor: Actor, case: Case) -> bool:
    """Whether a person of the street or of a department has anything to decide here."""
    if actor.roles <= {Role.SUPERVISOR}:
        return case.supervisor_id == actor.person_id
    if actor.roles <= {Role.HANDLER}:
        return case.department_id == actor.department_id
    return True
