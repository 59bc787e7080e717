"""How long one waits for `script/server`: the first time, and every time after that."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.config import CHECKOUT
from gis.errors import Unavailable
from gis.i18n import N_

STARTS = 3
PATIENCE_S = 180.0
ROLE = "acceptor"
HEALTHZ_MOST_MS = 5_000
FIRST_PAGE_MOST_MS = 12_000
FIRST_START_MOST_MS = 60_000
READY = '[data-testid="stApp"][data-test-script-state="notRunning"] h1'


@dataclass(frozen=True)
class Start:
    """Milliseconds from the command to each sign of life."""

    healthz_ms: float
    first_page_ms: float


def run(options: Options) -> Iterator[Line]:
    """
    A home of its own, kept between runs: `first_start` only appears when it is made.

    The first page is the home page of a signed-in person in a browser that is open already,
    drawn to the end. What setting-up costs (packages, assets) is not in it.
    """
    home = options.home / "setup"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(options.chrome))
        if not (home / "pg" / "data" / "PG_VERSION").exists():
            first = _start(home, browser)
            yield Line(
                bench="setup",
                case="first_start",
                ours=first.healthz_ms,
                target=FIRST_START_MOST_MS,
            )
        starts = [_start(home, browser) for _ in range(STARTS)]
        browser.close()
    yield _line("second_start.healthz", [s.healthz_ms for s in starts], HEALTHZ_MOST_MS)
    yield _line("second_start.first_page", [s.first_page_ms for s in starts], FIRST_PAGE_MOST_MS)


def _line(case: str, times_ms: list[float], target: float) -> Line:
    return Line(bench="setup", case=case, ours=median(times_ms), p95=p95(times_ms), target=target)


def _start(home: Path, browser: Browser) -> Start:
    port = _free_port()
    began = time.perf_counter()
    with _server(home, port) as process:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                raise Unavailable(
                    N_("script/server did not answer: start it by hand in {home} and look."),
                    home=home,
                )
            time.sleep(0.01)
        healthz_ms = (time.perf_counter() - began) * 1000
        _open_first_page(browser, f"http://127.0.0.1:{port}")
        return Start(healthz_ms, (time.perf_counter() - began) * 1000)


@contextmanager
def _server(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "WANMI_HOME": str(home), "WANMI_PORT": str(port)}
    env.pop("DATABASE_URL", None)
    command = str(CHECKOUT / "script" / "server")
    process = subprocess.Popen(command, cwd=CHECKOUT, env=env)  # noqa: S603  our own script
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _open_first_page(browser: Browser, url: str) -> None:
    context = browser.new_context()
    try:
        entered = context.request.post(f"{url}/auth/demo", form={"role": ROLE, "next": "/healthz"})
        if not entered.ok:
            raise Unavailable(N_("The demo district does not let {role} in."), role=ROLE)
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector(READY, timeout=PATIENCE_S * 1000)
    finally:
        context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
