"""Reading one person's work in the street: tasks with what may be done, and the cells walked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, Role, require
from gis.cases.model import MoveRow, State
from gis.cases.places import term_of
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.workflow import moves_from
from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.standards.model import Kind

TASKS_MOST = 100
"""Nobody walks to more in a day; the most urgent come first."""
CELLS_MOST = 100
STATES_OF_TASKS: Final = (State.VERIFYING, State.CHECKING)

_TASKS = load_sql(__package__, "my_tasks")
_CELLS = load_sql(__package__, "my_cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case that this person is sent to."""

    number: str
    version: int
    state: State
    kind: Kind
    class_code: str
    class_name: Term | None
    excerpt: str
    grid_code: str
    community: Term | None
    street: Term | None
    lon: float
    lat: float
    reported_at: datetime
    started_at: datetime | None
    due_at: datetime | None
    """When the verification or check is due, else the case; None: no clock runs."""
    rework_count: int
    said: str | None
    """What was written last on the way here: the department's report, the reporter's complaint."""
    photos: tuple[Mapping[str, str], ...]
    """Newest first: `sha256` and `purpose`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedCell:
    """A unit grid that this person walks."""

    code: str
    community: Term | None
    lon: float
    lat: float
    open_cases: int


@dataclass(frozen=True, slots=True)
class Work:
    """Everything the phone's page of tasks shows."""

    tasks: tuple[Task, ...]
    cells: tuple[WalkedCell, ...]
    moves: Mapping[State, tuple[MoveRow, ...]]
    """What the table lets a supervisor do in each state of a task."""
    settings: CaseSettings


def my_work(conn: Connection, *, actor: Actor, now: datetime) -> Work:
    """
    The tasks of this person and the cells walked; three statements.

    A task is a case this very person was sent to, or somebody the person stands in for today;
    also outside the own cells.

    Raises
    ------
    Forbidden
        When the person may not move cases.
    """
    require(actor, Permission.MOVE_CASES)
    settings = read_case_settings(conn)
    who = actor.scope.params_of(actor.person_id)
    tasks = conn.execute(_TASKS, {**who, "most": TASKS_MOST})
    walked = {"person_id": actor.person_id, "scope": actor.scope.as_list(), "most": CELLS_MOST,
              "day": now.astimezone(settings.zone).date()}  # fmt: skip
    return Work(
        tasks=tuple(_task(row) for row in tasks),
        cells=tuple(_cell(row) for row in conn.execute(_CELLS, walked)),
        moves={state: moves_from(state, Role.SUPERVISOR) for state in STATES_OF_TASKS},
        settings=settings,
    )


def _task(row: Row[Any]) -> Task:
    return Task(
        number=row.number,
        version=row.version,
        state=State(row.state),
        kind=Kind(row.kind),
        class_code=row.class_code,
        class_name=term_of(row.class_zh, row.class_en),
        excerpt=row.excerpt,
        grid_code=row.grid_code,
        community=term_of(row.community_zh, row.community_en),
        street=term_of(row.street_zh, row.street_en),
        lon=row.lon,
        lat=row.lat,
        reported_at=row.reported_at,
        started_at=row.started_at,
        due_at=row.due_at,
        rework_count=row.rework_count,
        said=row.said,
        photos=tuple(row.photos),
    )


def _cell(row: Row[Any]) -> WalkedCell:
    return WalkedCell(
        code=row.code,
        community=term_of(row.community_zh, row.community_en),
        lon=row.lon,
        lat=row.lat,
        open_cases=row.open_cases,
    )
