"""The page of the log form and what a phone keeps of it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api import assets, log_page
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.cases.fieldwork.screen import WORDS as WORK_WORDS
from gis.cases.fieldwork.screen import words_in as work_words
from gis.cases.log_screen import WORDS, words_in
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests.factories import grid_code, make_case, make_cell, make_person, middle

ZH = {"Accept-Language": "zh-CN"}


@pytest.fixture
def site(fresh_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    close_runtime()
    engine = make_engine(fresh_database.app_url, pool_size=2)
    with engine.begin() as conn:
        make_cell(conn)
        make_cell(conn, 1)
    yield engine
    engine.dispose()
    close_runtime()


@pytest.fixture
def client(site: Engine) -> Iterator[TestClient]:
    app = Starlette(
        routes=[*assets.routes, *log_page.routes],
        middleware=[Middleware(Gate, sessions=SessionReader(fresh_seconds=0))],
        exception_handlers=HANDLERS,
    )
    with TestClient(app, follow_redirects=False) as made:
        yield made


def sign_in(client: TestClient, conn: Connection, role: Role, area_code: str = "110101") -> None:
    person_id = make_person(conn, roles=(role,), area_code=area_code)
    token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
    client.cookies.set(COOKIE, token)


@pytest.fixture
def supervisor(client: TestClient, site: Engine) -> TestClient:
    with site.begin() as conn:
        sign_in(client, conn, Role.SUPERVISOR, grid_code())
    return client


def settings_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found.group(1))


def test_the_page_speaks_the_language_of_the_phone(supervisor: TestClient) -> None:
    zh, en = supervisor.get("/log/phone", headers=ZH), supervisor.get("/log/phone")
    assert '<html lang="zh-CN">' in zh.text
    assert settings_of(zh.text)["words"] == words_in("zh-CN")
    assert zh.headers["cache-control"] == "no-store"
    assert "案卷上报" in zh.text
    assert en.status_code == 200


def test_every_word_of_the_form_has_a_chinese_one() -> None:
    assert {name: text for name, text in words_in("zh-CN").items() if text == WORDS[name]} == {}


def test_the_settings_inside_the_page_cannot_end_their_script(supervisor: TestClient) -> None:
    page = supervisor.get("/log/phone").text
    inside = page.split('id="config">', 1)[1].split("</script>", 1)[0]
    assert "<" not in inside


def test_the_map_opens_over_the_cells_of_the_post(supervisor: TestClient) -> None:
    shown = supervisor.get("/log/config").json()["map"]
    (south, west), (north, east) = shown["bounds"]
    lon, lat = middle()
    assert west < lon < east
    assert south < lat < north
    assert east - west == pytest.approx(0.001)
    assert {"grids", "roads"} <= {layer["name"] for layer in shown["layers"]}


def test_the_page_of_tasks_holds_words_and_nothing_of_a_person_or_a_case(
    supervisor: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        make_case(conn, state="CHECKING", description="门前垃圾")
        name = conn.execute(text("SELECT name FROM person ORDER BY id DESC LIMIT 1")).scalar_one()
        conn.execute(text("UPDATE cases SET supervisor_id = (SELECT max(id) FROM person)"))
    page = supervisor.get("/log/work", headers=ZH)
    assert settings_of(page.text)["words"] == work_words("zh-CN")
    assert "我的任务" in page.text
    assert "门前垃圾" not in page.text and name not in page.text
    other = supervisor.get("/log/phone", headers=ZH)
    assert 'href="/log/phone"' in page.text and 'href="/log/work"' in other.text


def test_every_module_a_page_needs_is_named_in_it_so_that_they_load_side_by_side(
    supervisor: TestClient,
) -> None:
    for address in ("/log/phone", "/log/work"):
        page = supervisor.get(address).text
        named = set(re.findall(r'modulepreload" href="[^"]*/([\w.]+)"', page))
        for name in named:
            source = supervisor.get(f"{log_page.app_root()}/{name}").text
            assert set(re.findall(r"from '\./([\w.]+)'", source)) <= named, name


def test_every_word_of_the_page_of_tasks_has_a_chinese_one() -> None:
    english = {**WORDS, **WORK_WORDS}
    assert {n: t for n, t in work_words("zh-CN").items() if t == english[n]} == {}


def test_whoever_may_not_log_cases_gets_no_form(client: TestClient, site: Engine) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.PLANNER)
    assert client.get("/log/phone").status_code == 403
    assert client.get("/log/config").status_code == 403


def test_a_stranger_is_sent_to_the_sign_in_and_back(client: TestClient) -> None:
    answer = client.get("/log/phone", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/auth/sign-in?next=/log/phone"
    assert client.get("/log/sw.js").status_code == 401


def test_the_worker_keeps_files_that_exist_and_nothing_about_the_city(
    supervisor: TestClient,
) -> None:
    worker = supervisor.get("/log/sw.js")
    assert worker.headers["service-worker-allowed"] == "/log"
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
    files = json.loads(worker.text.splitlines()[1].removeprefix("const FILES = ").rstrip(";"))
    assert any(name.endswith("/phone.js") for name in files)
    assert any(name.endswith("/work.js") for name in files)
    assert not any(".woff2" in name for name in files), "fonts would fill a bad connection"
    for name in files:
        assert name.startswith((log_page.app_root(), "/assets/")), name
        answer = supervisor.get(name)
        assert answer.status_code == 200, name
    for data in ("/api/", "/tiles/", "/files/"):
        assert not any(name.startswith(data) for name in files)


def test_a_file_is_kept_for_ever_under_its_version_and_absent_under_another(
    supervisor: TestClient,
) -> None:
    answer = supervisor.get(f"{log_page.app_root()}/main.js")
    assert "immutable" in answer.headers["cache-control"]
    assert supervisor.get("/log/app/000000000000/main.js").status_code == 404
    assert supervisor.get(f"{log_page.app_root()}/..%2fcomponent.js").status_code == 404


def test_modules_import_only_modules_that_are_served(supervisor: TestClient) -> None:
    for name in ("main.js", "form.js", "parts.js", "phone.js", "work.js", "work_page.js"):
        text = supervisor.get(f"{log_page.app_root()}/{name}").text
        for other in re.findall(r"from '\./([\w.]+)'", text):
            assert supervisor.get(f"{log_page.app_root()}/{other}").status_code == 200


def test_a_grid_code_answers_a_point_inside_it_and_only_in_ones_area(
    supervisor: TestClient,
) -> None:
    found = supervisor.get(f"/log/cell/{grid_code()}").json()
    lon, lat = middle()
    assert found["lon"] == pytest.approx(lon, abs=0.0005)
    assert found["lat"] == pytest.approx(lat, abs=0.0005)
    for code in (grid_code(1), "999999999999999", "x"):
        answer = supervisor.get(f"/log/cell/{code}", headers=ZH)
        assert answer.status_code == 404
        assert answer.json()["message"]


def test_a_district_without_grids_has_a_form_without_a_map(
    client: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        sign_in(client, conn, Role.ACCEPTOR)  # the areas of the factories have no outline
    assert client.get("/log/config").json()["map"]["bounds"] is None
