"""To whom a department gives its sub-task, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, text, update

from gis.accounts.model import Actor, Permission, Role, require
from gis.cases.colleagues import Colleague, colleagues, fault_of, tell_hands
from gis.cases.intake_rules import faults_of_text
from gis.cases.records import Case
from gis.cases.settings import read_case_settings
from gis.cases.tasks.commands import (
    Given,
    answered_before,
    check_version,
    finders_of,
    keep_answer,
    locked_case,
    locked_task,
    may_work_on,
    record,
)
from gis.cases.tasks.model import TaskState
from gis.cases.tasks.tables import case_task, case_task_person
from gis.errors import Fault, Invalid, Refused
from gis.i18n import N_

_CELL = text("SELECT grid_code FROM cases WHERE id = :id")
_NOBODYS = N_("Nobody has this sub-task; there is nothing to take back.")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for: whose the sub-task shall be, None: nobody's."""

    person_id: int | None
    words: str
    version: int

    def as_request(self, number: str, task_id: int) -> Mapping[str, Any]:
        return {
            "number": number, "task": task_id, "person": self.person_id, "words": self.words,
            "version": self.version,
        }  # fmt: skip


def give_to_person(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    task_id: int,
    person_id: int | None,
    expected_version: int,
    words: str = "",
    key: str | None = None,
    now: datetime,
) -> Given:
    """
    Give a sub-task of one's department to one of its people, or take it back (`person_id` None).

    Both are told, that one and who had it. With a `key` a repeated request answers what was
    answered before.

    Raises
    ------
    NotFound, Conflict
        No such case or sub-task for this person; it was changed meanwhile: says who.
    Forbidden, Refused
        Another department's; it has ended, or the case has; nobody has it.
    Invalid
        Somebody who is not there to do it: says why, and who stands in for somebody away.
    """
    require(actor, Permission.MOVE_CASES)
    wish = _Wish(person_id, words, expected_version)
    known = answered_before(conn, actor, key, wish.as_request(number, task_id), now)
    if known is not None:
        return known
    case = locked_case(conn, actor, number)
    task = locked_task(conn, case, task_id)
    may_work_on(actor, case, task)
    check_version(conn, task, expected_version, number)
    if not TaskState(task.state).waits:
        raise Refused(
            N_("A sub-task that is “{state}” is given to nobody."),
            state=TaskState(task.state).label,
        )
    _check(conn, case, task, wish, now)
    made = _write(conn, actor, number, task, wish, now)
    keep_answer(conn, actor, key, made)
    return made


def people_for(conn: Connection, *, actor: Actor, case: Case, now: datetime) -> list[Colleague]:
    """
    Whom the actor can give work on a case to: people of the own department who are there.

    Without those who reported, verified or checked it: they do not handle it.
    """
    require(actor, Permission.MOVE_CASES)
    if not actor.has(Role.HANDLER):
        return []
    found = colleagues(
        conn, department_id=actor.department_id, grid_code=case.grid_code, now=now,
        settings=read_case_settings(conn),
    )  # fmt: skip
    finders = finders_of(conn, case.id)
    return [one for one in found if one.is_there and one.person_id not in finders]


def _check(conn: Connection, case: Row[Any], task: Row[Any], wish: _Wish, now: datetime) -> None:
    if wish.person_id is None and task.holder_id is None:
        raise Refused(_NOBODYS)
    faults: list[Fault | None] = [*faults_of_text("words", wish.words)]
    if wish.person_id is not None:
        people = colleagues(
            conn, department_id=task.department_id,
            grid_code=conn.execute(_CELL, {"id": case.id}).scalar_one(), now=now,
            settings=read_case_settings(conn),
        )  # fmt: skip
        wrong = fault_of(
            people, wish.person_id, holder_id=task.holder_id, finders=finders_of(conn, case.id)
        )
        faults.append(wrong)
    found = [one for one in faults if one is not None]
    if found:
        raise Invalid(N_("The sub-task cannot be given to this person."), faults=found)


def _write(
    conn: Connection, actor: Actor, number: str, task: Row[Any], wish: _Wish, now: datetime
) -> Given:
    version = task.version + 1
    conn.execute(
        update(case_task)
        .where(case_task.c.id == task.id)
        .values(
            holder_id=wish.person_id, version=version, changed_by=actor.person_id, changed_at=now
        )
    )
    conn.execute(
        insert(case_task_person).values(
            task_id=task.id, person_id=wish.person_id, words=wish.words,
            made_by=actor.person_id, made_at=now,
        )
    )  # fmt: skip
    said = {"number": number, "person": wish.person_id, "from": task.holder_id, "words": wish.words}
    action = "assign_task" if wish.person_id is not None else "take_back_task"
    record(conn, actor, task.id, action, said, now)
    tell_hands(
        conn, case_id=task.case_id, about=f"task {task.id}.{version}",
        department_id=task.department_id, before=task.holder_id, after=wish.person_id,
        by=actor.person_id, now=now,
    )  # fmt: skip
    return Given(task.id, TaskState(task.state), version)
