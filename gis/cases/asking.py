"""A move as somebody asks for it: what guards and effects look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select, text

from gis.accounts.model import Actor, Role
from gis.cases.evidence.axes import Sendable, supervisors_to_send
from gis.cases.model import Move, MoveRow
from gis.cases.places import OnDuty
from gis.cases.records import Case
from gis.cases.settings import CaseSettings
from gis.cases.tables import case_event

_HELPED = text(
    "SELECT t.taken_by, t.done_by, g.person_id FROM case_task t"
    " LEFT JOIN case_task_person g ON g.task_id = t.id WHERE t.case_id = :case_id"
)
FINDING = frozenset(
    {
        Move.REPORT, Move.REPORT_SELF_HANDLED, Move.VERIFY_TRUE, Move.VERIFY_FALSE,
        Move.CHECK_PASSED, Move.CHECK_FAILED,
    }
)  # fmt: skip
"""Moves of those who find and check."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The department that the dispatch rules name for a case."""

    department_id: int
    rule_id: int
    assistants: tuple[int, ...] = ()
    """Departments that the rule asks to help."""


Propose = Callable[[Connection, Case, datetime], Proposed | None]
"""Asks the dispatch rules; they live in a room above this one and are handed in."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the history, as guards look at it."""

    move: Move
    actor_id: int | None
    role: str
    at: datetime
    data: Mapping[str, Any]


@dataclass
class Ask:
    """A move as somebody asks for it."""

    conn: Connection
    actor: Actor
    role: Role
    case: Case
    row: MoveRow
    fields: Mapping[str, Any]
    now: datetime
    settings: CaseSettings
    propose: Propose | None = field(default=None, repr=False)

    @cached_property
    def steps(self) -> list[Step]:
        """The history, oldest first."""
        e = case_event.c
        rows = self.conn.execute(
            select(e.move, e.actor_id, e.role, e.at, e.data)
            .where(e.case_id == self.case.id)
            .order_by(e.seq)
        )
        return [Step(Move(r.move), r.actor_id, r.role, r.at, r.data) for r in rows]

    @cached_property
    def on_duty(self) -> list[OnDuty]:
        """Who may be sent to the case's cell now, the one to send first."""
        return list(self.sendable.people)

    @property
    def other_grid(self) -> bool:
        """Whether the check goes to a supervisor of another grid."""
        return self.row.move is Move.ORDER_CHECK and self.sendable.other_grid

    @cached_property
    def sendable(self) -> Sendable:
        """Who may be sent by this move, and whether it was drawn for another grid."""
        return supervisors_to_send(
            self.conn,
            case=self.case,
            move=self.row.move,
            handled=self.handlers(),
            now=self.now,
            settings=self.settings,
        )

    @cached_property
    def proposed(self) -> Proposed | None:
        """What the dispatch rules say; None: no rule, or nobody to ask."""
        return self.propose(self.conn, self.case, self.now) if self.propose else None

    @property
    def today(self) -> date:
        """The district's day."""
        return self.now.astimezone(self.settings.zone).date()

    def last(self, *moves: Move) -> Step | None:
        """The newest step that was one of `moves`."""
        return next((step for step in reversed(self.steps) if step.move in moves), None)

    def count(self, move: Move) -> int:
        """How often a move was made."""
        return sum(step.move is move for step in self.steps)

    def handlers(self) -> set[int | None]:
        """Everybody who handled or was given the case or a part of it, in this round or before."""
        helped = self.conn.execute(_HELPED, {"case_id": self.case.id})
        took = {step.actor_id for step in self.steps if step.role == Role.HANDLER}
        got = {step.data.get("handler") for step in self.steps if step.move is Move.ASSIGN}
        return took | got | {self.case.handler_id} | {one for row in helped for one in row}

    def finders(self) -> set[int | None]:
        """Everybody who reported, verified or checked the case."""
        return {step.actor_id for step in self.steps if step.move in FINDING}

    def end_of(self, day: date) -> datetime:
        """The moment a day ends in the district: the midnight after it."""
        return datetime.combine(day + timedelta(days=1), time(), self.settings.zone)
