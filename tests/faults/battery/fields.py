"""What each move of the battery brings along."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tests.faults.battery.district import District

_WHY: Final = {"reason": "battery"}


@dataclass(slots=True)
class Held:
    """A case in the hands of a team, as the last answer described it."""

    number: str
    version: int
    state: str
    due_at: str | None = None
    task: int = 0
    task_version: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A move that is about to be asked for."""

    district: District
    case: Held
    other: Held | None
    photo: Callable[[], str]
    """Another one each time; sent by who makes the move."""

    def day(self, days: int) -> str:
        """So many days after the deadline, or after today."""
        start = datetime.fromisoformat(self.case.due_at) if self.case.due_at else datetime.now()
        return (start + timedelta(days=days)).date().isoformat()

    def soon(self) -> str:
        """A day on which a suspended case goes on."""
        return (datetime.now() + timedelta(days=5)).date().isoformat()


_BARE: Final = frozenset(
    (
        "register",
        "take_up",
        "take_back",
        "approve_return",
        "to_arbitration",
        "approve_extension",
        "resume",
        "approve_cancel",
    )
)
"""Moves that are complete by themselves."""
_BRINGS: Final[Mapping[str, Callable[[Ask], Mapping[str, Any]]]] = {
    "file": lambda ask: {"condition": ask.district.condition},
    "close": lambda ask: {"condition": ask.district.condition},
    "dispatch": lambda ask: {"department": ask.district.department, **_WHY},
    "arbitrate": lambda ask: {"department": ask.district.department, **_WHY},
    "assign": lambda ask: {"handler": ask.district.handler},
    "report_done": lambda ask: {"text": "done", "photo": [ask.photo()]},
    "order_verification": lambda ask: {"supervisor": ask.district.supervisor},
    "order_check": lambda ask: {"supervisor": ask.district.supervisor},
    "reopen": lambda ask: {"supervisor": ask.district.supervisor, **_WHY},
    "verify_true": lambda ask: {"photo": [ask.photo()]},
    "verify_false": lambda ask: {"photo": [ask.photo()], **_WHY},
    "check_passed": lambda ask: {"photo": [ask.photo()]},
    "check_failed": lambda ask: {"photo": [ask.photo()], **_WHY},
    "ask_return": lambda ask: {"evidence": [ask.photo()], **_WHY},
    "ask_extension": lambda ask: {"until": ask.day(2), **_WHY},
    "ask_suspension": lambda ask: {"resume_on": ask.soon(), **_WHY},
    "approve_suspension": lambda ask: {"resume_on": ask.soon()},
    "supervise": lambda _: {"note": "battery"},
    "withdraw": lambda _: {"asked_by_reporter": True, **_WHY},
    "audit_self_handled": lambda _: {"result": "valid"},
    "merge": lambda ask: {"target_case": ask.other.number if ask.other else ""},
}


def fields_of(move: str, ask: Ask) -> Mapping[str, Any]:
    """The fields with which a move is complete; most of the others need a reason."""
    if move in _BARE:
        return {}
    brings = _BRINGS.get(move)
    return brings(ask) if brings else _WHY
