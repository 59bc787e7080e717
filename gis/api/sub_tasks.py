"""Sub-tasks and questions over HTTP: give one, take it up, report, withdraw; what a class asks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gis.accounts.model import Permission, require
from gis.api.parameters import json_body
from gis.api.session import actor_of
from gis.cases.colleagues import Colleague
from gis.cases.queries import case_by_number
from gis.cases.settings import read_case_settings
from gis.cases.tasks.commands import Given, give_task, step_task
from gis.cases.tasks.giving import give_to_person, people_for
from gis.cases.tasks.model import Task, TaskStep
from gis.cases.tasks.queries import tasks_of_case
from gis.cases.tasks.questions import Question, all_questions
from gis.db.engine import transaction
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_
from gis.runtime import runtime

KEY_HEADER = "Idempotency-Key"
_NO_STORE = {"Cache-Control": "no-store"}
_ID_MOST = 10**18
_UNREADABLE = N_("The request cannot be read. Put right what is marked.")


async def get_tasks(request: Request) -> Response:
    """The sub-tasks of a case, those that wait first."""
    actor = actor_of(request)
    require(actor, Permission.VIEW_CASES)
    number = request.path_params["number"]

    def work() -> list[Task]:
        with transaction(runtime().engine) as conn:
            case_by_number(conn, number, scope=actor.scope, person_id=actor.person_id)
            return tasks_of_case(conn, number, scope=actor.scope, person_id=actor.person_id)

    found = await run_in_threadpool(work)
    return JSONResponse({"tasks": [_body(task) for task in found]}, headers=_NO_STORE)


async def post_task(request: Request) -> Response:
    """Ask a department to assist: `{"department", "words", "due_on"}`; 201 with its id."""
    actor = actor_of(request)
    body, faults = await json_body(request), list[Fault]()
    department = _id(body, "department", faults)
    words, due_on = _text(body, "words", faults), _day(body, "due_on", faults)
    if faults:
        raise Invalid(_UNREADABLE, faults=faults)

    def work() -> Given:
        now = datetime.now(UTC)
        with transaction(runtime().engine) as conn:
            return give_task(
                conn,
                actor=actor,
                number=request.path_params["number"],
                department_id=department,
                words=words,
                due_on=due_on,
                key=request.headers.get(KEY_HEADER),
                now=now,
                today=_today(conn, now),
            )

    return JSONResponse(_given(await run_in_threadpool(work)), 201, headers=_NO_STORE)


async def post_step(request: Request) -> Response:
    """Take up, report or withdraw: `{"step", "version", "words", "photos", "reason_evidence"}`."""
    actor = actor_of(request)
    body, faults = await json_body(request), list[Fault]()
    step, words = _text(body, "step", faults), _text(body, "words", faults)
    version, reason = _id(body, "version", faults), _text(body, "reason_evidence", faults)
    photos = body.get("photos") or []
    if step not in set(TaskStep):
        faults.append(fault("step", N_("take_up, report or withdraw")))
    if not isinstance(photos, list) or not all(isinstance(sha, str) for sha in photos):
        faults.append(fault("photos", N_("This is a list of photos that were sent before.")))
    if faults:
        raise Invalid(_UNREADABLE, faults=faults)

    def work() -> Given:
        with transaction(runtime().engine) as conn:
            return step_task(
                conn,
                actor=actor,
                number=request.path_params["number"],
                task_id=min(int(request.path_params["task"]), _ID_MOST),
                step=TaskStep(step),
                expected_version=version,
                words=words,
                photos=photos,
                reason_evidence=reason,
                key=request.headers.get(KEY_HEADER),
                now=datetime.now(UTC),
            )

    return JSONResponse(_given(await run_in_threadpool(work)), headers=_NO_STORE)


async def post_person(request: Request) -> Response:
    """Give to a person of the own department: `{"person", "version", "words"}`; null takes back."""
    actor = actor_of(request)
    body, faults = await json_body(request), list[Fault]()
    person = _id(body, "person", faults) if body.get("person") is not None else None
    words, version = _text(body, "words", faults), _id(body, "version", faults)
    if faults:
        raise Invalid(_UNREADABLE, faults=faults)

    def work() -> Given:
        with transaction(runtime().engine) as conn:
            return give_to_person(
                conn,
                actor=actor,
                number=request.path_params["number"],
                task_id=min(int(request.path_params["task"]), _ID_MOST),
                person_id=person,
                expected_version=version,
                words=words,
                key=request.headers.get(KEY_HEADER),
                now=datetime.now(UTC),
            )

    return JSONResponse(_given(await run_in_threadpool(work)), headers=_NO_STORE)


async def get_people(request: Request) -> Response:
    """The people of the own department to whom a case or a sub-task can be given now."""
    actor = actor_of(request)
    require(actor, Permission.MOVE_CASES)

    def work() -> list[Colleague]:
        with transaction(runtime().engine) as conn:
            number = request.path_params["number"]
            found = case_by_number(conn, number, scope=actor.scope, person_id=actor.person_id)
            return people_for(conn, actor=actor, case=found.case, now=datetime.now(UTC))

    found = await run_in_threadpool(work)
    people = [{"id": one.person_id, "name": one.name, "in_hand": one.held} for one in found]
    return JSONResponse({"people": people}, headers=_NO_STORE)


async def get_questions(request: Request) -> Response:
    """Every extra question of the district's edition with the classes that ask it."""
    actor_of(request)

    def work() -> str:
        with transaction(runtime().engine) as conn:
            return read_case_settings(conn).edition

    edition = await run_in_threadpool(work)
    found = [_question(question) for question in all_questions(edition)]
    return JSONResponse({"edition": edition, "questions": found}, headers=_NO_STORE)


def _today(conn: Connection, now: datetime) -> date:
    return now.astimezone(read_case_settings(conn).zone).date()


def _text(body: Mapping[str, Any], name: str, faults: list[Fault]) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str):
        faults.append(fault(name, N_("This is text.")))
        return ""
    return value


def _id(body: Mapping[str, Any], name: str, faults: list[Fault]) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _ID_MOST:
        faults.append(fault(name, N_("This is a number.")))
        return 0
    return value


def _day(body: Mapping[str, Any], name: str, faults: list[Fault]) -> date | None:
    value = _text(body, name, faults)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        faults.append(fault(name, N_("Write a date such as 2026-11-30.")))
        return None


def _given(given: Given) -> dict[str, Any]:
    return {"id": given.id, "state": given.state, "version": given.version}


def _body(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "version": task.version,
        "state": task.state,
        "state_zh": task.state.label.zh,
        "state_en": task.state.label.en,
        "department": task.department_id,
        "department_zh": task.department.zh,
        "department_en": task.department.en,
        "words": task.words,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "made_by": task.made_by,
        "made_at": task.made_at.isoformat(),
        "holder": task.holder_id,
        "holder_name": task.holder,
        "handed": [
            {"at": one.at.isoformat(), "by": one.by, "to": one.to, "words": one.words}
            for one in task.handed
        ],
        "taken_by": task.taken_by,
        "done_by": task.done_by,
        "ended_at": task.ended_at.isoformat() if task.ended_at else None,
        "said": task.said,
        "photos": list(task.photos),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "classes": list(question.classes),
        "answer": question.answer,
        "name_zh": question.name.zh,
        "name_en": question.name.en,
        "choices": [
            {"value": word, "name_zh": name.zh, "name_en": name.en}
            for word, name in question.choices.items()
        ],
        "unit": question.unit,
        "confidence": question.confidence,
        "needed": question.needed,
    }


routes = [
    Route("/api/cases/{number}/tasks", get_tasks, methods=["GET"]),
    Route("/api/cases/{number}/tasks", post_task, methods=["POST"]),
    Route("/api/cases/{number}/tasks/{task:int}", post_step, methods=["POST"]),
    Route("/api/cases/{number}/tasks/{task:int}/person", post_person, methods=["POST"]),
    Route("/api/cases/{number}/people", get_people, methods=["GET"]),
    Route("/api/questions", get_questions, methods=["GET"]),
]
