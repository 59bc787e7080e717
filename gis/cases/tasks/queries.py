"""Reading sub-tasks, within what a person may see of their case."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gis.accounts.model import Scope
from gis.cases.records import is_case_number
from gis.cases.tasks.model import WAITING, Handed, Task, TaskState
from gis.cases.tasks.tables import case_task
from gis.db.sqlfile import load_sql
from gis.errors import Term

_OF_CASE = load_sql(__package__, "tasks_of_case")


def tasks_of_case(
    conn: Connection, number: str, *, scope: Scope, person_id: int | None = None
) -> list[Task]:
    """
    The sub-tasks of a case, those that wait first; none when the case may not be seen.

    A department that assists sees the case and all its sub-tasks.
    """
    if not is_case_number(number):
        return []
    params = {
        "number": number,
        **scope.params_of(person_id),
    }
    return [_task(row) for row in conn.execute(_OF_CASE, params)]


def open_tasks(conn: Connection, case_id: int) -> int:
    """How many sub-tasks of a case wait; for the guard, which holds the lock of the case."""
    t = case_task.c
    statement = select(func.count()).where(t.case_id == case_id, t.state.in_(WAITING))
    return conn.execute(statement).scalar_one()


def _task(row: Row[Any]) -> Task:
    names = (
        "id", "case_id", "department_id", "words", "due_on", "version", "made_by", "made_at",
        "holder_id", "holder", "taken_by", "done_by", "ended_at", "said",
    )  # fmt: skip
    return Task(
        **{name: getattr(row, name) for name in names},
        department=Term(row.department_zh, row.department_en),
        state=TaskState(row.state),
        photos=tuple(row.photos),
        handed=tuple(
            Handed(datetime.fromisoformat(one["at"]), one["by"], one["to"], one["words"])
            for one in row.handed
        ),
    )
