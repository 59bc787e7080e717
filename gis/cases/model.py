"""What a case can be and what can happen to it, as types."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from gis.errors import Term


class State(StrEnum):
    """The states of a case; their names and stages are in `data/cases/states.csv`."""

    REPORTED = "REPORTED"
    VERIFYING = "VERIFYING"
    PENDING_FILING = "PENDING_FILING"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    NOT_FILED = "NOT_FILED"
    SELF_HANDLED = "SELF_HANDLED"
    PENDING_DISPATCH = "PENDING_DISPATCH"
    CANCEL_REVIEW = "CANCEL_REVIEW"
    CANCELLED = "CANCELLED"
    PENDING_HANDLE = "PENDING_HANDLE"
    HANDLING = "HANDLING"
    EXTENSION_REVIEW = "EXTENSION_REVIEW"
    RETURN_REVIEW = "RETURN_REVIEW"
    SUSPEND_REVIEW = "SUSPEND_REVIEW"
    SUSPENDED = "SUSPENDED"
    PENDING_CHECK = "PENDING_CHECK"
    CHECKING = "CHECKING"
    PENDING_CLOSE = "PENDING_CLOSE"
    CLOSED = "CLOSED"
    FORCED_CLOSED = "FORCED_CLOSED"
    ARBITRATION = "ARBITRATION"
    MERGED = "MERGED"


DEPARTMENT_HAS_IT: Final = (
    State.PENDING_HANDLE, State.HANDLING, State.EXTENSION_REVIEW, State.SUSPEND_REVIEW,
    State.SUSPENDED,
)  # fmt: skip
"""States in which a department has the case: it works on it, and so do those that assist."""


class Move(StrEnum):
    """What can be done to a case; who, when and with what is in `data/cases/moves.csv`."""

    REPORT = "report"
    REPORT_SELF_HANDLED = "report_self_handled"
    REFUSE = "refuse"
    ORDER_VERIFICATION = "order_verification"
    REGISTER = "register"
    VERIFY_TRUE = "verify_true"
    VERIFY_FALSE = "verify_false"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    FILE = "file"
    REFUSE_FILING = "refuse_filing"
    BACK_TO_ACCEPTOR = "back_to_acceptor"
    DISPATCH = "dispatch"
    ASK_CANCEL = "ask_cancel"
    APPROVE_CANCEL = "approve_cancel"
    REJECT_CANCEL = "reject_cancel"
    BACK_TO_FILING = "back_to_filing"
    TAKE_UP = "take_up"
    ASK_RETURN = "ask_return"
    APPROVE_RETURN = "approve_return"
    REJECT_RETURN = "reject_return"
    TO_ARBITRATION = "to_arbitration"
    ARBITRATE = "arbitrate"
    ASK_EXTENSION = "ask_extension"
    APPROVE_EXTENSION = "approve_extension"
    REJECT_EXTENSION = "reject_extension"
    ASK_SUSPENSION = "ask_suspension"
    APPROVE_SUSPENSION = "approve_suspension"
    REJECT_SUSPENSION = "reject_suspension"
    RESUME = "resume"
    REPORT_DONE = "report_done"
    ORDER_CHECK = "order_check"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    CLOSE = "close"
    BACK_TO_CHECK = "back_to_check"
    FORCE_CLOSE = "force_close"
    AUDIT_SELF_HANDLED = "audit_self_handled"
    REOPEN = "reopen"
    SUPERVISE = "supervise"
    ASSIGN = "assign"
    TAKE_BACK = "take_back"


class CaseClock(StrEnum):
    """What the clock of the handling limit does while a case is in a state."""

    NONE = "none"
    """Has not started on the straight way."""
    BY_SETTING = "by_setting"
    """Runs when the district starts it at filing, else waits for dispatch."""
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Operation(StrEnum):
    """
    What a move does to a clock; an operation that does not fit the clock changes nothing.

    `start` opens a run with the full limit: a stage clock anew each time, the
    case clock only if it never ran. `stop` ends the run. `pause` and `resume`
    hold it and go on with what is left; `resume` also goes on after `stop`.
    `extend` moves the due time.
    """

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One clock operation of a move, such as `case:start@dispatch`."""

    clock: str
    operation: Operation
    start_setting: str = ""
    """Only where the district starts the case clock at this moment: `filing` or `dispatch`."""


@dataclass(frozen=True, slots=True)
class StateRow:
    """One line of `states.csv`."""

    state: State
    name: Term
    stage_no: int
    stage: Term
    holder_role: str
    """Whose queue the case stands in."""
    case_clock: CaseClock
    stage_clock: str
    """Clock that runs while the case waits here; empty: none."""
    terminal: bool
    """The case is no longer open; a few moves (reopen, unmerge) still lead out."""
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that the command of a move evaluates, with its wording for people."""

    id: str
    wording: Term
    origin: str
    confidence: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One line of `moves.csv`."""

    move: Move
    sources: frozenset[State | None]
    """States it starts from; None: there is no case yet."""
    to: State | None
    """State it leads to; None: the state stays."""
    roles: frozenset[str]
    on_behalf_of: tuple[str, ...]
    """Askers without a post whose wish a role carries out (citizen, call desk)."""
    needs: tuple[str, ...]
    guards: tuple[str, ...]
    clock: tuple[ClockStep, ...]
    counts: tuple[str, ...]
    """Counters of the case that rise by one."""
    label: Term
    origin: str
    """CT: seen in the case tables of existing systems; US: proposed by this project."""
    confidence: str

    def target(self, state: State | None) -> State:
        """
        The state after the move.

        Raises
        ------
        ValueError
            When the move keeps the state of a case that does not exist.
        """
        after = self.to or state
        if after is None:
            msg = f"{self.move} keeps a state, but there is no case"
            raise ValueError(msg)
        return after


@dataclass(frozen=True, slots=True)
class StageLimit:
    """How long a case may wait in a stage unless the district sets otherwise."""

    stage_clock: str
    name: Term
    value: Decimal
    unit: str
    """A unit of `gis.worktime.rules.Unit`."""
    source: str
    confidence: str
