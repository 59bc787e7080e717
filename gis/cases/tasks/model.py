"""Work that an assisting department does for a case (协办), and what may happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from gis.accounts.model import Role
from gis.errors import Term


class TaskState(StrEnum):
    """How far an assisting department is."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Term:
        """The state in words."""
        return _STATES[self]

    @property
    def waits(self) -> bool:
        """Whether the case still waits for it."""
        return self in (TaskState.OPEN, TaskState.TAKEN)


_STATES: Final = {
    TaskState.OPEN: Term("待接收", "not taken up"),
    TaskState.TAKEN: Term("协办中", "being worked on"),
    TaskState.DONE: Term("已完成", "done"),
    TaskState.WITHDRAWN: Term("已撤回", "withdrawn"),
}


WAITING: Final = (str(TaskState.OPEN), str(TaskState.TAKEN))
"""The states of which the case still waits, as the database has them."""


class TaskStep(StrEnum):
    """What can be done with a sub-task."""

    TAKE_UP = "take_up"
    REPORT = "report"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> Term:
        """The step as a button says it."""
        return _STEPS[self]


_STEPS: Final = {
    TaskStep.TAKE_UP: Term("接收协办", "Take up"),
    TaskStep.REPORT: Term("协办完成", "Report done"),
    TaskStep.WITHDRAW: Term("撤回协办", "Withdraw"),
}

STARTS: Final[Mapping[TaskStep, tuple[TaskState, ...]]] = {
    TaskStep.TAKE_UP: (TaskState.OPEN,),
    TaskStep.REPORT: (TaskState.TAKEN,),
    TaskStep.WITHDRAW: (TaskState.OPEN, TaskState.TAKEN),
}
"""The states a step starts from."""
ENDS: Final[Mapping[TaskStep, TaskState]] = {
    TaskStep.TAKE_UP: TaskState.TAKEN,
    TaskStep.REPORT: TaskState.DONE,
    TaskStep.WITHDRAW: TaskState.WITHDRAWN,
}
"""The state a step leads to."""

GIVERS: Final = (Role.DISPATCHER, Role.SHIFT_LEADER, Role.ARBITER)
"""Posts that give sub-tasks in their area; besides, the department that has the case."""
TASKS_MOST: Final = 20
"""Sub-tasks of a case that wait at the same time."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A sub-task given to a person of its department, or taken back."""

    at: datetime
    by: str
    to: str | None
    """None: taken back, nobody has it."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One sub-task with the names its page shows."""

    id: int
    case_id: int
    department_id: int
    department: Term
    words: str
    """As they were written; never markup."""
    due_on: date | None
    state: TaskState
    version: int
    made_by: str | None
    """None: the system, by a dispatch rule."""
    made_at: datetime
    holder_id: int | None
    holder: str | None
    """Whose it is in its department; None: nobody's."""
    handed: tuple[Handed, ...]
    """To whom the department gave it, oldest first."""
    taken_by: str | None
    done_by: str | None
    ended_at: datetime | None
    said: str
    photos: tuple[str, ...]
    """sha256 of what the department shows with its result."""
