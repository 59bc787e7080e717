"""Addresses of nothing answer 404, to people in words; every page and file answers itself."""

from collections.abc import Callable
from unittest.mock import MagicMock

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette import starlette_app

from gis.accounts.model import Role
from gis.api.errors import HANDLERS, HTTP_WORDS
from gis.api.nothing_here import NothingHere, is_for_everything
from gis.api.routes import served
from gis.api.streamlit_page import TOLD, static_folder
from gis.ui.page_table import ADDRESSES

HTML = {"Accept": "text/html"}
STATIC = static_folder()
SCRIPT = next((STATIC / "static" / "js").glob("index.*.js")).relative_to(STATIC).as_posix()


@pytest.fixture
def person(web: TestClient, sign_in_as: Callable[..., int]) -> TestClient:
    """The client of somebody who is signed in."""
    sign_in_as(Role.PLANNER)
    return web


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "该地址没有内容"), ("en", "There is nothing at this address.")],
)
def test_a_person_reads_that_nothing_is_there(
    person: TestClient, language: str, words: str
) -> None:
    for path in ["/nonsense", "/map/nonsense", "/index.html", "/<script>alert(1)</script>"]:
        answer = person.get(path, headers={**HTML, "Accept-Language": language})
        assert answer.status_code == 404
        assert words in answer.text and "<script>" not in answer.text
        assert 'href="/"' in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_program_is_told_so_in_json(person: TestClient, method: str) -> None:
    wrong = [
        "/nonsense", "/map/nonsense", "/api/nonsense", "/tiles/grids/12/1", "/tiles", "/index.html",
        "/static/js/nonsense.js", "/static", "/_stcore", "/_stcore/nonsense", "/auth/nonsense",
        "/assets", "/favicon.ico", "/manifest", "/app/static/x", "/oauth2callback",
    ]  # fmt: skip
    answers = {path: person.request(method, path) for path in wrong}
    assert [path for path, answer in answers.items() if answer.status_code != 404] == []
    if method != "HEAD":
        told = {"error": "http_404", "message": HTTP_WORDS[404], "faults": []}
        assert [path for path, answer in answers.items() if answer.json() != told] == []


def test_a_stranger_finds_nothing_where_strangers_may_ask(web: TestClient) -> None:
    for path in ["/static/js/nonsense.js", "/auth/nonsense", "/robots.txt", "/favicon.ico"]:
        assert web.get(path, headers=HTML).status_code == 404, path


def test_every_page_answers_whatever_follows_its_address(person: TestClient) -> None:
    for address in sorted(ADDRESSES):
        for asked in (f"/{address}", f"/{address}?layers=grids&z=14"):
            answer = person.get(asked, headers=HTML)
            assert answer.status_code == 200 and TOLD in answer.text, asked
        assert person.head(f"/{address}").status_code == 200


def test_an_address_with_a_slash_too_many_leads_to_the_one_without(person: TestClient) -> None:
    for address in sorted(ADDRESSES - {""}):
        sent_on = person.get(f"/{address}/?z=14", headers=HTML)
        assert (sent_on.status_code, sent_on.headers["location"]) == (301, f"/{address}?z=14")
    assert person.get("/nonsense/", follow_redirects=True).status_code == 404


def test_streamlit_s_files_answer_as_they_are(web: TestClient, person: TestClient) -> None:
    for path in ["manifest.json", SCRIPT]:
        answer = person.get(f"/{path}")
        assert answer.status_code == 200
        assert answer.content == (STATIC / path).read_bytes()
    assert person.get("/favicon.png").headers["content-type"] == "image/png"
    web.cookies.clear()
    assert web.get(f"/{SCRIPT}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/body", {"POST"}),
        ("GET", "/auth/sign-out", {"POST"}),
        ("POST", "/map", {"GET", "HEAD"}),
        ("DELETE", "/api/me", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    person: TestClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = person.request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed
    assert answer.json()["message"] == HTTP_WORDS[405]


def test_what_streamlit_answers_itself_is_left_to_it() -> None:
    *own, last = starlette_app.create_streamlit_routes(MagicMock())
    assert [route for route in (*own, last) if is_for_everything(route)] == [last]

    async def streamlit(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("streamlit")

    asked = [
        (route.path.replace("{", "").replace("}", ""), method, route)
        for route in own
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]
    assert {"/_stcore/host-config", "/media/file_id:path", "/component/path:path"} <= {
        path for path, *_ in asked
    }
    stand_ins = [Route(r.path, streamlit, methods=[method]) for _, method, r in asked]
    client = TestClient(
        Starlette(routes=[*served(ADDRESSES), *stand_ins, last], exception_handlers=HANDLERS)
    )
    for path, method, _ in asked:
        answer = client.request(method, path)
        assert answer.status_code == 200, (method, path)
        assert answer.text == ("" if method == "HEAD" else "streamlit"), (method, path)
    assert client.get("/_stcore/nonsense").json()["error"] == "http_404"


def test_the_websocket_goes_past_it() -> None:
    *_, last = served(ADDRESSES)
    assert isinstance(last, NothingHere)
    match, _ = last.matches({"type": "websocket", "path": "/_stcore/stream"})
    assert match is Match.NONE
