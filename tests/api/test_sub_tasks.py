"""Sub-tasks, reasons, conditions and questions over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.sessions import COOKIE, open_session
from gis.api import cases as api
from gis.api import sub_tasks
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.cases.model import State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast

HERE = "http://testserver"
As = Callable[[str], TestClient]


@pytest.fixture
def site(
    database: ClusterUrls, owner_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("WANMI_HOME", str(tmp_path))
    close_runtime()
    engine = make_engine(database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()
    with owner_engine.begin() as conn:
        make.empty_out(conn)


@pytest.fixture
def cast(site: Engine) -> Cast:
    with site.begin() as conn:
        return make_cast(conn)


@pytest.fixture
def client_of(site: Engine, cast: Cast) -> Iterator[As]:
    app = Starlette(
        routes=[*sub_tasks.routes, *api.routes],
        middleware=[Middleware(Gate, sessions=SessionReader(fresh_seconds=0))],
        exception_handlers=HANDLERS,
    )
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        made.headers["origin"] = HERE
        made.headers["accept-language"] = "en"

        def sign_in(who: str) -> TestClient:
            person_id = getattr(cast, who).person_id
            with site.begin() as conn:
                token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
            made.cookies.clear()
            made.cookies.set(COOKIE, token)
            return made

        yield sign_in


def test_a_sub_task_goes_its_way_over_http(site: Engine, cast: Cast, client_of: As) -> None:
    with site.begin() as conn:
        number = bring_to(conn, cast, State.HANDLING)
    address = f"/api/cases/{number}/tasks"
    body = {"department": cast.other_department, "words": "请清运", "due_on": "2199-01-01"}
    client = client_of("handler")
    first = client.post(address, json=body, headers={"Idempotency-Key": "t1"})
    again = client.post(address, json=body, headers={"Idempotency-Key": "t1"})
    assert (first.status_code, first.json()) == (201, again.json())
    task = f"{address}/{first.json()['id']}"
    refused = client.post(task, json={"step": "take_up", "version": 1})
    assert refused.status_code == 403

    client = client_of("other_handler")
    assert client.get(f"/api/cases/{number}").status_code == 200
    for _ in range(2):  # the answer was lost on the way, and the phone asks again
        taken = client.post(
            task, json={"step": "take_up", "version": 1}, headers={"Idempotency-Key": "t2"}
        )
        assert (taken.status_code, taken.json()["version"]) == (200, 2)
    stale = client.post(task, json={"step": "report", "version": 1, "words": "好了"})
    assert stale.status_code == 409
    assert client.post(task, json={"step": "report", "version": 2}).status_code == 422
    done = client.post(task, json={"step": "report", "version": 2, "words": "好了"})
    assert done.json()["state"] == "done"
    [shown] = client.get(address).json()["tasks"]
    assert (shown["said"], shown["due_on"]) == ("好了", "2199-01-01")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"department": "1"}, {"department": True}, {"department": 1, "words": 5},
        {"department": 1, "due_on": "tomorrow"}, {"department": 10**30},
    ],
)  # fmt: skip
def test_a_sub_task_that_cannot_be_read_is_refused_with_its_faults(
    cast: Cast, client_of: As, body: dict[str, Any]
) -> None:
    answer = client_of("dispatcher").post("/api/cases/110101001-261118-0001/tasks", json=body)
    assert answer.status_code == 422 and answer.json()["faults"]


def test_a_report_keeps_the_answers_of_its_class_and_refuses_others(
    site: Engine, cast: Cast, client_of: As
) -> None:
    client = client_of("supervisor")
    asked = client.get("/api/questions").json()
    assert {"volume_m3", "kind_of_waste"} <= {q["id"] for q in asked["questions"]}
    lon, lat = make.middle()
    report = {"kind": "event", "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾"}
    good = {"volume_m3": 2.5, "kind_of_waste": "bulky"}
    made = client.post(
        "/api/cases", json={**report, "answers": good}, headers={"Idempotency-Key": "q1"}
    )
    assert made.status_code == 201
    detail = client.get(f"/api/cases/{made.json()['number']}").json()
    assert detail["history"][0]["data"]["answers"] == good
    for answers in (
        {"hole": True}, {"volume_m3": "much"}, {"volume_m3": -1}, {"kind_of_waste": "gold"}, [1],
    ):  # fmt: skip
        wrong = client.post(
            "/api/cases", json={**report, "answers": answers}, headers={"Idempotency-Key": "q2"}
        )
        assert wrong.status_code == 422, answers
    with site.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM cases")).scalar() == 1


def test_the_moves_of_a_case_tell_their_reasons_with_names(
    site: Engine, cast: Cast, client_of: As
) -> None:
    with site.begin() as conn:
        number = bring_to(conn, cast, State.HANDLING)
    client = client_of("handler")
    moves = {m["move"]: m for m in client.get(f"/api/cases/{number}").json()["moves"]}
    field = {f["name"]: f for f in moves["ask_return"]["fields"]}
    names = dict(
        zip(field["reason_code"]["choices"], field["reason_code"]["choice_names"], strict=True)
    )
    assert names["not_our_duty"]["zh"] == "不属于本部门职责"
    assert (field["reason_code"]["required"], field["reason"]["required"]) == (True, False)
    strange = {"move": "ask_return", "version": 5, "fields": {"reason_code": "laziness"}}
    answer = client.post(f"/api/cases/{number}/moves", json=strange)
    assert answer.status_code == 422


def test_a_department_gives_its_sub_task_to_a_person_of_those_it_is_offered(
    site: Engine, cast: Cast, client_of: As
) -> None:
    with site.begin() as conn:
        number = bring_to(conn, cast, State.HANDLING)
    asked = {"department": cast.other_department, "words": "清运"}
    task = client_of("handler").post(f"/api/cases/{number}/tasks", json=asked).json()
    client = client_of("other_handler")
    [person] = client.get(f"/api/cases/{number}/people").json()["people"]
    assert person == {
        "id": cast.other_handler.person_id, "name": cast.other_handler.name, "in_hand": 0,
    }  # fmt: skip
    path = f"/api/cases/{number}/tasks/{task['id']}/person"
    body = {"person": person["id"], "version": task["version"], "words": "带上车"}
    given = client.post(path, json=body, headers={"idempotency-key": "k-1"})
    assert given.status_code == 200 and given.json()["version"] == 2
    assert client.post(path, json=body, headers={"idempotency-key": "k-1"}).json() == given.json()
    [shown] = client.get(f"/api/cases/{number}/tasks").json()["tasks"]
    assert (shown["holder"], shown["handed"][0]["words"]) == (person["id"], "带上车")
    wrong = client.post(path, json={"person": cast.handler.person_id, "version": 2})
    assert wrong.status_code == 422
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["handler"]
    assert client.post(path, json={"person": "x", "version": 2}).status_code == 422
    assert client.post(path, json={"person": None, "version": 2}).json()["version"] == 3
