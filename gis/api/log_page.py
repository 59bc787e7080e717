"""
The pages for the street and their files: what a phone keeps, so that they open without network.

`/log/phone` (the log form) and `/log/work` (a supervisor's tasks) are pages without Streamlit and
its websocket; the Streamlit page `/log` shows the same form from the same files. One service
worker answers them with the kept pages while there is no network. Kept are pages, scripts and
styles; nothing about the city. They use the device's own fonts: ours weigh 2.3 MB, which is
46 s of a bad connection.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gis.accounts.model import Actor, Permission, require
from gis.api.assets import DIST, FOREVER
from gis.api.errors import locale_of
from gis.api.session import actor_of
from gis.cases.fieldwork.screen import work_screen
from gis.cases.log_screen import ASSETS, log_screen
from gis.config import CHECKOUT
from gis.db.engine import transaction
from gis.errors import NotFound
from gis.grids.queries import cell_profile
from gis.i18n import N_
from gis.runtime import runtime

SOURCES = CHECKOUT / "gis" / "ui" / "log_case"
APP = "/log/app"
_IMPORTED = re.compile(r"from '\./([\w.]+)'")
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_NO_STORE = {"Cache-Control": "no-store"}


@cache
def _files() -> dict[str, Path]:
    """The form's own files by name."""
    return {p.name: p for p in sorted((SOURCES / "src").iterdir()) if p.suffix in _TYPES}


@cache
def version() -> str:
    """Changes with every file that the form's page loads."""
    digest = hashlib.sha256()
    manifest = DIST / "manifest.json"
    for path in (*_files().values(), SOURCES / "worker.js", manifest):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def app_root() -> str:
    """The address of the form's files in this version."""
    return f"{APP}/{version()}"


def kept_files() -> list[str]:
    """The addresses that the service worker keeps besides the page itself."""
    pictures = DIST / "images"
    markers = [f"/assets/images/{p.name}" for p in sorted(pictures.glob("marker-*.png"))]
    own = [f"{app_root()}/{name}" for name in _files()]
    return [*own, *ASSETS.values(), *markers]


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """The modules a script needs, itself first: named in the page, they load side by side."""
    found = [entry]
    for name in found:
        text = _files()[name].read_text(encoding="utf-8")
        found += [other for other in _IMPORTED.findall(text) if other not in found]
    return tuple(found)


def _screen(actor: Actor, locale: str) -> dict[str, Any]:
    require(actor, Permission.LOG_CASES)
    with transaction(runtime().engine) as conn:
        return log_screen(conn, actor=actor, locale=locale, app=app_root())


async def config(request: Request) -> Response:
    """What the form needs to start, in the language of whoever asks."""
    screen = await run_in_threadpool(_screen, actor_of(request), locale_of(request))
    return JSONResponse(screen, headers=_NO_STORE)


async def phone(request: Request) -> Response:
    """The page of the form alone."""
    locale = locale_of(request)
    screen = await run_in_threadpool(_screen, actor_of(request), locale)
    return _page(screen, locale, PHONE)


async def work(request: Request) -> Response:
    """The page of a supervisor's tasks; the tasks come apart, for this person only."""
    require(actor_of(request), Permission.MOVE_CASES)
    locale = locale_of(request)
    return _page(work_screen(locale=locale, app=app_root()), locale, WORK)


@dataclass(frozen=True)
class _Entry:
    """A page of this kind: its root, its script, and where its other link leads."""

    root: str
    script: str
    other: str
    other_words: str


PHONE = _Entry("log", "phone.js", "/log/work", "my_tasks")
WORK = _Entry("work", "work.js", "/log/phone", "log_a_case")


def _page(screen: dict[str, Any], locale: str, entry: _Entry) -> Response:
    words, root = screen["words"], screen["app"]
    # inside a script element only "</" and "<!--" could end it: no "<" is left
    settings = json.dumps(screen, ensure_ascii=False).replace("<", "\\u003c")
    preloads = "\n".join(
        f'<link rel="modulepreload" href="{root}/{name}">' for name in modules_of(entry.script)
    )
    html = f"""<!doctype html>
<html lang="{escape(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#0f6b66">
<title>{escape(words["title"])}</title>
<link rel="stylesheet" href="{root}/phone.css">
{preloads}
<link rel="manifest" href="/log/app.webmanifest" crossorigin="use-credentials">
<link rel="icon" href="/favicon.png">
</head>
<body>
<header><h1>{escape(words["title"])}</h1><nav><a href="{entry.other}">\
{escape(words[entry.other_words])}</a><a href="/">{escape(words["back"])}</a></nav></header>
<main id="{entry.root}"></main>
<script type="application/json" id="config">{settings}</script>
<script type="module" src="{root}/{entry.script}"></script>
</body>
</html>
"""
    return HTMLResponse(html, headers={**_NO_STORE, "Content-Language": locale})


async def app_file(request: Request) -> Response:
    """One of the form's files; the address carries the version, so it may be kept for ever."""
    path = _files().get(request.path_params["name"])
    if path is None or request.path_params["version"] != version():
        raise NotFound(N_("There is nothing at this address."))
    return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": FOREVER})


async def worker(_request: Request) -> Response:
    """The service worker, with the list of what it keeps written in front."""
    text = (SOURCES / "worker.js").read_text(encoding="utf-8")
    head = f"const VERSION = {json.dumps(version())};\nconst FILES = {json.dumps(kept_files())};\n"
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/log"}
    return Response(head + text, media_type="text/javascript", headers=headers)


async def manifest(request: Request) -> Response:
    """How the page presents itself on a phone's home screen."""
    screen = await run_in_threadpool(_screen, actor_of(request), locale_of(request))
    return JSONResponse(
        {
            "name": screen["words"]["title"],
            "start_url": "/log/phone",
            "scope": "/log",
            "display": "standalone",
            "background_color": "#fdfcfa",
            "theme_color": "#0f6b66",
        },
        media_type="application/manifest+json",
        headers=_NO_STORE,
    )


async def cell(request: Request) -> Response:
    """A point inside the unit grid of that code, for reports placed by code."""
    found = await run_in_threadpool(_cell, actor_of(request), request.path_params["code"])
    return JSONResponse(found, headers=_NO_STORE)


def _cell(actor: Actor, code: str) -> dict[str, Any]:
    require(actor, Permission.LOG_CASES)
    with transaction(runtime().engine) as conn:
        profile = cell_profile(conn, code, scope=actor.scope)
    return {"grid_code": profile.code, "lon": profile.lon, "lat": profile.lat}


routes = [
    Route("/log/phone", phone),
    Route("/log/work", work),
    Route("/log/config", config),
    Route("/log/sw.js", worker),
    Route("/log/app.webmanifest", manifest),
    Route("/log/app/{version}/{name}", app_file),
    Route("/log/cell/{code}", cell),
]
