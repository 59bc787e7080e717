"""Sub-tasks of assisting departments: who gives, who works on them, who sees the case."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import SYSTEM, Actor, Role
from gis.audit.trail import broken_links
from gis.cases.desks.commands import mark_seen
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number, history
from gis.cases.tasks.commands import Given, give_task, step_task
from gis.cases.tasks.model import TASKS_MOST, TaskState, TaskStep
from gis.cases.tasks.queries import tasks_of_case
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from gis.files.queries import readable_file
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, move, state_of, step

NOW, TODAY = make.NOW, make.TODAY


def give(conn: Connection, actor: Actor, number: str, cast: Cast, **more: Any) -> Given:
    parts: dict[str, Any] = {"department_id": cast.other_department, "words": "清运垃圾"}
    return give_task(
        conn, actor=actor, number=number, now=NOW, today=TODAY, **{**parts, **more}
    )  # fmt: skip


def take(
    conn: Connection, actor: Actor, number: str, task: Given, what: TaskStep, **more: Any
) -> Given:
    return step_task(
        conn, actor=actor, number=number, task_id=task.id, step=what,
        expected_version=more.pop("version", task.version), now=NOW, **more,
    )  # fmt: skip


def test_an_assisting_department_takes_up_and_reports_and_the_case_waits_for_it(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = give(conn, cast.handler, number, cast, due_on=TODAY + timedelta(days=2))
    for what in (Move.REPORT_DONE, Move.ASK_RETURN):
        with pytest.raises(Refused) as caught:
            step(conn, cast, number, what, "handler", NOW)
        assert caught.value.detail == "no_open_sub_task"
    taken = take(conn, cast.other_handler, number, task, TaskStep.TAKE_UP)
    sha = make.make_file(conn)
    done = take(
        conn, cast.other_handler, number, taken, TaskStep.REPORT, words="已运走", photos=[sha]
    )
    assert (done.state, done.version) == (TaskState.DONE, 3)
    [shown] = tasks_of_case(conn, number, scope=cast.handler.scope)
    assert (shown.said, shown.photos, shown.done_by) == ("已运走", (sha,), cast.other_handler.name)
    assert shown.due_on == TODAY + timedelta(days=2) and shown.made_by == cast.handler.name
    step(conn, cast, number, Move.REPORT_DONE, "handler", NOW)
    assert broken_links(conn, subject_type="case_task", subject_id=task.id) == []


def test_a_step_sent_again_with_its_key_is_made_once_and_answered_the_same(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = give(conn, cast.handler, number, cast)
    other, sha = cast.other_handler, make.make_file(conn)
    taken = take(conn, other, number, task, TaskStep.TAKE_UP, key="take")
    assert take(conn, other, number, task, TaskStep.TAKE_UP, key="take") == taken
    said: dict[str, Any] = {"words": "已运走", "photos": [sha], "key": "done"}
    done = take(conn, other, number, taken, TaskStep.REPORT, **said)
    assert take(conn, other, number, taken, TaskStep.REPORT, **said) == done
    with pytest.raises(Invalid, match="key"):
        take(conn, other, number, taken, TaskStep.REPORT, **{**said, "words": "x"})


def test_a_department_sees_the_case_history_and_photos_where_it_assists_and_nowhere_else(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    other = cast.other_handler
    case_id = case_by_number(conn, number, scope=cast.leader.scope).case.id
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=other.scope)
    assert tasks_of_case(conn, number, scope=other.scope) == []
    task = give(conn, cast.dispatcher, number, cast)
    assert case_by_number(conn, number, scope=other.scope).case.number == number
    assert len(history(conn, case_id, scope=other.scope)) == 5
    sha = make.make_file(conn, sent=False)
    conn.execute(text("INSERT INTO case_task_photo VALUES (:t, :s, 0)"), {"t": task.id, "s": sha})
    assert readable_file(
        conn, sha, person_id=None, areas=other.scope.prefixes,
        department_id=other.scope.department_id,
    ).sha256 == sha  # fmt: skip
    third = make.make_actor(conn, Role.HANDLER)
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=third.scope)
    with pytest.raises(NotFound):
        readable_file(
            conn, sha, person_id=None, areas=third.scope.prefixes,
            department_id=third.scope.department_id,
        )  # fmt: skip
    with pytest.raises(NotFound):  # seeing is not moving
        move(conn, other, number, Move.REPORT_DONE, text="x", photo=[sha])
    take(conn, cast.dispatcher, number, task, TaskStep.WITHDRAW, words="不需要了")
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=other.scope)


def test_only_the_main_department_and_dispatch_give_and_only_the_asked_department_works(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    for actor in (cast.acceptor, cast.supervisor, cast.auditor, cast.centre):
        with pytest.raises(Forbidden):
            give(conn, actor, number, cast)
    with pytest.raises(NotFound):
        give(conn, cast.other_handler, number, cast)
    with pytest.raises(NotFound):
        give(conn, make.make_actor(conn, Role.DISPATCHER, scope=("110102",)), number, cast)
    task = give(conn, cast.dispatcher, number, cast)
    with pytest.raises(Forbidden):
        take(conn, cast.handler, number, task, TaskStep.TAKE_UP)
    with pytest.raises(Forbidden):
        take(conn, cast.other_handler, number, task, TaskStep.WITHDRAW, words="x")
    with pytest.raises(Refused):
        take(conn, cast.other_handler, number, task, TaskStep.REPORT, words="x")
    with pytest.raises(Conflict) as caught:
        take(conn, cast.other_handler, number, task, TaskStep.TAKE_UP, version=7)
    assert cast.dispatcher.name in caught.value.text("zh-CN")


@pytest.mark.parametrize("state", sorted(set(State) - {State.ARBITRATION}))
def test_sub_tasks_are_given_only_while_a_department_has_the_case(
    conn: Connection, cast: Cast, state: State
) -> None:
    number = bring_to(conn, cast, state)
    allowed = {
        State.PENDING_HANDLE, State.HANDLING, State.EXTENSION_REVIEW, State.SUSPEND_REVIEW,
        State.SUSPENDED,
    }  # fmt: skip
    if state in allowed:
        assert give(conn, cast.dispatcher, number, cast).state is TaskState.OPEN
    else:
        with pytest.raises(Refused):
            give(conn, cast.dispatcher, number, cast)


def test_what_is_wrong_with_a_sub_task_is_named(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"department_id": cast.department}, "department"),
        ({"department_id": 999_999}, "department"),
        ({"department_id": make.make_department(conn, valid_to=TODAY)}, "department"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"words": "x" * 4001}, "words"),
        ({"words": "a\x00"}, "words"),
    ]
    for fields, named in wrong:
        with pytest.raises(Invalid) as caught:
            give(conn, cast.handler, number, cast, **fields)
        assert [f.field for f in caught.value.faults] == [named]
    task = give(conn, cast.handler, number, cast)
    taken = take(conn, cast.other_handler, number, task, TaskStep.TAKE_UP)
    for said in (
        {}, {"words": "x", "photos": ["0" * 64]}, {"words": "x", "photos": ["no"]},
        {"words": "x", "photos": ["\x00"]},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            take(conn, cast.other_handler, number, taken, TaskStep.REPORT, **said)
    for _ in range(TASKS_MOST - 1):
        give(conn, cast.handler, number, cast)
    with pytest.raises(Refused):
        give(conn, cast.handler, number, cast)


def test_a_repeated_request_gives_one_sub_task(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    first = give(conn, cast.handler, number, cast, key="t1")
    assert give(conn, cast.handler, number, cast, key="t1") == first
    with pytest.raises(Invalid):
        give(conn, cast.handler, number, cast, key="t1", words="anders")
    assert len(tasks_of_case(conn, number, scope=cast.leader.scope)) == 1


def test_assistants_named_at_dispatch_get_a_sub_task_once(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    with pytest.raises(Invalid) as caught:
        move(
            conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department,
            assistants=[cast.department],
        )  # fmt: skip
    assert [f.field for f in caught.value.faults] == ["assistants"]
    with pytest.raises(Invalid):
        move(
            conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department,
            assistants=[999_999],
        )  # fmt: skip
    move(
        conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department,
        assistants=[cast.other_department],
    )  # fmt: skip
    [task] = tasks_of_case(conn, number, scope=cast.other_handler.scope)
    assert (task.department_id, task.state) == (cast.other_department, TaskState.OPEN)


def test_the_system_asks_the_assistants_that_the_rule_names(conn: Connection, cast: Cast) -> None:
    conn.execute(
        text("INSERT INTO dispatch_rule_assistant VALUES (:r, :d, 0)"),
        {"r": cast.rule, "d": cast.other_department},
    )
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    move(conn, SYSTEM, number, Move.DISPATCH)
    [task] = tasks_of_case(conn, number, scope=cast.leader.scope)
    assert (task.department_id, task.made_by) == (cast.other_department, None)


def test_a_case_that_ends_waits_for_nobody_any_more(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = give(conn, cast.handler, number, cast)
    step(conn, cast, number, Move.FORCE_CLOSE, "centre", NOW)
    assert state_of(conn, number) is State.FORCED_CLOSED
    [shown] = tasks_of_case(conn, number, scope=cast.leader.scope)
    assert (shown.id, shown.state) == (task.id, TaskState.WITHDRAWN)


@pytest.fixture
def app(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    yield engine
    engine.dispose()


def test_somebody_who_only_notes_something_about_a_case_is_not_in_the_way(app: Engine) -> None:
    with transaction(app) as conn:
        cast = make_cast(conn)
        number = bring_to(conn, cast, State.HANDLING)
    with transaction(app) as reader:
        mark_seen(reader, actor=cast.leader, numbers=[number], now=NOW)
        with transaction(app) as conn:
            assert give(conn, cast.handler, number, cast).state is TaskState.OPEN
