"""What a citizen is told: where the case is and what happens next, in plain words (ours)."""

from collections.abc import Mapping
from typing import Final

from gis.cases.model import State
from gis.errors import Term

_CHECKED: Final = Term(
    "网格监督员将到现场核实情况，属实后立案办理。",
    "A grid supervisor looks at it on the spot; when it is so, a case is opened.",
)
_ASSIGNED: Final = Term(
    "已交责任部门，部门将在时限内处置。", "The department in charge acts within its time limit."
)
_BEING_DONE: Final = Term(
    "责任部门正在处置，完成后由监督员现场核查。",
    "The department is at work; a supervisor then checks the result on the spot.",
)
_LOOKED_AT: Final = Term(
    "部门已报告完成，正在现场核查，通过后结案。",
    "The department says that it is done; the result is being checked before the case is closed.",
)
_ENDED: Final = Term(
    "案件已办结。如仍未解决，可在规定期限内要求重新核实。",
    "The case is closed. If it is not done, ask in time for it to be looked at again.",
)

WHAT_NEXT: Final[Mapping[State, Term]] = {
    State.REPORTED: Term(
        "已登记，受理员将审核并安排现场核实。",
        "It is written down; an acceptor looks at it and sends somebody to see.",
    ),
    State.VERIFYING: _CHECKED,
    State.PENDING_FILING: Term(
        "情况属实，等待值班长立案。", "It is as reported; the shift leader decides on a case."
    ),
    State.NOT_ACCEPTED: Term("未予受理，原因见答复。", "It was not accepted; the reply says why."),
    State.NOT_FILED: Term("未予立案，原因见答复。", "No case was opened; the reply says why."),
    State.SELF_HANDLED: Term("监督员已当场处置。", "A supervisor put it right on the spot."),
    State.PENDING_DISPATCH: Term(
        "已立案，正在派给责任部门。",
        "A case is open; it is being sent to the department in charge.",
    ),
    State.CANCEL_REVIEW: Term(
        "正在复核是否继续办理。", "It is being looked at whether the case goes on."
    ),
    State.CANCELLED: Term(
        "案件已作废，原因见答复。", "The case was cancelled; the reply says why."
    ),
    State.PENDING_HANDLE: _ASSIGNED,
    State.HANDLING: _BEING_DONE,
    State.EXTENSION_REVIEW: _BEING_DONE,
    State.RETURN_REVIEW: Term(
        "正在核对由哪个部门办理。", "It is being settled which department acts."
    ),
    State.SUSPEND_REVIEW: _BEING_DONE,
    State.SUSPENDED: Term(
        "暂时不具备处置条件，条件具备后继续办理。",
        "It cannot be done at present and goes on as soon as it can.",
    ),
    State.PENDING_CHECK: _LOOKED_AT,
    State.CHECKING: _LOOKED_AT,
    State.PENDING_CLOSE: _LOOKED_AT,
    State.CLOSED: _ENDED,
    State.FORCED_CLOSED: _ENDED,
    State.ARBITRATION: Term(
        "正在裁定由哪个部门办理。", "It is being decided which department acts."
    ),
    State.MERGED: Term(
        "与另一案件反映同一问题，合并办理，结果同样会告知您。",
        "Another case tells of the same thing; both go on together and you are told the result.",
    ),
}
"""A sentence for every state, to be read out."""


def what_next(state: State) -> Term:
    """What a citizen is told about a case in this state."""
    return WHAT_NEXT[state]


def spoken(number: str) -> str:
    """A case number with room between its parts, as it is read out: `110101001 261122 0007`."""
    return number.replace("-", " ")
