"""Addresses of nothing say so in the person's language; every page and route is let through."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from gis.api.known_pages import KnownPages
from gis.api.routes import routes
from gis.ui.page_table import ADDRESSES

HTML = {"Accept": "text/html"}


async def _streamlit(request: Request) -> PlainTextResponse:
    """Stands where Streamlit answers every address."""
    return PlainTextResponse(f"streamlit {request.url.path}")


@pytest.fixture(scope="module")
def browser() -> TestClient:
    """A browser before the real pages and the real routes."""
    known = Middleware(KnownPages, pages=ADDRESSES, routes=routes)
    return TestClient(Starlette(routes=[Route("/{path:path}", _streamlit)], middleware=[known]))


@pytest.mark.parametrize("path", ["/nonsense", "/map/nonsense", "/<script>alert(1)</script>"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "该地址没有内容"), ("en", "There is nothing at this address.")],
)
def test_an_unknown_address_says_so_in_the_person_s_language(
    browser: TestClient, path: str, language: str, words: str
) -> None:
    answer = browser.get(path, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == 404
    assert answer.headers["content-language"] == language
    assert words in answer.text and "<script>" not in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("page", sorted(ADDRESSES))
def test_every_page_is_let_through(browser: TestClient, page: str) -> None:
    for path in {f"/{page}", f"/{page}/".replace("//", "/")}:
        assert browser.get(path, headers=HTML).text == f"streamlit {path}"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health", "/component/streamlit_folium.st_folium/index.html", "/media/x.png",
        "/log/phone", "/print/case/110101001-261122-0007", "/auth/sign-in", "/favicon.png",
    ],
)  # fmt: skip
def test_what_is_no_page_but_ours_or_streamlit_s_is_let_through(
    browser: TestClient, path: str
) -> None:
    assert browser.get(path, headers=HTML).status_code == 200


def test_a_program_is_not_answered_with_a_page(browser: TestClient) -> None:
    answer = browser.get("/nonsense", headers={"Accept": "application/json"})
    assert answer.text == "streamlit /nonsense"
