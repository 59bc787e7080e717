"""The queues of the posts, as data: whose they are, which cases stand in them, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gis.accounts.model import Actor, Role
from gis.cases.model import DEPARTMENT_HAS_IT, State
from gis.cases.workflow import OPEN_STATES
from gis.errors import NotFound, Term
from gis.i18n import N_


class Narrowing(StrEnum):
    """Which cases of the states a queue shows to one person."""

    AREA = "area"
    """Those in the person's area."""
    DEPARTMENT = "department"
    """Those the person's department has."""
    MINE = "mine"
    """Those given to the person, and those in the cells the person walks."""
    REPORTED = "reported"
    """Those the person reported, in any state."""
    NOBODY = "nobody"
    """Those in the area that need a supervisor while none is on duty for their cell."""
    ASSISTING = "assisting"
    """Those in which the person's department has a sub-task to do."""
    HELD = "held"
    """Those of the department, sub-tasks too, that are in this person's hands."""
    UNHELD = "unheld"
    """Those of the department, sub-tasks too, that are in nobody's hands yet."""
    DRAWN = "drawn"
    """Those in the area that were put right alone, are drawn for an audit and have none yet."""


class Order(StrEnum):
    """What stands first."""

    DUE = "due"
    """The earliest deadline; without one, the longest wait."""
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue."""

    id: str
    name: Term
    roles: frozenset[Role]
    states: tuple[State, ...]
    narrowing: Narrowing = Narrowing.AREA
    order: Order = Order.DUE


S, R = State, Role
_ALL_OPEN_READERS = frozenset(
    {R.CENTRE_LEADER, R.MANAGER, R.AUDITOR, R.DUTY_OFFICER, R.SHIFT_LEADER, R.ACCEPTOR}
)
_QUEUES: Final = (
    Queue(
        "acceptance",
        Term("受理与发核查", "Acceptance and checks to order"),
        frozenset({R.ACCEPTOR}),
        (S.REPORTED, S.PENDING_CHECK),
    ),
    Queue(
        "filing",
        Term("立案、审批与结案", "Filing, reviews and closing"),
        frozenset({R.SHIFT_LEADER}),
        (
            S.PENDING_FILING,
            S.CANCEL_REVIEW,
            S.EXTENSION_REVIEW,
            S.SUSPEND_REVIEW,
            S.PENDING_CLOSE,
        ),
    ),
    Queue(
        "dispatch",
        Term("派遣与审批", "Dispatch and reviews"),
        frozenset({R.DISPATCHER}),
        (S.PENDING_DISPATCH, S.RETURN_REVIEW, S.EXTENSION_REVIEW, S.SUSPEND_REVIEW),
    ),
    Queue(
        "handling",
        Term("本部门处置", "My department's work"),
        frozenset({R.HANDLER}),
        (S.PENDING_HANDLE, S.HANDLING, S.SUSPENDED),
        Narrowing.DEPARTMENT,
    ),
    Queue(
        "handling_mine",
        Term("我的", "Mine"),
        frozenset({R.HANDLER}),
        DEPARTMENT_HAS_IT,
        Narrowing.HELD,
    ),
    Queue(
        "handling_nobody",
        Term("未指派到人", "Nobody's"),
        frozenset({R.HANDLER}),
        DEPARTMENT_HAS_IT,
        Narrowing.UNHELD,
    ),
    Queue(
        "assisting",
        Term("协办任务", "Assisting others"),
        frozenset({R.HANDLER}),
        DEPARTMENT_HAS_IT,
        Narrowing.ASSISTING,
    ),
    Queue(
        "checking",
        Term("核实与核查", "Verifications and checks"),
        frozenset({R.SUPERVISOR}),
        (S.VERIFYING, S.CHECKING),
        Narrowing.MINE,
    ),
    Queue(
        "arbitration",
        Term("仲裁", "Arbitration"),
        frozenset({R.ARBITER}),
        (S.ARBITRATION,),
    ),
    Queue(
        "nobody_on_duty",
        Term("无人当班", "Nobody on duty"),
        frozenset({R.ACCEPTOR, R.SHIFT_LEADER, R.CENTRE_LEADER}),
        (S.REPORTED, S.PENDING_CHECK),
        Narrowing.NOBODY,
    ),
    Queue(
        "to_audit",
        Term("自行处置抽查", "Self-handled to audit"),
        frozenset({R.ACCEPTOR}),
        (S.SELF_HANDLED,),
        Narrowing.DRAWN,
        Order.OLDEST,
    ),
    Queue(
        "my_reports",
        Term("我的上报", "My reports"),
        frozenset({R.SUPERVISOR, R.ACCEPTOR}),
        tuple(State),
        Narrowing.REPORTED,
        Order.NEWEST,
    ),
    Queue(
        "open",
        Term("全部未结案卷", "All open cases"),
        _ALL_OPEN_READERS | {R.DISPATCHER, R.ARBITER},
        OPEN_STATES,
    ),
)

QUEUES: Final[Mapping[str, Queue]] = {queue.id: queue for queue in _QUEUES}
"""Queue by id, in the order of the screen."""


def queues_of(actor: Actor) -> list[Queue]:
    """The queues a person's posts bring, in the order of the screen."""
    return [queue for queue in _QUEUES if not queue.roles.isdisjoint(actor.roles)]


def queue_named(actor: Actor, queue_id: str) -> Queue:
    """
    One of the person's queues.

    Raises
    ------
    NotFound
        When there is no such queue or it belongs to other posts.
    """
    queue = QUEUES.get(queue_id)
    if queue is None or queue.roles.isdisjoint(actor.roles):
        raise NotFound(N_("Your posts have no queue “{queue}”."), queue=queue_id)
    return queue
