"""Two people at one case: what one has typed stays, and says what the other did meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Actor, Role
from gis.accounts.sessions import actor_of_session, enter_demo
from gis.cases.model import Move
from gis.cases.tasks.commands import give_task, step_task
from gis.cases.tasks.giving import give_to_person
from gis.cases.tasks.model import TaskStep
from gis.dispatch.commands import move_case
from tests import factories as make

Visitor = Callable[..., AppTest]

CASE_IN_STATE = text(
    "SELECT c.number FROM cases c JOIN person p ON p.login = 'demo.handler'"
    " AND p.department_id = c.department_id AND p.id = coalesce(c.handler_id, p.id)"
    " WHERE c.state = :state AND NOT EXISTS (SELECT FROM case_task s WHERE s.case_id = c.id)"
    " ORDER BY c.id LIMIT 1"
)
VERSION = text("SELECT version FROM cases WHERE number = :number")
SAID = text(
    "SELECT e.note FROM case_event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.number = :number AND e.move = 'supervise' ORDER BY e.seq DESC LIMIT 1"
)
STATE = text("SELECT state FROM cases WHERE number = :number")


def case_in(engine: Engine, state: str) -> str:
    with engine.connect() as conn:
        return str(conn.execute(CASE_IN_STATE, {"state": state}).scalar_one())


def of_case(engine: Engine, statement: Any, number: str) -> Any:
    with engine.connect() as conn:
        return conn.execute(statement, {"number": number}).scalar_one()


def somebody(conn: Connection, role: Role) -> Actor:
    now = datetime.now(UTC)
    opened = enter_demo(conn, role, now=now)
    assert opened is not None
    actor = actor_of_session(conn, opened[0], now=now)
    assert actor is not None
    return actor


def meanwhile(engine: Engine, number: str, move: Move, role: Role, **fields: Any) -> None:
    """Another person moves the case while the form is open."""
    with engine.begin() as conn:
        move_case(
            conn, actor=somebody(conn, role), number=number, move=move, fields=fields,
            expected_version=conn.execute(VERSION, {"number": number}).scalar_one(),
            now=datetime.now(UTC),
        )  # fmt: skip


def open_case(app: AppTest, number: str) -> AppTest:
    app.query_params["number"] = number
    return app.run()


def button(app: AppTest, words: str) -> Any:
    return next(one for one in app.button if one.label.startswith(words))


def field(app: AppTest, end: str) -> Any:
    return next(one for one in app.text_area if str(one.key).endswith(end))


def warnings(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.warning)


def errors(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.error)


def test_what_is_typed_outlives_a_change_by_another_and_is_sent_after_looking(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "HANDLING")
    app = open_case(visitor(own_district, Role.SHIFT_LEADER, "case.py"), number)
    meanwhile(own_district, number, Move.SUPERVISE, Role.CENTRE_LEADER, note="中心领导先说")

    field(app, ".note").set_value("值班长后说")
    button(app, "督办").click().run()

    assert not app.exception
    assert "期间" in errors(app)
    assert "中心领导先说" in warnings(app)
    assert "开始填写时" in warnings(app)
    assert "现在" in warnings(app)
    assert field(app, ".note").value == "值班长后说"
    assert of_case(own_district, SAID, number) == "中心领导先说"

    button(app, "按当前情况继续").click().run()
    assert not app.warning
    assert field(app, ".note").value == "值班长后说"
    button(app, "督办").click().run()
    assert not app.exception
    assert of_case(own_district, SAID, number) == "值班长后说"
    assert not field(app, ".note").value


def test_a_click_on_a_case_that_moved_says_so_and_the_next_one_works(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "PENDING_HANDLE")
    app = open_case(visitor(own_district, Role.HANDLER, "case.py"), number)
    meanwhile(own_district, number, Move.SUPERVISE, Role.SHIFT_LEADER, note="请抓紧")
    button(app, "接收").click().run()
    assert not app.exception
    assert "期间" in errors(app)
    assert "请抓紧" in warnings(app)
    assert of_case(own_district, STATE, number) == "PENDING_HANDLE"
    app.run()
    assert not app.error
    assert not app.warning
    button(app, "接收").click().run()
    assert of_case(own_district, STATE, number) == "HANDLING"


def test_an_untouched_form_follows_the_case_without_a_word(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "HANDLING")
    app = open_case(visitor(own_district, Role.SHIFT_LEADER, "case.py"), number)
    meanwhile(own_district, number, Move.SUPERVISE, Role.CENTRE_LEADER, note="先说")
    app.run()
    assert not app.warning
    assert not app.error


def test_words_for_a_move_that_is_over_stay_until_they_are_dropped(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "HANDLING")
    app = open_case(visitor(own_district, Role.SHIFT_LEADER, "case.py"), number)
    with own_district.begin() as conn:
        photo = make.make_file(conn)
    field(app, ".note").set_value("请抓紧处置")
    meanwhile(
        own_district, number, Move.REPORT_DONE, Role.HANDLER,
        text="已清运", photo=[photo], reason_evidence="试验照片",
    )  # fmt: skip
    button(app, "督办").click().run()
    assert field(app, ".note").value == "请抓紧处置"
    assert "已清运" in warnings(app)
    assert "按当前情况继续" not in [one.label for one in app.button]
    button(app, "放弃已填写内容").click().run()
    assert not app.exception
    assert "请抓紧处置" not in [one.value for one in app.text_area]


def task_of(engine: Engine, number: str) -> int:
    """The one-click handler's department has taken up a sub-task of the case."""
    with engine.begin() as conn:
        handler = somebody(conn, Role.HANDLER)
        assert handler.department_id is not None
        conn.execute(
            text("UPDATE cases SET department_id = :other WHERE number = :number"),
            {"other": make.make_department(conn), "number": number},
        )
        now = datetime.now(UTC)
        made = give_task(
            conn, actor=somebody(conn, Role.DISPATCHER), number=number,
            department_id=handler.department_id, words="清理", now=now, today=now.date(),
        )  # fmt: skip
        step_task(
            conn, actor=handler, number=number, task_id=made.id, step=TaskStep.TAKE_UP,
            expected_version=1, now=now,
        )  # fmt: skip
    return made.id


def test_the_report_of_a_sub_task_outlives_its_being_given_to_somebody_else(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "HANDLING")
    task_id = task_of(own_district, number)
    app = open_case(visitor(own_district, Role.HANDLER, "case.py"), number)
    with own_district.begin() as conn:
        handler = somebody(conn, Role.HANDLER)
        other = make.make_person(conn, roles=(Role.HANDLER,), department_id=handler.department_id)
        give_to_person(
            conn, actor=handler, number=number, task_id=task_id, person_id=other,
            expected_version=2, words="请接手", now=datetime.now(UTC),
        )  # fmt: skip
    field(app, ".words").set_value("已清理完毕")
    button(app, "协办完成").click().run()
    assert not app.exception
    assert "已更改" in errors(app)
    assert "请接手" in warnings(app)
    assert field(app, ".words").value == "已清理完毕"
    button(app, "按当前情况继续").click().run()
    assert not app.warning
    button(app, "协办完成").click().run()
    with own_district.connect() as conn:
        done = conn.execute(
            text("SELECT state, said FROM case_task WHERE id = :id"), {"id": task_id}
        )
        assert tuple(done.one()) == ("done", "已清理完毕")


def test_words_for_a_case_that_is_out_of_sight_can_still_be_copied(
    own_district: Engine, visitor: Visitor
) -> None:
    number = case_in(own_district, "HANDLING")
    task_id = task_of(own_district, number)
    app = open_case(visitor(own_district, Role.HANDLER, "case.py"), number)
    with own_district.begin() as conn:
        step_task(
            conn, actor=somebody(conn, Role.DISPATCHER), number=number, task_id=task_id,
            step=TaskStep.WITHDRAW, expected_version=2, words="不用了", now=datetime.now(UTC),
        )  # fmt: skip
    field(app, ".words").set_value("已清理完毕")
    button(app, "协办完成").click().run()
    app.run()
    assert not app.exception
    assert "没有案卷" in errors(app)
    assert [one.value for one in app.code] == ["已清理完毕"]
