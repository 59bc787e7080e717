"""Probes of sub-tasks and bulk moves for the proof that nobody reaches into another street."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.evidence.sub_tasks import doubts_of_report
from gis.cases.model import Move
from gis.cases.tasks import commands, giving, queries
from gis.cases.tasks.model import TaskStep
from gis.dispatch import bulk
from tests import factories as make
from tests.db.other_street import NOW, OTHER_CASE, TODAY, Other, Probe


def _dispatcher(who: Actor) -> Actor:
    return replace(who, roles=who.roles | {Role.DISPATCHER})


def _handled(conn: Connection, other: Other) -> int:
    """The other street's case, where there is one, is handled with a sub-task; answers its id."""
    conn.execute(
        text("UPDATE cases SET state = 'HANDLING', department_id = NULL WHERE number = :n"),
        {"n": OTHER_CASE},
    )
    made = conn.execute(
        text(
            "INSERT INTO case_task (case_id, department_id, state, made_at, changed_at)"
            " SELECT id, :d, 'open', :now, :now FROM cases WHERE number = :n RETURNING id"
        ),
        {"n": OTHER_CASE, "d": make.make_department(conn), "now": NOW},
    ).scalar()
    return int(made or 0)


def _tasks(conn: Connection, who: Actor, other: Other) -> Any:
    _handled(conn, other)
    return [task.state for task in queries.tasks_of_case(conn, OTHER_CASE, scope=who.scope)]


def _give(conn: Connection, who: Actor, other: Other) -> Any:
    _handled(conn, other)
    department = make.make_department(conn)
    return commands.give_task(
        conn, actor=_dispatcher(who), number=OTHER_CASE, department_id=department, now=NOW,
        today=TODAY,
    ).state  # fmt: skip


def _withdraw(conn: Connection, who: Actor, other: Other) -> Any:
    task = _handled(conn, other)
    return commands.step_task(
        conn, actor=_dispatcher(who), number=OTHER_CASE, task_id=task, step=TaskStep.WITHDRAW,
        expected_version=1, words="x", now=NOW,
    ).state  # fmt: skip


def _hand(conn: Connection, who: Actor, other: Other) -> Any:
    task = _handled(conn, other)
    department = conn.execute(
        text("SELECT department_id FROM case_task WHERE id = :t"), {"t": task}
    ).scalar()
    person = make.make_actor(conn, Role.HANDLER, department_id=department)
    mine = replace(who, roles=who.roles | {Role.HANDLER}, department_id=department)
    return giving.give_to_person(
        conn, actor=mine, number=OTHER_CASE, task_id=task, person_id=person.person_id,
        expected_version=1, now=NOW,
    ).state  # fmt: skip


def _previewed(conn: Connection, who: Actor, _other: Other) -> Any:
    found = bulk.preview(
        conn, actor=_dispatcher(who), numbers=[OTHER_CASE], move=Move.REGISTER, fields={}, now=NOW
    )
    return [(outcome.version, outcome.before) for outcome in found]


def _doubted(conn: Connection, who: Actor, other: Other) -> Any:
    """The case's own photo, sent again with the sub-task."""
    task = _handled(conn, other)
    conn.execute(
        text(
            "INSERT INTO file_upload SELECT sha256, :person, :now FROM stored_file"
            " WHERE sha256 = :photo"
        ),
        {"person": who.person_id, "now": NOW, "photo": other.photo},
    )
    return doubts_of_report(
        conn, actor=who, number=OTHER_CASE, task_id=task, photos=[other.photo], now=NOW
    )


READS: dict[str, Probe] = {
    "gis.cases.evidence.sub_tasks.doubts_of_report": _doubted,
    "gis.cases.tasks.queries.tasks_of_case": _tasks,
    "gis.dispatch.bulk.chosen_cases": lambda c, who, _o: bulk.chosen_cases(
        c, actor=who, numbers=[OTHER_CASE]
    ),
    "gis.dispatch.bulk.preview": _previewed,
}
COMMANDS: dict[str, Probe] = {
    "gis.cases.tasks.commands.give_task": _give,
    "gis.cases.tasks.commands.step_task": _withdraw,
    "gis.cases.tasks.giving.give_to_person": _hand,
}
_LOCKED = "a part of give_task, step_task and give_to_person, which are asked"
WITHOUT_AREA = {
    "gis.cases.tasks.commands.answered_before": "answers of one's own requests, by person and key",
    "gis.cases.tasks.commands.keep_answer": "answers of one's own requests, by person and key",
    "gis.cases.tasks.commands.locked_case": _LOCKED,
    "gis.cases.tasks.commands.record": _LOCKED,
    "gis.cases.tasks.giving.people_for": "names the people of the asker's own department",
    "gis.cases.tasks.commands.write_task": "writes for a case whose lock its caller holds",
    "gis.cases.tasks.commands.withdraw_all": "writes for a case whose lock its caller holds",
}
