"""The gate: who comes in, from where, with how much, and what every answer carries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE
from gis.api import policies
from gis.api.gate import BODY_MOST, is_public
from gis.api.routes import routes
from gis.runtime import close_runtime

HERE, ELSEWHERE = "http://127.0.0.1", "http://evil.example"
STREAM = "ws://127.0.0.1/_stcore/stream"
HTML = {"Accept": "text/html,application/xhtml+xml"}

SignIn = Callable[..., int]


def _example(route: BaseRoute) -> str:
    """A path that fits the route."""
    path = str(getattr(route, "path", ""))
    return (
        path.replace("{layer}/{z}/{x}/{y}", "grids/12/3372/1552").replace("{", "").replace("}", "")
    )


@pytest.mark.parametrize(
    "path", ["/", "/map", "/_stcore/health", "/_stcore/metrics", "/media/x", "/component/x"]
)
def test_a_stranger_gets_no_page_of_streamlit(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed_out"


def test_a_stranger_s_browser_is_sent_to_sign_in_and_back(web: TestClient) -> None:
    answer = web.get("/map?layers=grids&z=14", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/auth/sign-in?next=/map%3Flayers%3Dgrids%26z%3D14"


def test_every_route_that_is_not_public_refuses_strangers(web: TestClient) -> None:
    opened = []
    for route in (r for r in routes if isinstance(r, Route)):
        path = _example(route)
        for method in (route.methods or set()) - {"HEAD"}:
            status = web.request(method, path).status_code
            if status != 401 and not is_public(path):
                opened.append((method, path, status))
    assert not opened


@pytest.mark.parametrize(
    "path", ["/auth/sign-in", "/auth/sign-in.css", "/healthz", "/favicon.png", "/assets/nothing.js"]
)
def test_what_strangers_need_is_open(web: TestClient, path: str) -> None:
    assert web.get(path).status_code in {200, 404}


@pytest.mark.parametrize("path", ["/authx", "/auth", "/healthz/x", "/assets", "//auth/sign-in"])
def test_what_only_looks_public_is_not(web: TestClient, path: str) -> None:
    assert not is_public(path)


@pytest.mark.parametrize("path", ["/auth/../map", "/assets/../../etc/passwd", "/static/%2e%2e/map"])
def test_a_public_prefix_does_not_lead_elsewhere(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code in {401, 404}
    assert "page" not in answer.text.split()


def test_the_websocket_is_refused_before_it_is_accepted(web: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, web.websocket_connect(STREAM):
        pass
    assert refused.value.code == 1008


def test_the_websocket_opens_with_a_session(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    with web.websocket_connect(STREAM, headers={"Origin": HERE}) as socket:
        assert socket.receive_text() == "hello"


def test_the_websocket_refuses_another_site_even_with_a_session(
    web: TestClient, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.PLANNER)
    with (
        pytest.raises(WebSocketDisconnect),
        web.websocket_connect(STREAM, headers={"Origin": ELSEWHERE}),
    ):
        pass


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": ELSEWHERE}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_post_must_come_from_our_own_pages(
    web: TestClient, sign_in_as: SignIn, headers: dict[str, str], status: int
) -> None:
    sign_in_as(Role.PLANNER)
    assert web.post("/api/body", content=b"x", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/demo", "/auth/sign-out", "/auth/locale"])
def test_no_other_site_signs_anybody_in_or_out(web: TestClient, path: str) -> None:
    assert web.post(path, data={"login": "x"}, headers={"Origin": ELSEWHERE}).status_code == 403


def test_a_body_that_is_announced_too_large_is_refused(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    assert web.post("/api/body", content=b"x" * BODY_MOST).status_code == 200
    answer = web.post("/api/body", content=b"x" * (BODY_MOST + 1))
    assert answer.status_code == 413
    assert str(BODY_MOST) in answer.json()["message"]


def test_a_body_without_a_length_is_counted(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    chunks = (b"x" * 65_536 for _ in range(20))
    assert web.post("/api/body", content=chunks).status_code == 413


@pytest.mark.parametrize("path", ["/", "/auth/sign-in", "/healthz", "/api/me", "/assets/x"])
def test_every_answer_carries_the_security_headers(web: TestClient, path: str) -> None:
    headers = web.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert "camera=(self)" in headers["permissions-policy"]
    assert "default-src" in headers["content-security-policy"]
    assert "frame-ancestors" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]  # no address outside


def test_the_sign_in_page_allows_no_script(web: TestClient) -> None:
    answer = web.get("/auth/sign-in")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_tls_is_remembered_only_where_there_is_tls(web: TestClient) -> None:
    assert "strict-transport-security" not in web.get("/healthz").headers
    secure = web.get("https://127.0.0.1/healthz")
    assert "max-age" in secure.headers["strict-transport-security"]


def test_an_unexpected_error_shows_a_reference_and_nothing_else(
    web: TestClient, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get("/api/boom")
    assert answer.status_code == 500
    assert answer.json()["error"] == "unexpected"
    assert answer.json()["reference"] in answer.json()["message"]
    assert "secret" not in answer.text


def _me(web: TestClient) -> int:
    return web.get("/api/me").status_code


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE web_session SET revoked_at = now()",
        "UPDATE web_session SET last_seen_at = now() - interval '31 minutes'",
        "UPDATE web_session SET expires_at = now() - interval '1 second'",
        "UPDATE person SET active = false",
        "DELETE FROM web_session",
    ],
)
def test_a_session_that_ended_opens_nothing_any_more(
    web: TestClient, sign_in_as: SignIn, web_database: Engine, change: str
) -> None:
    sign_in_as(Role.PLANNER)
    assert _me(web) == 200
    with web_database.begin() as conn:
        conn.execute(text(change))
    assert _me(web) == 401
    with pytest.raises(WebSocketDisconnect), web.websocket_connect(STREAM):
        pass


def test_a_post_that_ended_takes_its_rights_with_it(
    web: TestClient, sign_in_as: SignIn, web_database: Engine
) -> None:
    sign_in_as(Role.PLANNER)
    assert "view_map" in web.get("/api/me").json()["permissions"]
    with web_database.begin() as conn:
        conn.execute(text("UPDATE post SET valid_to = '2026-01-01'"))
    assert web.get("/api/me").json()["permissions"] == []


def test_using_a_session_moves_its_idle_end(
    web: TestClient, sign_in_as: SignIn, web_database: Engine
) -> None:
    sign_in_as(Role.PLANNER)
    with web_database.begin() as conn:
        conn.execute(text("UPDATE web_session SET last_seen_at = now() - interval '29 minutes'"))
    assert _me(web) == 200
    with web_database.begin() as conn:
        silent = conn.execute(text("SELECT now() - last_seen_at FROM web_session")).scalar_one()
    assert silent < timedelta(minutes=1)


def test_the_policy_of_pages_allows_no_text_to_become_a_script() -> None:
    script = next(p for p in policies.STREAMLIT.split("; ") if p.startswith("script-src"))
    assert "'unsafe-inline'" not in script
    assert "'unsafe-eval'" not in script
    assert script.count("'sha256-") == 2  # Streamlit's own inline script, and where its server is


def test_only_the_map_s_frame_may_evaluate_its_script() -> None:
    lax = [
        prefix
        for prefix in ("/", "/auth/sign-in", "/files/x", "/component/x", "/log/phone", "/print/x")
        if "unsafe-eval" in policies.policy_of(prefix)
    ]
    assert lax == ["/component/x"]


def test_a_person_reads_a_page_where_a_program_reads_json(
    web: TestClient, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.SUPERVISOR)
    path = "/print/case/110101001-261122-9999"
    page, data = web.get(path, headers=HTML), web.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert page.status_code == data.status_code == 404
    assert data.json()["message"] in page.text.replace("&#x27;", "'")
    assert "script" not in page.headers["content-security-policy"]


def test_without_the_database_a_person_reads_a_sentence(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    close_runtime()
    web.cookies.set(COOKIE, "some-token", domain="127.0.0.1")
    answer = web.get("/map", headers={**HTML, "Accept-Language": "zh-CN"})
    assert answer.status_code == 503
    assert '<html lang="zh-CN">' in answer.text
    assert "数据库" in answer.text
    assert web.get("/api/me").json()["error"] == "unavailable"


def test_what_breaks_is_shown_to_people_with_a_reference_only(
    web: TestClient, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get("/boom", headers=HTML)
    assert answer.status_code == 500
    assert "Reference: " in answer.text
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
