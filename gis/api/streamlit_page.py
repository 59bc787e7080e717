"""
Streamlit's page as we hand it out: it knows its server, and what our pages need is on its way.

By itself it first asks two addresses below the page's own and learns from two 404 that its server
is one step higher; and it asks for its parts one after the other, each when it is wanted.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

TOLD = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin }</script>"
"""Pages are served from the root. Their settings are still asked there: the answer brings the
cookie that uploads need."""
NEEDED = ("Html", "PageLink", "ButtonGroup", "BidiComponent", "ComponentInstance")
"""Parts that the menu, the style and the map of nearly every page want."""
_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


def static_folder() -> Path:
    """Where Streamlit keeps its page and what the page loads."""
    spec = find_spec("streamlit")
    if spec is None or not spec.submodule_search_locations:
        msg = "streamlit is not installed"
        raise RuntimeError(msg)
    return Path(spec.submodule_search_locations[0]) / "static"


def _add_wanted(folder: Path, name: str, page: str, found: dict[str, None]) -> None:
    """A module that the page does not name yet and what it imports, once each, into `found`."""
    if name in found or name in page:
        return
    found[name] = None
    for other in _IMPORTED.findall((folder / name).read_text("utf-8")):
        _add_wanted(folder, other, page, found)


def _preloads(page: str, folder: Path) -> str:
    """Links to what `NEEDED` brings along."""
    found: dict[str, None] = {}
    for part in NEEDED:
        for file in sorted(folder.glob(f"{part}.*.js")):
            _add_wanted(folder, file.name, page, found)
    links = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in found)
    return "".join(links)


@cache
def page_text() -> str:
    """The page that every address of a page answers."""
    static = static_folder()
    page = (static / "index.html").read_text("utf-8")
    told = page.replace("<script", TOLD + "<script", 1)
    return told.replace("</head>", _preloads(page, static / "static" / "js") + "</head>", 1)


async def _page(_request: Request) -> Response:
    return HTMLResponse(page_text(), headers={"Cache-Control": "no-cache"})


def page_routes(addresses: Iterable[str]) -> list[Route]:
    """The routes of pages, given without their leading slash."""
    return [Route(f"/{address}", _page, methods=["GET"]) for address in sorted(addresses)]
