"""What a case gets, or got, from a move on several at once; also as the answer kept with a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis.cases.model import State
from gis.errors import GisError, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a case will get, or got; or why it will not."""

    number: str
    will: bool
    version: int | None
    """The version it was decided on; None where the case cannot be seen."""
    before: State | None = None
    after: State | None = None
    department: Term | None = None
    supervisor: str | None = None
    due_at: datetime | None = None
    reason: GisError | None = None
    """Why not, as every refusal says it."""


def as_answer(outcome: Outcome) -> dict[str, Any]:
    """A move that was made, to be kept; refusals are not kept, their transaction is taken back."""
    named = outcome.department
    return {
        "number": outcome.number,
        "version": outcome.version,
        "before": outcome.before,
        "after": outcome.after,
        "department": [named.zh, named.en] if named else None,
        "supervisor": outcome.supervisor,
        "due_at": outcome.due_at.isoformat() if outcome.due_at else None,
    }


def from_answer(kept: Mapping[str, Any]) -> Outcome:
    """The same outcome again."""
    return Outcome(
        number=kept["number"],
        will=True,
        version=kept["version"],
        before=State(kept["before"]),
        after=State(kept["after"]),
        department=Term(*kept["department"]) if kept["department"] else None,
        supervisor=kept["supervisor"],
        due_at=datetime.fromisoformat(kept["due_at"]) if kept["due_at"] else None,
    )
