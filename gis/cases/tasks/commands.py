"""Giving work to assisting departments, and what they do with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from gis.accounts.model import Actor, Permission, Role, require
from gis.accounts.tables import department
from gis.audit import idempotency, trail
from gis.cases.asking import FINDING
from gis.cases.evidence.checks import REASON, keep_findings
from gis.cases.evidence.sub_tasks import check_report
from gis.cases.intake_rules import acting_role, faults_of_photos, faults_of_text
from gis.cases.locking import locked_row
from gis.cases.model import DEPARTMENT_HAS_IT, State
from gis.cases.places import known_photos
from gis.cases.records import is_case_number
from gis.cases.tables import case_event
from gis.cases.tasks.model import (
    ENDS,
    GIVERS,
    STARTS,
    TASKS_MOST,
    WAITING,
    TaskState,
    TaskStep,
)
from gis.cases.tasks.tables import case_task, case_task_photo
from gis.cases.workflow import STATES
from gis.db.sqlfile import load_sql
from gis.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refused, fault
from gis.i18n import N_

_CASE = load_sql(__package__, "case_for_task")
_DEPARTMENT_GONE = N_("This department does not exist any more. Choose another one.")


@dataclass(frozen=True, slots=True)
class Given:
    """A sub-task as a command leaves it."""

    id: int
    state: TaskState
    version: int


def give_task(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    department_id: int,
    words: str = "",
    due_on: date | None = None,
    key: str | None = None,
    now: datetime,
    today: date,
) -> Given:
    """
    Ask a department to assist with a case.

    By the department that has the case, or by a dispatcher, shift leader or
    arbiter of the area, while a department has it. `today` is the district's day.
    With a `key` a repeated request answers what was answered before.

    Raises
    ------
    NotFound, Conflict
        No such case for this person; somebody is moving it.
    Forbidden, Refused, Invalid
        Not by this person; not in this state or too many; a department that is gone or has the
        case itself, a day that has passed, words that cannot be kept.
    """
    require(actor, Permission.MOVE_CASES)
    asked = {"task": number, "department": department_id, "words": words, "due": due_on}
    known = answered_before(conn, actor, key, asked, now)
    if known is not None:
        return known
    case = locked_case(conn, actor, number)
    _may_give(actor, case)
    if case.waiting >= TASKS_MOST:
        raise Refused(
            N_("{most} sub-tasks of a case wait at most; end one first."), most=TASKS_MOST
        )
    faults = [*_faults_of_department(conn, case.department_id, department_id, today)]
    faults += faults_of_text("words", words)
    if due_on is not None and due_on < today:
        faults.append(fault("due_on", N_("This day has passed. Choose a later one.")))
    if faults:
        raise Invalid(N_("The sub-task cannot be given as it was sent."), faults=faults)
    made = write_task(
        conn, case_id=case.id, department_id=department_id, words=words, due_on=due_on,
        actor=actor, number=number, now=now,
    )  # fmt: skip
    keep_answer(conn, actor, key, made)
    return made


def answered_before(
    conn: Connection, actor: Actor, key: str | None, asked: Mapping[str, Any], now: datetime
) -> Given | None:
    """What a request with this key was answered before; None: it is new, or has no key."""
    if key is None:
        return None
    known = idempotency.claim(conn, person_id=actor.person_id, key=key, request=asked, now=now)
    if known is None:
        return None
    return Given(known["id"], TaskState(known["state"]), known["version"])


def keep_answer(conn: Connection, actor: Actor, key: str | None, made: Given) -> None:
    """Keep what a repeated request with this key is answered."""
    if key is not None:
        answer = {"id": made.id, "state": str(made.state), "version": made.version}
        idempotency.keep_response(conn, person_id=actor.person_id, key=key, response=answer)


def write_task(
    conn: Connection,
    *,
    case_id: int,
    department_id: int,
    words: str,
    due_on: date | None,
    actor: Actor,
    number: str,
    now: datetime,
) -> Given:
    """Write a sub-task that was found to be in order; the caller holds the lock of the case."""
    task_id = conn.execute(
        insert(case_task)
        .values(
            case_id=case_id,
            department_id=department_id,
            words=words,
            due_on=due_on,
            state=str(TaskState.OPEN),
            made_by=actor.person_id,
            made_at=now,
            changed_by=actor.person_id,
            changed_at=now,
        )
        .returning(case_task.c.id)
    ).scalar_one()
    said = {"number": number, "department": department_id, "words": words, "due_on": due_on}
    record(conn, actor, task_id, "give_task", said, now)
    return Given(task_id, TaskState.OPEN, 1)


def step_task(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    task_id: int,
    step: TaskStep,
    expected_version: int,
    words: str = "",
    photos: Sequence[str] = (),
    reason_evidence: str = "",
    key: str | None = None,
    now: datetime,
) -> Given:
    """
    Take up, report or withdraw a sub-task.

    Taking up and reporting are for people of the department that was asked,
    withdrawing for those who may give. A report says what was done; a
    withdrawal says why. Photos are compared with the case; what does not fit
    needs `reason_evidence`. With a `key` a repeated request answers what was answered before.

    Raises
    ------
    NotFound, Conflict
        No such case or sub-task for this person; it was changed meanwhile: says who and when.
    Forbidden, Refused, Invalid
        Not by this person, not from this state, words or photos missing.
    """
    require(actor, Permission.MOVE_CASES)
    asked = {
        **{"number": number, "task": task_id, "step": str(step), "version": expected_version},
        **{"words": words, "photos": list(photos), "reason": reason_evidence},
    }
    known = answered_before(conn, actor, key, asked, now)
    if known is not None:
        return known
    case = locked_case(conn, actor, number)
    task = locked_task(conn, case, task_id)
    _may_step(actor, case, task, step, finders_of(conn, case.id))
    check_version(conn, task, expected_version, number)
    if TaskState(task.state) not in STARTS[step]:
        raise Refused(
            N_("A sub-task that is “{state}” does not allow “{step}”."),
            state=TaskState(task.state).label,
            step=step.label,
        )
    _check_said(conn, actor, step, words, photos, reason_evidence)
    found = check_report(
        conn, case_id=case.id, asked_at=task.made_at, photos=photos, reason=reason_evidence, now=now
    )
    made = _write_step(conn, actor, number, task, step, words, photos, now)
    if found:
        keep_findings(
            conn, case.id, None, found, actor_id=actor.person_id, said=reason_evidence,
            role=str(Role.HANDLER), now=now, task_id=task_id,
        )  # fmt: skip
    keep_answer(conn, actor, key, made)
    return made


def _write_step(
    conn: Connection,
    actor: Actor,
    number: str,
    task: Row[Any],
    step: TaskStep,
    words: str,
    photos: Sequence[str],
    now: datetime,
) -> Given:
    state = ENDS[step]
    changes: dict[str, Any] = {
        "state": str(state),
        "version": task.version + 1,
        "changed_by": actor.person_id,
        "changed_at": now,
    }
    if step is TaskStep.TAKE_UP:
        changes |= {"taken_by": actor.person_id, "taken_at": now, "holder_id": actor.person_id}
    else:
        changes |= {"said": words, "ended_at": now}
    if step is TaskStep.REPORT:
        changes["done_by"] = actor.person_id
    conn.execute(update(case_task).where(case_task.c.id == task.id).values(**changes))
    if photos:
        rows = [{"task_id": task.id, "sha256": sha, "position": n} for n, sha in enumerate(photos)]
        conn.execute(insert(case_task_photo), rows)
    said = {"number": number, "words": words, "photos": list(photos)}
    record(conn, actor, task.id, f"{step}_task", said, now)
    return Given(task.id, state, task.version + 1)


def withdraw_all(
    conn: Connection, *, case_id: int, number: str, actor: Actor, now: datetime
) -> None:
    """End what still waits of a case that has ended or left its department."""
    t = case_task.c
    rows = conn.execute(
        update(case_task)
        .where(t.case_id == case_id, t.state.in_(WAITING))
        .values(
            state=str(TaskState.WITHDRAWN),
            version=t.version + 1,
            ended_at=now,
            changed_by=actor.person_id,
            changed_at=now,
        )
        .returning(t.id)
    )
    for task_id in rows.scalars().all():
        record(conn, actor, task_id, "withdraw_task", {"number": number}, now)


def locked_case(conn: Connection, actor: Actor, number: str) -> Row[Any]:
    """
    The case whose sub-tasks are about to change, locked.

    Raises
    ------
    NotFound, Conflict
        No such case for this person; somebody is moving it.
    """
    params = {
        "number": number,
        **actor.scope.params(),
    }
    row = locked_row(conn, _CASE, params, number=number) if is_case_number(number) else None
    if row is None:
        raise NotFound(N_("There is no case {number} in your area."), number=number)
    return row


def locked_task(conn: Connection, case: Row[Any], task_id: int) -> Row[Any]:
    """
    A sub-task of a case whose lock is held.

    Raises
    ------
    NotFound
        When the case has none of this id.
    """
    t = case_task.c
    task = conn.execute(
        select(case_task).where(t.id == task_id, t.case_id == case.id)
    ).one_or_none()
    if task is None:
        raise NotFound(N_("Case {number} has no such sub-task."), number=case.number)
    return task


def gives(actor: Actor, *, state: State, department_id: int | None) -> bool:
    """Whether a person may give sub-tasks of a case with this state and department."""
    if state not in DEPARTMENT_HAS_IT:
        return False
    own = actor.has(Role.HANDLER) and actor.department_id == department_id
    return actor.has(*GIVERS) or own


def _may_give(actor: Actor, case: Row[Any]) -> None:
    state = State(case.state)
    if state not in DEPARTMENT_HAS_IT:
        raise Refused(
            N_("A case in state “{state}” has no department that could be assisted."),
            state=STATES[state].name,
        )
    if not gives(actor, state=state, department_id=case.department_id):
        raise Forbidden(
            N_("Sub-tasks are given by the department that has the case, or by the dispatcher.")
        )


def _may_step(
    actor: Actor, case: Row[Any], task: Row[Any], step: TaskStep, finders: Collection[int | None]
) -> None:
    if step is TaskStep.WITHDRAW:
        _may_give(actor, case)
        return
    may_work_on(actor, case, task)
    if actor.person_id in finders:
        raise Refused(N_("You reported or checked this case; leave the sub-task to a colleague."))
    holder = task.holder_id
    if step is TaskStep.TAKE_UP and holder not in (None, actor.person_id, *actor.stands_for):
        raise Refused(
            N_("This sub-task is given to somebody else. To take it over, give it to yourself.")
        )


def may_work_on(actor: Actor, case: Row[Any], task: Row[Any]) -> None:
    """
    Whether the sub-task is the actor's department's, and can be worked on now.

    Raises
    ------
    Forbidden, Refused
        Another department's; the case is in a state in which nobody assists.
    """
    if not (actor.has(Role.HANDLER) and actor.department_id == task.department_id):
        raise Forbidden(N_("This sub-task belongs to another department."))
    if State(case.state) not in DEPARTMENT_HAS_IT:
        raise Refused(
            N_("A case in state “{state}” has no department that could be assisted."),
            state=STATES[State(case.state)].name,
        )


def finders_of(conn: Connection, case_id: int) -> set[int | None]:
    """Everybody who reported, verified or checked a case: none of them handles it."""
    e = case_event.c
    found = select(e.actor_id).where(e.case_id == case_id, e.move.in_([str(m) for m in FINDING]))
    return set(conn.scalars(found)) - {None}


def check_version(conn: Connection, task: Row[Any], expected: int, number: str) -> None:
    """
    Go on only with the version that was decided on.

    Raises
    ------
    Conflict
        Says who changed the sub-task meanwhile.
    """
    if task.version == expected:
        return
    who = conn.execute(
        text("SELECT name FROM person WHERE id = :id"), {"id": task.changed_by}
    ).scalar()
    raise Conflict(
        N_("{who} changed this sub-task of case {number} meanwhile. Look at it again."),
        who=who or "-",
        number=number,
    )


def _check_said(
    conn: Connection,
    actor: Actor,
    step: TaskStep,
    words: str,
    photos: Sequence[str],
    reason: str,
) -> None:
    faults: list[Fault] = [*faults_of_text("words", words), *faults_of_text(REASON, reason)]
    if step is not TaskStep.TAKE_UP and not words.strip():
        faults.append(fault("words", N_("This is needed.")))
    if step is not TaskStep.REPORT and photos:
        faults.append(fault("photos", N_("Photos come with the result only.")))
    wrong = list(faults_of_photos("photos", list(photos)))
    faults += wrong
    asked = photos if not wrong else ()
    known = known_photos(conn, asked, person_id=actor.person_id) if asked else set()
    faults += [
        fault("photos", N_("Photo {sha} has not arrived. Send the file first."), sha=sha[:12])
        for sha in asked
        if sha not in known
    ]
    if faults:
        raise Invalid(N_("The sub-task cannot be changed as it was sent."), faults=faults)


def _faults_of_department(
    conn: Connection, own: int | None, wanted: int, today: date
) -> list[Fault]:
    if wanted == own:
        return [fault("department", N_("This department has the case itself."))]
    d = department.c
    valid = select(d.id).where(
        d.id == wanted, d.valid_from <= today, func.coalesce(d.valid_to > today, True)
    )
    found = conn.execute(valid).scalar()
    return [] if found is not None else [fault("department", _DEPARTMENT_GONE)]


def record(
    conn: Connection, actor: Actor, task_id: int, action: str, data: dict[str, Any], at: datetime
) -> None:
    """Leave on the trail of a sub-task what was done with it."""
    due = data.get("due_on")
    trail.record(
        conn,
        subject_type="case_task",
        subject_id=task_id,
        actor_id=actor.person_id,
        role=str(acting_role(actor, frozenset({Role.HANDLER, *GIVERS}))),
        action=action,
        at=at,
        data={**data, "due_on": due.isoformat() if due else None} if "due_on" in data else data,
    )
