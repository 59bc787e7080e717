"""Cases over HTTP: report, queue, read, move; what bad input gets."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api import cases as api
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests import factories as make

HERE = "http://testserver"
SignIn = Callable[..., int]


@pytest.fixture
def site(
    database: ClusterUrls, owner_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A process on the shared database; what it commits is emptied out at the end."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("WANMI_HOME", str(tmp_path))
    close_runtime()
    engine = make_engine(database.app_url, pool_size=2)
    with engine.begin() as conn:
        make.make_cell(conn)
    yield engine
    engine.dispose()
    close_runtime()
    with owner_engine.begin() as conn:
        make.empty_out(conn)


@pytest.fixture
def client(site: Engine) -> Iterator[TestClient]:
    app = Starlette(
        routes=api.routes,
        middleware=[Middleware(Gate, sessions=SessionReader(fresh_seconds=0))],
        exception_handlers=HANDLERS,
    )
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        made.headers["origin"] = HERE
        made.headers["accept-language"] = "en"
        yield made


@pytest.fixture
def sign_in(site: Engine, client: TestClient) -> SignIn:
    """Become a person with these roles; answers the person's id."""

    def become(*roles: Role, person_id: int | None = None, **more: Any) -> int:
        with site.begin() as conn:
            who = person_id or make.make_person(conn, roles=roles, **more)
            token, _ = open_session(conn, person_id=who, now=datetime.now(UTC))
        client.cookies.clear()
        client.cookies.set(COOKIE, token)
        return who

    return become


def body(**more: Any) -> dict[str, Any]:
    lon, lat = make.middle()
    return {
        "kind": "event", "class_code": "0110", "description": "垃圾 <img src=x onerror=1> `${a}`",
        "lon": lon, "lat": lat, "accuracy_m": 9.5, "grid_code": None, "located_by": "gps",
        "photos": [], "client_time": "2026-11-18T02:00:00.000Z", **more,
    }  # fmt: skip


def post(client: TestClient, key: str = "k", **more: Any) -> Any:
    return client.post("/api/cases", json=body(**more), headers={"Idempotency-Key": key})


def test_a_stranger_is_told_to_sign_in(client: TestClient) -> None:
    for path in ("/api/cases", "/api/classes", "/api/locate?lon=1&lat=1"):
        assert client.get(path).status_code == 401
    assert post(client).status_code == 401


def test_a_report_is_answered_with_its_number_and_again_with_the_same(
    client: TestClient, sign_in: SignIn
) -> None:
    sign_in(Role.SUPERVISOR)
    first = post(client)
    assert first.status_code == 201
    made = first.json()
    assert made["number"].startswith(make.STREET) and made["grid_code"] == make.grid_code()
    assert made["street_zh"] == "东华门街道"
    again = post(client)
    assert again.status_code == 200
    assert again.json() == {**made, "replayed": True}
    other = post(client, description="another")
    assert other.status_code == 422
    assert other.json()["faults"][0]["field"] == "key"


def test_a_report_from_another_site_is_refused(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    answer = client.post(
        "/api/cases", json=body(), headers={"Idempotency-Key": "k", "origin": "http://evil"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"lon": 100.5, "lat": 20}, {"point"}),
        ({"lon": "116"}, {"lon"}),
        ({"lon": None}, {"lon"}),
        ({"lon": 10**400}, {"lon"}),
        ({"lon": True, "lat": []}, {"lon", "lat"}),
        ({"kind": "ghost"}, {"kind"}),
        ({"class_code": "0407"}, {"class_code"}),
        ({"class_code": "01\x0010"}, {"class_code"}),
        ({"class_code": ""}, {"class_code"}),
        ({"description": "x" * 4001}, {"text"}),
        ({"description": 5}, {"description"}),
        ({"description": ""}, {"text"}),
        ({"photos": "abc"}, {"photos"}),
        ({"photos": ["../../etc"]}, {"photo"}),
        ({"photos": ["0" * 64]}, {"photo"}),
        ({"accuracy_m": -1}, {"accuracy_m"}),
        ({"client_time": "yesterday"}, {"client_time"}),
        ({"client_time": "2026-11-18T02:00:00"}, {"client_time"}),
        ({"located_by": "guess"}, {"located_by"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_bad_fields_are_named_and_nothing_is_written(
    client: TestClient, sign_in: SignIn, site: Engine, wrong: dict[str, Any], fields: set[str]
) -> None:
    sign_in(Role.SUPERVISOR)
    answer = post(client, **wrong)
    assert answer.status_code == 422, answer.text
    assert {f["field"] for f in answer.json()["faults"]} == fields
    with site.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0
        assert conn.execute(text("SELECT count(*) FROM idempotency_key")).scalar_one() == 0
    assert post(client).status_code == 201, "the form, put right, is sent with the same key"


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"nul", b'{"a":', b'{"lon": NaN}', b"[" * 100_000, b'{"\\ud800": 1}']
)
def test_what_is_no_json_object_is_refused(client: TestClient, sign_in: SignIn, raw: bytes) -> None:
    sign_in(Role.SUPERVISOR)
    for path in ("/api/cases", "/api/cases/110101001-261118-0001/moves"):
        answer = client.post(path, content=raw, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 422, answer.text


def test_a_report_without_a_key_is_refused(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    answer = client.post("/api/cases", json=body())
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "key"


def test_errors_speak_the_language_of_the_asker(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    client.headers["accept-language"] = "zh-CN"
    assert "不在本区单元网格范围内" in post(client, lon=100.5, lat=20).json()["message"]


def test_a_role_that_does_not_report_is_forbidden(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.DISPATCHER)
    assert post(client).status_code == 403


def test_a_report_outside_the_area_is_forbidden(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR, area_code="110101009")
    assert post(client).status_code == 403


def test_queues_and_their_pages_show_what_stands_there(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    numbers = [post(client, key=f"k{i}").json()["number"] for i in range(3)]
    mine = client.get("/api/cases?queue=my_reports&limit=2").json()
    assert [c["number"] for c in mine["cases"]] == numbers[:0:-1]
    rest = client.get("/api/cases", params={"queue": "my_reports", "after": mine["next_after"]})
    assert [c["number"] for c in rest.json()["cases"]] == numbers[:1]
    assert rest.json()["next_after"] is None
    sign_in(Role.ACCEPTOR)
    queues = {q["id"]: q["count"] for q in client.get("/api/cases").json()["queues"]}
    assert queues["acceptance"] == 3
    assert client.get("/api/cases?queue=filing").status_code == 404
    assert client.get("/api/cases?queue=acceptance&after=nonsense").status_code == 422
    assert client.get("/api/cases?queue=acceptance&limit=many").status_code == 422


def test_a_case_is_read_with_history_moves_and_proposal(
    client: TestClient, sign_in: SignIn, site: Engine
) -> None:
    with site.begin() as conn:
        rule = make.make_dispatch_rule(conn)
    sign_in(Role.SUPERVISOR)
    number = post(client).json()["number"]
    sign_in(Role.ACCEPTOR)
    case = client.get(f"/api/cases/{number}").json()
    assert case["description"] == body()["description"]
    assert [s["move"] for s in case["history"]] == ["report"]
    assert case["history"][0]["data"]["written_at"].startswith("2026-11-18T02:00:00")
    moves = {m["move"]: m for m in case["moves"]}
    assert set(moves) == {"refuse", "order_verification", "register", "withdraw", "merge"}
    assert moves["register"]["blocked_by_zh"] is None
    assert moves["order_verification"]["blocked_by_en"].startswith("Only a report that")
    assert case["proposal"]["rule"] == rule
    assert case["lamp_zh"] == "未设时限"


@pytest.mark.parametrize("number", ["110101001-261118-9999", "x", "110101001-261118-0001%00"])
def test_a_case_that_is_not_there_is_not_found(
    client: TestClient, sign_in: SignIn, number: str
) -> None:
    sign_in(Role.ACCEPTOR)
    assert client.get(f"/api/cases/{number}").status_code == 404
    answer = client.post(f"/api/cases/{number}/moves", json={"move": "register", "version": 1})
    assert answer.status_code == 404


def test_a_case_of_another_area_is_not_found(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    number = post(client).json()["number"]
    sign_in(Role.ACCEPTOR, area_code="110102")
    assert client.get(f"/api/cases/{number}").status_code == 404


def test_a_case_goes_from_report_to_closed_over_http(
    client: TestClient, sign_in: SignIn, site: Engine
) -> None:
    today = datetime.now(UTC)
    with site.begin() as conn:
        department = make.make_department(conn)
        make.make_dispatch_rule(conn, department_id=department)
        walker = make.make_person(conn, roles=(Role.SUPERVISOR,), cells=(make.grid_code(),))
        shift = make.make_shift(conn, starts=time(0), ends=time(0))
        for day in (-1, 0, 1):
            on: date = (today + timedelta(days=day)).date()
            make.put_on_duty(conn, walker, day=on, shift_id=shift)
        photo_of_check = make.make_file(conn)
    sign_in(person_id=walker)
    number = post(client).json()["number"]

    def move(what: str, version: int, **fields: Any) -> Any:
        return client.post(
            f"/api/cases/{number}/moves",
            json={"move": what, "version": version, "fields": fields},
            headers={"Idempotency-Key": f"{what}-{version}"},
        )

    sign_in(Role.ACCEPTOR)
    assert move("register", 1).json()["state"] == "PENDING_FILING"
    assert move("register", 1).json()["version"] == 2, "a repeat with its key moves nothing"
    sign_in(Role.SHIFT_LEADER)
    stale = move("file", 1, condition=1)
    assert stale.status_code == 409 and "version 1, now 2" in stale.json()["message"]
    filed = move("file", 2, condition=1)
    assert filed.json()["due_at"] is not None
    sign_in(Role.DISPATCHER)
    refused = move("dispatch", 3)
    assert refused.status_code == 422 and refused.json()["faults"][0]["field"] == "department"
    assert move("dispatch", 3, department=department).status_code == 200
    sign_in(Role.HANDLER, department_id=department)
    assert move("take_up", 4).status_code == 200
    with site.begin() as conn:
        photo_of_work = make.make_file(conn)
    done = move("report_done", 5, text="清理完毕", photo=[photo_of_work])
    assert done.json()["timing"] == "in_time"
    sign_in(Role.ACCEPTOR)
    assert move("order_check", 6).json()["state"] == "CHECKING"
    sign_in(person_id=walker)
    queue = client.get("/api/cases?queue=checking").json()["cases"]
    assert [c["number"] for c in queue] == [number]
    assert move("check_passed", 7, photo=[photo_of_check]).status_code == 200
    sign_in(Role.SHIFT_LEADER)
    closed = move("close", 8, condition=1).json()
    assert (closed["state"], closed["open"], closed["version"]) == ("CLOSED", False, 9)


def test_classes_are_found_by_words_in_both_languages(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SUPERVISOR)
    every = client.get("/api/classes").json()
    assert every["edition"] == "2013"
    assert {c["kind"] for c in every["classes"]} == {"component", "event"}
    assert not [c for c in every["classes"] if not c["name_zh"]]
    assert client.get("/api/classes?q=%00refuse&kind=event").json()["classes"]
    found = client.get("/api/classes", params={"kind": "event", "q": "暴露垃圾"}).json()["classes"]
    assert [c["code"] for c in found] == ["0110"]
    assert client.get("/api/classes?kind=ghost").status_code == 422


def test_a_point_is_located_with_names_and_the_nearest_component(
    client: TestClient, sign_in: SignIn, site: Engine
) -> None:
    lon, lat = make.middle()
    with site.begin() as conn:
        make.make_component(conn, lon=lon + 0.0001, lat=lat)
    sign_in(Role.SUPERVISOR)
    spot = client.get(f"/api/locate?lon={lon}&lat={lat}").json()
    assert spot["grid_code"] == make.grid_code()
    assert (spot["street_en"], spot["district_zh"]) == ("Donghuamen Street", "东城区")
    assert spot["component_class"] == "0101" and spot["component_zh"] == "上水井盖"
    assert spot["component_distance_m"] == pytest.approx(8.5, abs=0.2)
    sign_in(Role.SUPERVISOR, area_code="110101009")
    elsewhere = client.get(f"/api/locate?lon={lon}&lat={lat}").json()
    assert elsewhere["grid_code"] == make.grid_code() and elsewhere["component_code"] is None
    sign_in(Role.SUPERVISOR)
    none = client.get(f"/api/locate?lon={lon}&lat={lat}&class_code=0102").json()
    assert none["component_code"] is None
    outside = client.get("/api/locate?lon=100.5&lat=20")
    assert outside.status_code == 422 and "100.5" in outside.json()["message"]
    for query in ("", "lon=nan&lat=1", "lon=999&lat=1", "lon=a&lat=b"):
        assert client.get(f"/api/locate?{query}").status_code == 422
