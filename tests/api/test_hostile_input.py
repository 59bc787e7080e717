"""What no form of ours would send: every answer is a clear refusal, never an error of ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.routes import resources, routes
from gis.api.session import SessionReader
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests import factories as make

NUL = "%00"
LONG = "9" * 10_000
HALF = "%ED%A0%80"
"""The UTF-8 of half a surrogate pair, which is no character."""
FAR = "2020-01-01T00:00:00+23:59"
"""A moment that Python reads and PostgreSQL refuses: no zone is a day away."""
SHA = "0" * 64


def assert_refused_in_words(answer: Any) -> None:
    """A refusal with a sentence; a reference number would mean that nobody thought of it."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    said = answer.json()
    assert said["error"] and said["message"] and "reference" not in said


@pytest.fixture(scope="module")
def site(
    module_database: ClusterUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One process and one database for all of these: what is refused leaves nothing behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", module_database.app_url)
        patch.setenv("WANMI_HOME", str(tmp_path_factory.mktemp("home")))
        close_runtime()
        engine = make_engine(module_database.app_url, pool_size=2)
        with engine.begin() as conn:
            make.make_cell(conn)
        yield engine
        engine.dispose()
        close_runtime()


@pytest.fixture(scope="module")
def stranger(site: Engine) -> Iterator[TestClient]:
    """A client on this machine that nobody is signed in with."""
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Gate, sessions=SessionReader())],
        exception_handlers=HANDLERS,
        lifespan=resources,
    )
    with TestClient(
        app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000), follow_redirects=False,
        raise_server_exceptions=False, headers={"Accept-Language": "en"},
    ) as client:  # fmt: skip
        yield client


@pytest.fixture(scope="module")
def person(site: Engine) -> int:
    """Somebody who may do what any of these roles may."""
    with site.begin() as conn:
        return make.make_person(
            conn,
            roles=(
                Role.SUPERVISOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.HANDLER,
                Role.PLANNER, Role.MANAGER,
            ),
        )  # fmt: skip


@pytest.fixture
def web(site: Engine, stranger: TestClient, person: int) -> Iterator[TestClient]:
    """The client, signed in."""
    with site.begin() as conn:
        token, _ = open_session(conn, person_id=person, now=datetime.now(UTC))
    stranger.cookies.set(COOKIE, token, domain="127.0.0.1")
    yield stranger
    stranger.cookies.clear()


@pytest.mark.parametrize(
    "path",
    [
        f"/api/cases?queue={NUL}",
        f"/api/cases?queue={LONG}",
        f"/api/cases?queue={HALF}",
        "/api/cases?queue=acceptance&limit=-1",
        "/api/cases?queue=acceptance&limit=1e3",
        "/api/cases?queue=acceptance&limit=٣",
        f"/api/cases?queue=acceptance&limit={LONG}",
        f"/api/cases?queue=acceptance&after={quote(f'~2020-01-01T00:00:00+00:00~{LONG}')}",
        f"/api/cases?queue=acceptance&after={NUL}~{NUL}~1",
        f"/api/cases?queue=acceptance&after={quote('~0001-01-01T00:00:00+23:59~1')}",
        f"/api/cases/{NUL}",
        f"/api/cases/{LONG}",
        f"/api/cases/{HALF}",
        "/api/cases/110101001-261118-٠٠٠١",
        "/api/cases/'%20OR%201=1%20--",
        f"/api/classes?kind={NUL}",
        "/api/locate",
        "/api/locate?lon=1e400&lat=1",
        "/api/locate?lon=-inf&lat=1",
        "/api/locate?lon=116.4&lat=nan",
        f"/api/locate?lon=116.4&lat={NUL}",
        f"/api/locate?lon={LONG}&lat=1",
        "/api/locate?lon=0&lat=0",
        "/api/locate?lon=-63.6&lat=0&accuracy_m=500",
        "/api/locate?lon=27&lat=0&accuracy_m=500",
        "/api/locate?lon=180&lat=90&accuracy_m=500",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=0&lat=86",
        f"/api/cases/{NUL}/tasks",
        f"/api/cases/{LONG}/tasks",
        f"/files/{NUL}",
        f"/files/{SHA[:-1]}{NUL}",
        f"/files/{SHA}",
        f"/files/{LONG}",
        "/files/..%2f..%2fetc%2fpasswd",
        f"/tiles/{NUL}/12/1/1",
        "/tiles/person/12/1/1",
        "/tiles/grids/12/1/-1",
        "/tiles/grids/12/1/4096",
        "/tiles/grids/12/1/٣",
        "/tiles/grids/99999999/0/0",
        f"/tiles/grids/12/1/{LONG}",
        f"/log/cell/{NUL}",
        f"/log/cell/{LONG}",
        f"/log/cell/{HALF}",
        f"/log/app/{NUL}/phone.js",
        "/log/app/1/..%2f..%2fworker.js",
        f"/map/suggest?q={LONG}",
        f"/map/feature?layer={NUL}&source=grid&id=1",
        f"/map/feature?layer=grids&source={LONG}&id=1",
        f"/map/feature?layer=grids&source={NUL}&id=1",
        f"/map/feature?layer=grids&source={HALF}&id=1",
        f"/map/feature?layer=grids&source=grid&id={LONG}",
        "/map/feature?layer=grids&source=grid&id=٣",
        "/map/feature?layer=grids&source=grid&id=999999999999999999",
        "/map/feature?layer=grids&source=grid' OR 1=1 --&id=1",
        f"/map/grid?code={NUL}",
        f"/map/grid?code={LONG}",
        f"/map/grid?code={HALF}",
        "/map/grid?lon=1e400&lat=1",
        "/map/grid?lon=116.4&lat=nan",
        "/map/grid?lon=116.4",
        f"/map/counts?bbox={NUL}&layers=grids",
        f"/map/counts?bbox={LONG}&layers=grids",
        f"/map/counts?bbox=1,2,3,4&layers={NUL}",
        f"/map/counts?bbox=1,2,3,4&layers={','.join('abcdefgh')}",
        f"/map/counts?bbox={quote('nan,nan,nan,nan')}&layers=grids",
        f"/map/case-days?days={LONG}&level=3",
        f"/map/case-days?days=90&level={NUL}",
        f"/map/changes?since={NUL}",
        f"/map/changes?since={LONG}",
        f"/map/changes?since={HALF}",
        "/map/selection",
        f"/print/case/{NUL}",
        f"/print/case/{LONG}",
        f"/assets/{NUL}",
        "/assets/%2e%2e/%2e%2e/config.py",
        f"/assets/{LONG}",
    ],
)
def test_addresses_that_nobody_links_are_refused(web: TestClient, path: str) -> None:
    assert_refused_in_words(web.get(path))


@pytest.mark.parametrize(
    "path",
    [
        f"/api/classes?q={NUL}{LONG}",
        "/api/classes?q=%25_%5C'",
        f"/api/locate?lon={make.middle()[0]}&lat={make.middle()[1]}&class_code={NUL}",
        f"/api/cases?queue=acceptance&after={quote('~0001-01-01T00:00:00+00:00~1')}",
        f"/api/cases?queue=acceptance&after={quote(f'{FAR}~{FAR}~1')}",
        f"/api/cases?queue=my_reports&after={quote(f'{FAR}~1')}",
        "/api/cases?queue=acceptance&limit=99999",
        f"/api/cases?unknown={NUL}",
        f"/auth/sign-in?next={NUL}",
        f"/auth/sign-in?next={LONG}",
        f"/tiles/grids/12/3376/1551?v={NUL}",
        f"/map/suggest?q={NUL}{HALF}%25_%5C'",
        "/map/suggest?q=999999999999999999999999999999",
        "/map/suggest?q=-0,-0",
        "/map/grid?lon=-180&lat=90",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=-63.6&lat=0&text=a",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=-180&lat=-85",
        "/map/counts?bbox=-inf,-inf,inf,inf&layers=grids,grids,grids",
        f"/map/changes?unknown={NUL}",
        "/map/changes?since=999999999999999999-0",
    ],
)
def test_odd_addresses_that_mean_something_are_answered(web: TestClient, path: str) -> None:
    assert web.get(path).status_code < 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PURGE"])
@pytest.mark.parametrize("path", ["/api/cases", "/api/files", f"/files/{SHA}", "/api/me"])
def test_methods_that_an_address_does_not_take_are_refused(
    web: TestClient, method: str, path: str
) -> None:
    assert_refused_in_words(web.request(method, path))


def report(web: TestClient, key: str = "k", **more: Any) -> Any:
    lon, lat = make.middle()
    body = {"kind": "event", "class_code": "0110", "description": "垃圾", "lon": lon, "lat": lat}
    return web.post("/api/cases", json={**body, **more}, headers={"Idempotency-Key": key})


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": "a\x00b"},
        {"description": "x" * 900_000},
        {"description": ["a"]},
        {"text": {"a": 1}},
        {"kind": ["event"]},
        {"kind": {"event": 1}},
        {"kind": 1},
        {"class_code": 110},
        {"class_code": "９"},
        {"class_code": "0" * 9},
        {"lon": "116.4"},
        {"lat": {}},
        {"lat": 91},
        {"accuracy_m": "near"},
        {"accuracy_m": 1e300},
        {"photos": [None]},
        {"photos": {"0": SHA}},
        {"photos": [SHA] * 1000},
        {"photos": [SHA.upper().replace("0", "A")]},
        {"self_handled": "yes"},
        {"self_handled": 1},
        {"grid_code": 7},
        {"client_time": 1_700_000_000},
        {"client_time": "9" * 5000},
        {"located_by": "gps\x00"},
        {"answers": {"\x00": True}},
        {"answers": {"unknown": "a\x00b"}},
        {"answers": ["a"]},
        {"cell_choice": "11\x00"},
        {"files": ["\x00"]},
        {"state": "CLOSED"},
        {"reporter_id": 1},
        {"\x00": 1},
    ],
)
def test_reports_of_wrong_types_are_refused_field_by_field(
    web: TestClient, site: Engine, wrong: dict[str, Any]
) -> None:
    answer = report(web, key="wrong", **wrong)
    assert_refused_in_words(answer)
    assert answer.status_code == 422 and answer.json()["faults"]
    with site.connect() as conn:
        kept = text("SELECT count(*) FROM idempotency_key WHERE key = 'wrong'")
        assert conn.execute(kept).scalar_one() == 0


@pytest.mark.parametrize(
    "raw",
    [
        b'{"lon": 1e999}',
        b'{"lon": -Infinity, "lat": 1}',
        b"\xff\xfe{}",
        b'{"description": "\\ud83d"}',
        b'{"kind": "event", "class_code": "0110", "lon": 116.4005, "lat": 39.9005, "text": "a",'
        b' "answers": {"a": NaN, "b": "\\ud83d"}}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"9" * 100_000,
        b"lon=116.4&lat=39.9",
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/cases", "/api/cases/110101001-261118-0001/moves", "/map/selection"]
)
def test_bodies_that_are_no_report_are_refused(web: TestClient, raw: bytes, path: str) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", "x/\xff"):
        headers = {"Idempotency-Key": "k", "Content-Type": kind.encode("latin-1")}
        assert_refused_in_words(web.post(path, content=raw, headers=headers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        [],
        "POLYGON EMPTY",
        {"type": "Polygon", "coordinates": [[[116.4, 39.9, 10**400], [1, 2], [3, 4]]] * 200},
        {"type": "Polygon", "coordinates": [[[10**400, 10**400], [1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": [[["\x00", "\x00"], [1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": {"0": [[1, 2], [3, 4], [5, 6]]}},
        {"type": ["Polygon"], "coordinates": [[[1, 2], [3, 4], [5, 7]]]},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_areas_that_no_hand_draws_are_refused(web: TestClient, geometry: Any) -> None:
    assert_refused_in_words(
        web.post("/map/selection", json={"layers": ["grids"], "geometry": geometry})
    )


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "\x85", "k" * 5000])
def test_keys_that_are_none_are_refused(web: TestClient, key: str) -> None:
    lon, lat = make.middle()
    body = {"kind": "event", "class_code": "0110", "description": "垃圾", "lon": lon, "lat": lat}
    headers = {"Idempotency-Key": key.encode("latin-1")}
    assert_refused_in_words(web.post("/api/cases", json=body, headers=headers))  # type: ignore[arg-type]


def test_the_same_numbers_in_another_form_are_the_same_report(web: TestClient) -> None:
    first = report(web, accuracy_m=9)
    assert first.status_code == 201
    again = report(web, accuracy_m=9.0)
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])


@pytest.fixture
def in_hand(person: int, site: Engine) -> dict[str, str]:
    """A case in each state that the hostile moves start from, handled by this person."""
    numbers = {}
    with site.begin() as conn:
        department = conn.execute(
            text("SELECT department_id FROM person WHERE id = :id"), {"id": person}
        ).scalar_one()
        for state in ("REPORTED", "PENDING_FILING", "PENDING_DISPATCH", "HANDLING", "CLOSED"):
            case_id = make.make_case(
                conn, state=state, class_code="0110", department_id=department,
                handler_id=person, due_at=datetime.now(UTC) + timedelta(days=3),
            )  # fmt: skip
            numbers[state] = conn.execute(
                text("SELECT number FROM cases WHERE id = :id"), {"id": case_id}
            ).scalar_one()
    return numbers


@pytest.mark.parametrize(
    ("state", "body"),
    [
        ("REPORTED", {}),
        ("REPORTED", {"move": None, "version": 1}),
        ("REPORTED", {"move": "fly", "version": 1}),
        ("REPORTED", {"move": "x\x00" * 100, "version": 1}),
        ("REPORTED", {"move": "register"}),
        ("REPORTED", {"move": "register", "version": "1"}),
        ("REPORTED", {"move": "register", "version": 1.0}),
        ("REPORTED", {"move": "register", "version": True}),
        ("REPORTED", {"move": "register", "version": 10**30}),
        ("REPORTED", {"move": "register", "version": -1}),
        ("REPORTED", {"move": "register", "version": 1, "fields": "text"}),
        ("REPORTED", {"move": "register", "version": 1, "fields": [1]}),
        ("REPORTED", {"move": "register", "version": 1, "fields": {"state": "CLOSED"}}),
        ("REPORTED", {"move": "register", "version": 1, "fields": {"\x00": 1}}),
        ("REPORTED", {"move": "report", "version": 1}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": "a\x00"}}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": "x" * 4001}}),
        ("REPORTED", {"move": "refuse", "version": 1, "fields": {"reason": 5}}),
        ("REPORTED", {"move": "merge", "version": 1, "fields": {"target_case": "\x00"}}),
        ("REPORTED", {"move": "merge", "version": 1, "fields": {"target_case": [1]}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": 10**17}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": "٣"}}),
        ("PENDING_FILING", {"move": "file", "version": 1, "fields": {"condition": 1.5}}),
        ("PENDING_DISPATCH", {"move": "dispatch", "version": 1,
                              "fields": {"department": 10**17, "reason": "so"}}),
        ("PENDING_DISPATCH", {"move": "dispatch", "version": 1,
                              "fields": {"department": {"id": 1}, "reason": "so"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": "9999-12-31"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": "0001-01-01"}}),
        ("HANDLING", {"move": "ask_extension", "version": 1,
                      "fields": {"reason": "so", "until": 5}}),
        ("HANDLING", {"move": "ask_suspension", "version": 1,
                      "fields": {"reason": "so", "resume_on": "9999-12-31",
                                 "evidence": [SHA]}}),
        ("HANDLING", {"move": "report_done", "version": 1,
                      "fields": {"text": "done", "photo": ["\x00" * 64]}}),
        ("HANDLING", {"move": "report_done", "version": 1,
                      "fields": {"text": "done", "photo": [SHA]}}),
        ("CLOSED", {"move": "reopen", "version": 1,
                    "fields": {"reason": "so", "supervisor": 10**17}}),
    ],
)  # fmt: skip
def test_moves_that_no_form_offers_are_refused_and_change_nothing(
    web: TestClient,
    site: Engine,
    in_hand: dict[str, str],
    state: str,
    body: dict[str, Any],
) -> None:
    assert_refused_in_words(web.post(f"/api/cases/{in_hand[state]}/moves", json=body))
    with site.connect() as conn:
        found = conn.execute(text("SELECT state, version FROM cases")).all()
    assert {(row.state, row.version) for row in found} == {(name, 1) for name in in_hand}


@pytest.mark.parametrize(
    "photo",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?php system($_GET['c']);",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 20,
    ],
)
def test_what_is_no_photo_is_refused(web: TestClient, photo: bytes) -> None:
    answer = web.post("/api/files", content=photo, headers={"Content-Type": "image/jpeg"})
    assert_refused_in_words(answer)
    assert answer.json()["faults"][0]["field"] == "photo"


def test_a_photo_wrapped_in_a_form_is_refused(web: TestClient) -> None:
    assert_refused_in_words(
        web.post("/api/files", files={"photo": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")})
    )


@pytest.mark.parametrize(
    "form",
    [
        {"login": "\x00", "password": "p"},
        {"login": "admin\x00", "password": "p\x00"},
        {"login": "x" * 100_000, "password": "y" * 100_000},
        {"login": "' OR 1=1 --", "password": ""},
        {"password": "p"},
        {},
    ],
)
def test_logins_that_nobody_has_are_refused_like_any_other(
    stranger: TestClient, form: dict[str, str]
) -> None:
    answer = stranger.post("/auth/sign-in", data=form)
    assert answer.status_code == 401
    assert "do not match" in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\nb\r\n--x--'),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
        ("application/x-www-form-urlencoded", b"login=%ED%A0%80&password=%FF"),
        ("text/plain", b"login=a"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/demo", "/auth/locale"])
def test_forms_that_no_browser_sends_are_no_error_of_ours(
    stranger: TestClient, path: str, kind: str, raw: bytes
) -> None:
    answer = stranger.post(path, content=raw, headers={"Content-Type": kind})
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("role", ["\x00", "system", "SUPERVISOR", "x" * 10_000, ""])
def test_demo_roles_that_are_none_are_refused(stranger: TestClient, role: str) -> None:
    assert_refused_in_words(stranger.post("/auth/demo", data={"role": role}))


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"{COOKIE}="},
        {"cookie": f"{COOKIE}=" + "x" * 5000},
        {"cookie": f"{COOKIE}=%00; {COOKIE}=; ;;;="},
        {"cookie": f'{COOKIE}="\\000"'},
        {"accept-language": "zz;q=x,,,;"},
        {"accept-language": "x" * 5000},
        {"content-length": "-1"},
    ],
)
def test_headers_of_strangers_are_answered_with_the_way_in(
    stranger: TestClient, headers: dict[str, str]
) -> None:
    answer = stranger.get("/api/me", headers=headers)
    assert_refused_in_words(answer)
    assert answer.status_code in (401, 413)


def test_a_session_opened_by_an_odd_browser_is_a_session(
    stranger: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        person_id = make.make_person(conn, roles=(Role.SUPERVISOR,))
        token, _ = open_session(
            conn, person_id=person_id, now=datetime.now(UTC), user_agent="\xff" * 1000
        )
    stranger.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert stranger.get("/api/me").status_code == 200
    stranger.cookies.clear()
