"""A real Chromium that reaches only this machine, and the web process on a demo district."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from sqlalchemy import Engine, text

from gis.config import CHECKOUT, read_settings
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.files.store import FOLDER
from tests import factories as make

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # nothing outside has an address; asking each request's leave here would cost more than the page
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
LOCAL = {"127.0.0.1", "localhost"}
START_MOST_S = 60
CASE_MOST_MS = 60_000


@dataclass
class Visit:
    """One browser context and everything that went wrong in it."""

    context: BrowserContext
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"http", "https"}:
            return
        (self.requests if address.hostname in LOCAL else self.outside).append(request.url)

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "response",
            lambda r: self.failed.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = read_settings().chrome or Path("/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    """The same Chromium under the usual name."""
    return chromium


@pytest.fixture(scope="session")
def left_contexts(chromium: Browser) -> dict[str, list[BrowserContext]]:
    """By their options, contexts that a test is done with; the browser closes them."""
    return {}


def _leave(one: Visit) -> BrowserContext:
    """Make the context of a visit one of nobody, that keeps only the files it has loaded."""
    for page in one.context.pages:
        if urlsplit(page.url).hostname in LOCAL:
            page.evaluate("localStorage.clear()")
        page.close()
    one.context.remove_listener("request", one.note)
    one.context.clear_cookies()
    return one.context


@pytest.fixture
def visit(
    chromium: Browser, left_contexts: dict[str, list[BrowserContext]]
) -> Iterator[Callable[..., Visit]]:
    """
    `visit(width=…, height=…, locale=…)` opens a fresh context; outside addresses are blocked.

    A page that tried to reach one fails its test. With `again=True` another test's context is
    used and left once more: the product's files are loaded and compiled already. For tests that
    give it no scripts, routes, permissions or time limits of their own.
    """
    opened: list[Visit] = []

    def open_context(
        width: int = 1440,
        height: int = 900,
        locale: str = "zh-CN",
        again: bool = False,
        **options: Any,
    ) -> Visit:
        options |= {"viewport": {"width": width, "height": height}, "locale": locale}
        left = left_contexts.setdefault(str(options), [])
        new = Visit(left.pop() if again and left else chromium.new_context(**options))
        new.context.on("request", new.note)
        opened.append(new)
        leaving.callback(lambda: left.append(_leave(new)) if again else new.context.close())
        return new

    with ExitStack() as leaving:
        yield open_context
    assert [address for one in opened for address in one.outside] == []


# ------------------------------------------------------------------ the web process


@dataclass(frozen=True)
class Site:
    """The web process of a test run and its database."""

    url: str
    engine: Engine
    home: Path

    def rows(self, sql: str, **params: object) -> list[tuple[object, ...]]:
        """What the database holds now."""
        with self.engine.connect() as conn:
            return [tuple(row) for row in conn.execute(text(sql), params)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_MOST_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"no answer in {START_MOST_S} s\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def served_app(
    cluster: ClusterUrls,
    demo_template: str,
    demo_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The web process on a free port and a clone of the demo; one for all browser tests."""
    name, port = f"test_{os.getpid()}_{uuid.uuid4().hex[:8]}", _free_port()
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(demo_files, home / FOLDER)
    urls, log = cluster.to_database(name), home / "web.log"
    admin = make_engine(cluster.superuser_url, pool_size=1, statement_timeout_ms=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f'CREATE DATABASE "{name}" OWNER wanmi_owner TEMPLATE "{demo_template}"'))
    engine = make_engine(urls.app_url, pool_size=2)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "streamlit_app.py")),
        *("--server.address", "127.0.0.1", "--server.port", str(port)),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false"),
    ]
    env = {
        **os.environ,
        "DATABASE_URL": urls.app_url,
        "WANMI_HOME": str(home),
        "WANMI_PORT": str(port),
    }
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=env, stdout=stream, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_answer(process, url, log)
        yield Site(url, engine, home)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        engine.dispose()
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


@pytest.fixture
def signed_in(served_app: Site) -> Callable[[Page, str], Page]:
    """`signed_in(page, "supervisor")`: the page's context has a session of that post."""

    def enter(page: Page, role: str) -> Page:
        answer = page.context.request.post(
            f"{served_app.url}/auth/demo", form={"role": role, "next": "/healthz"}
        )
        assert answer.ok, answer.text()
        return page

    return enter


# ------------------------------------------------------------------ people at their desks


@pytest.fixture
def beat(served_app: Site) -> tuple[str, float, float]:
    """A cell of the demo's one-click supervisor, who is put on every shift of these days."""
    with served_app.engine.begin() as conn:
        row = conn.execute(
            text(
                """
                SELECT g.code, ST_X(ST_PointOnSurface(g.geom)), ST_Y(ST_PointOnSurface(g.geom)),
                       p.id
                FROM person p JOIN supervisor_cell w ON w.person_id = p.id
                JOIN grid_cell g ON g.code = w.grid_code AND g.valid_to IS NULL
                WHERE p.login = 'demo.supervisor' ORDER BY g.code LIMIT 1
                """
            )
        ).one()
        conn.execute(
            text(
                """
                INSERT INTO duty (person_id, day, shift_id)
                SELECT :person, CAST(now() AS date) + d, s.id
                FROM generate_series(-1, 1) d, shift s
                ON CONFLICT DO NOTHING
                """
            ),
            {"person": row[3]},
        )
        # no check is drawn for a supervisor of another grid: the one-click one makes them all
        make.set_setting(conn, "other_grid_check_percent", 0)
    return str(row[0]), float(row[1]), float(row[2])


@pytest.fixture
def desk_of(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Callable[..., Page]:
    """`desk_of(role, number, **screen)` opens the case's page as that post."""

    desks: list[Page] = []

    def open_case(role: str, number: str, **screen: object) -> Page:
        while desks:
            desks.pop().close()  # a desk left open keeps drawing its map
        opened = visit(**screen)
        opened.context.set_default_timeout(CASE_MOST_MS)
        page = signed_in(opened.page(), role)
        desks.append(page)
        page.goto(f"{served_app.url}/case?number={number}")
        expect(page.get_by_text(number).first).to_be_visible(timeout=CASE_MOST_MS)
        return page

    return open_case
