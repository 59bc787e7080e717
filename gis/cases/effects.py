"""What a move changes of a case besides its clock. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gis.cases.model import Move, MoveRow, State
from gis.cases.records import Case
from gis.cases.workflow import STATES

PHOTO_PURPOSES: Mapping[Move, str] = {
    Move.VERIFY_TRUE: "verification",
    Move.VERIFY_FALSE: "verification",
    Move.REPORT_DONE: "after",
    Move.CHECK_PASSED: "check",
    Move.CHECK_FAILED: "check",
}
"""What the field `photo` of a move shows; other fields say it by their name."""

_PURPOSE_OF_FIELD = {"photo_before": "before", "photo_after": "after", "evidence": "evidence"}
_CLOSING = frozenset({State.CLOSED, State.FORCED_CLOSED})
_SENT_TO_SUPERVISOR = frozenset({Move.ORDER_VERIFICATION, Move.ORDER_CHECK, Move.REOPEN})
_HANDS_OVER = frozenset({Move.TAKE_UP, Move.ASSIGN, Move.TAKE_BACK})
_BACK_FROM_SUPERVISOR = frozenset({State.VERIFYING, State.CHECKING})


def purpose_of(move: Move, field: str) -> str:
    """What a photo of a move shows."""
    return _PURPOSE_OF_FIELD.get(field) or PHOTO_PURPOSES.get(move, "report")


def changes_of(
    case: Case,
    row: MoveRow,
    *,
    fields: Mapping[str, Any],
    person_id: int | None,
    rule_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """
    The columns of the case that the move gives a new value.

    First filing and first dispatch keep their times; rework does not move
    them. Whoever verifies or checks leaves the case with the visit; the
    history names them.
    """
    state = row.target(case.state)
    changes: dict[str, Any] = {
        "state": str(state),
        "open": not STATES[state].terminal,
        "changed_at": now,
        "changed_by": person_id,
    }
    changes |= _people(case, row.move, state, fields, person_id, rule_id)
    changes |= _times(case, row.move, state, now)
    if row.move is Move.FILE:
        changes["condition_no"] = fields["condition"]
    if "rework" in row.counts:
        changes["rework_count"] = case.rework_count + 1
    if "bounce" in row.counts:
        changes["bounce_count"] = case.bounce_count + 1
    return changes


def _people(
    case: Case,
    move: Move,
    state: State,
    fields: Mapping[str, Any],
    person_id: int | None,
    rule_id: int | None,
) -> dict[str, Any]:
    if move in _SENT_TO_SUPERVISOR:
        return {"supervisor_id": fields["supervisor"]}
    if case.state in _BACK_FROM_SUPERVISOR and state is not case.state:
        gone: dict[str, Any] = {"supervisor_id": None}
        return gone | ({"handler_id": None} if move is Move.CHECK_FAILED else {})
    if move in (Move.DISPATCH, Move.ARBITRATE):
        return {
            "department_id": fields["department"],
            "dispatch_rule_id": rule_id,
            "handler_id": None,
        }
    if move in _HANDS_OVER:
        holders = {Move.TAKE_UP: person_id, Move.ASSIGN: fields.get("handler")}
        return {"handler_id": holders.get(move)}
    if move is Move.APPROVE_RETURN:  # the wrong department: no trace of it but the history
        return {"department_id": None, "dispatch_rule_id": None, "handler_id": None}
    return {}


def _times(case: Case, move: Move, state: State, now: datetime) -> dict[str, Any]:
    if move is Move.FILE:
        return {"filed_at": case.filed_at or now}
    if move in (Move.DISPATCH, Move.ARBITRATE):
        return {"dispatched_at": case.dispatched_at or now}
    if move is Move.REPORT_DONE:
        return {"handled_at": now}
    if move in (Move.CHECK_FAILED, Move.REOPEN):
        return {"handled_at": None, "closed_at": None}
    if state in _CLOSING and state is not case.state:
        return {"closed_at": now}
    return {}
