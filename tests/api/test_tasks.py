"""A supervisor's tasks over HTTP: whose they are, what they say, and that they are small."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests import factories as make
from tests.factories import grid_code, make_case, make_cell, make_file, middle

SignIn = Callable[..., int]
TASKS = "/api/tasks/mine"


@pytest.fixture
def sent(web_database: Engine, street: int, sign_in_as: SignIn) -> tuple[int, int]:
    """A supervisor signed in, sent to a verification; answers person and case."""
    person = sign_in_as(Role.SUPERVISOR, area_code=grid_code())
    with web_database.begin() as conn:
        case = make_case(conn, state="VERIFYING", supervisor_id=person, class_code="0110")
        conn.execute(
            text("INSERT INTO supervisor_cell (person_id, grid_code) VALUES (:p, :c)"),
            {"p": person, "c": grid_code()},
        )
    return person, case


def test_a_task_says_what_where_until_when_and_what_may_be_done(
    web: TestClient, web_database: Engine, sent: tuple[int, int]
) -> None:
    _, case = sent
    due = datetime(2026, 11, 18, 6, tzinfo=UTC)
    with web_database.begin() as conn:
        sha = make_file(conn)
        conn.execute(
            text("INSERT INTO case_clock (case_id, slot, name, started_at, limit_value, limit_unit,"
                 " due_at) VALUES (:id, 'stage', 'verification', :now, 2, 'urgent_hour', :due)"),
            {"id": case, "now": make.NOW, "due": due},
        )  # fmt: skip
        conn.execute(
            text("INSERT INTO attachment (case_id, event_seq, purpose, sha256, position)"
                 " VALUES (:id, 1, 'report', :sha, 1)"),
            {"id": case, "sha": sha},
        )  # fmt: skip
    body = web.get(TASKS).json()
    [task] = body["tasks"]
    assert (task["state"], task["class_code"], task["version"]) == ("VERIFYING", "0110", 1)
    assert (task["lon"], task["lat"]) == pytest.approx(middle())
    assert (task["class_zh"], task["community_zh"]) == ("暴露垃圾", "多福巷社区")
    assert datetime.fromisoformat(task["due_at"]) == due
    assert task["photos"] == [{"sha256": sha, "purpose": "report"}]
    moves = {move["move"]: move for move in body["moves"]["VERIFYING"]}
    assert set(moves) == {"verify_true", "verify_false"}
    assert (moves["verify_true"]["good"], moves["verify_false"]["good"]) == (True, False)
    needed = {f["name"] for f in moves["verify_true"]["fields"] if f["required"]}
    assert needed == {"photo"}


def test_cells_walked_come_with_a_point_and_what_is_open(
    web: TestClient, sent: tuple[int, int]
) -> None:
    [cell] = web.get(TASKS).json()["cells"]
    assert (cell["code"], cell["open_cases"]) == (grid_code(), 1)
    assert abs(cell["lon"] - middle()[0]) < make.STEP


def test_only_what_this_person_was_sent_to_is_a_task(
    web: TestClient, web_database: Engine, sent: tuple[int, int], sign_in_as: SignIn
) -> None:
    with web_database.begin() as conn:
        other = make.make_person(conn, roles=(Role.SUPERVISOR,))
        make_case(conn, state="CHECKING", supervisor_id=other)
        make_case(conn, state="HANDLING", supervisor_id=sent[0])
        make_case(conn, state="VERIFYING")
    assert len(web.get(TASKS).json()["tasks"]) == 1
    sign_in_as(Role.SUPERVISOR)
    assert web.get(TASKS).json()["tasks"] == []


def test_a_task_outside_the_own_cells_is_shown(
    web: TestClient, web_database: Engine, sent: tuple[int, int]
) -> None:
    with web_database.begin() as conn:
        make_cell(conn, 1)
        make_case(conn, state="CHECKING", supervisor_id=sent[0], grid_code=grid_code(1))
    assert {task["state"] for task in web.get(TASKS).json()["tasks"]} == {"VERIFYING", "CHECKING"}


def test_the_same_work_is_not_sent_twice_and_changed_work_is(
    web: TestClient, web_database: Engine, sent: tuple[int, int]
) -> None:
    first = web.get(TASKS)
    again = web.get(TASKS, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in first.headers["cache-control"]
    with web_database.begin() as conn:
        conn.execute(text("UPDATE cases SET version = 2 WHERE id = :id"), {"id": sent[1]})
    changed = web.get(TASKS, headers={"If-None-Match": first.headers["etag"]})
    assert changed.json()["tasks"][0]["version"] == 2


def test_another_person_gets_no_304_for_the_tag_of_the_first(
    web: TestClient, sent: tuple[int, int], sign_in_as: SignIn
) -> None:
    sign_in_as(Role.SUPERVISOR)
    tag = web.get(TASKS).headers["etag"]
    sign_in_as(Role.SUPERVISOR)
    assert web.get(TASKS, headers={"If-None-Match": tag}).status_code == 200


def test_what_is_sent_for_one_person_is_refused_while_another_is_signed_in(
    web: TestClient, web_database: Engine, street: int, sign_in_as: SignIn
) -> None:
    first = sign_in_as(Role.SUPERVISOR)
    second = sign_in_as(Role.SUPERVISOR)
    lon, lat = middle()
    report = {"kind": "event", "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾"}
    headers = {"Idempotency-Key": "k1", "Wanmi-Person": str(first)}
    answer = web.post("/api/cases", json=report, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
    headers["Wanmi-Person"] = str(second)
    assert web.post("/api/cases", json=report, headers=headers).status_code == 201


def test_signing_out_tells_the_pages_for_the_street_when(
    web: TestClient, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.SUPERVISOR)
    cookies = web.post("/auth/sign-out").headers.get_list("set-cookie")
    [left] = [cookie for cookie in cookies if cookie.startswith("wanmi_left=")]
    assert "Path=/log" in left and "HttpOnly" not in left
