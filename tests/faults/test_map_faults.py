"""The open map while the database, and then the web process, are gone: it says so and recovers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect, sync_playwright

from gis.config import CHECKOUT, read_settings
from gis.db import cluster
from tests.browser.conftest import FLAGS

pytestmark = [pytest.mark.faults, pytest.mark.browser, pytest.mark.timeout(420)]

START_MOST_S = 60
RECOVERS_MS = 45_000
"""A page asks every 15 s at the slowest; what it draws then takes its time on a busy machine."""
AWAY_S = 20.0
"""Longer than any single question waits, and through every step of asking less often."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Copy:
    """A copy of Wanmi whose database and web process the test stops as it likes."""

    home: Path
    port: int
    web: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        told = {**os.environ, "WANMI_HOME": str(self.home), "WANMI_PORT": str(self.port)}
        told.pop("DATABASE_URL", None)
        return told

    def load_demo(self) -> None:
        cluster.ensure_started(self.home, durable=False)
        command = [sys.executable, "-m", "gis", "demo", "load", "--size", "tiny"]
        subprocess.run(command, cwd=CHECKOUT, env=self.env, check=True)

    def start_web(self) -> None:
        command = [
            *(sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "streamlit_app.py")),
            *("--server.address", "127.0.0.1", "--server.port", str(self.port)),
            *("--server.headless", "true", "--server.fileWatcherType", "none"),
        ]
        with (self.home / "web.log").open("ab") as log:
            self.web = subprocess.Popen(command, cwd=CHECKOUT, env=self.env, stdout=log, stderr=log)
        end = time.monotonic() + START_MOST_S
        while not self._answers():
            assert self.web.poll() is None and time.monotonic() < end, "no web process"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def kill_web(self) -> None:
        assert self.web is not None
        self.web.send_signal(signal.SIGKILL)
        self.web.wait()

    def stop_database(self) -> None:
        cluster.stop(self.home)

    def start_database(self) -> None:
        cluster.ensure_started(self.home, durable=False)


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    folder = Path(tempfile.mkdtemp(prefix="wanmi-map-"))
    folder.chmod(0o755)
    it = Copy(folder / "home", _free_port())
    try:
        it.load_demo()
        it.start_web()
        yield it
    finally:
        if it.web is not None and it.web.poll() is None:
            it.web.terminate()
            it.web.wait()
        cluster.destroy(it.home)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = read_settings().chrome or Path("/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class OpenMap:
    """The map page of a planner, drawn and quiet."""

    page: Page
    frame: Frame
    errors: list[str]

    def settled(self) -> None:
        self.frame.wait_for_function("() => !map.wanmi.isBusy()")

    @property
    def trouble(self) -> str:
        return self.frame.locator(".wb-trouble").inner_text()

    def says(self, words: str) -> None:
        expect(self.frame.locator(".wb-trouble")).to_contain_text(words, timeout=RECOVERS_MS)

    def says_nothing(self) -> None:
        expect(self.frame.locator(".wb-trouble")).to_be_empty(timeout=RECOVERS_MS)

    def zoom(self, step: int) -> None:
        self.frame.evaluate(f"map.setZoom(map.getZoom() + {step}, {{animate: false}})")

    def click_middle(self) -> None:
        box = self.frame.frame_element().bounding_box()
        assert box is not None
        x, y = self.frame.evaluate(
            "(() => { const b = map.getContainer().getBoundingClientRect();"
            " return [b.left + b.width / 2, b.top + b.height / 2]; })()"
        )
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def features(self, layer: str) -> int:
        found: int = self.frame.evaluate(
            f"map.wanmi.layers.get('{layer}').currentTiles().reduce((sum, record) => sum"
            " + [...record.tile.values()].reduce((n, part) => n + part.length, 0), 0)"
        )
        return found


@pytest.fixture
def opened(copy: Copy, chromium: Browser) -> Iterator[OpenMap]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    context.set_default_timeout(60_000)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    form = {"role": "planner", "next": "/healthz"}
    assert context.request.post(f"{copy.url}/auth/demo", form=form).ok
    page.goto(f"{copy.url}/map")
    holder = page.wait_for_selector('iframe[title*="folium"]', state="attached")
    frame = holder.content_frame() if holder else None
    assert frame is not None
    frame.wait_for_function("() => window.map && map.bench && map.wanmi.visible().length > 0")
    it = OpenMap(page, frame, errors)
    it.settled()
    yield it
    context.close()
    assert errors == []


def works_with_what_it_has(opened: OpenMap) -> None:
    """Moving, hiding, showing and measuring need no server."""
    assert opened.features("grids") > 0
    opened.frame.evaluate("map.panBy([120, 0], {animate: false})")
    opened.frame.evaluate("map.bench.pile.show('grids', false)")
    assert (
        opened.frame.evaluate("map.wanmi.visible().some(l => l.options.name === 'grids')") is False
    )
    opened.frame.evaluate("map.bench.pile.show('grids', true)")
    opened.frame.evaluate("map.bench.activate('measure')")
    opened.frame.evaluate("map.bench.deactivate()")


def shows_details(opened: OpenMap) -> None:
    """A click answers again, with the tiles and counts that were missing."""
    opened.frame.wait_for_function(
        "() => !map.wanmi.isBusy() && !map.wanmi.isFailing()", timeout=RECOVERS_MS
    )
    opened.click_middle()
    expect(opened.frame.locator(".wb-feature-title").first).to_be_visible(timeout=RECOVERS_MS)


def test_a_database_that_is_gone_for_a_while_is_said_and_comes_back_by_itself(
    copy: Copy, opened: OpenMap
) -> None:
    opened.frame.evaluate("window.kept = 'the same page'")
    copy.stop_database()
    try:
        opened.says("server")
        works_with_what_it_has(opened)
        opened.zoom(1)  # asks tiles that cannot come
        opened.click_middle()
        expect(opened.frame.locator(".wb-sorry").first).to_be_visible(timeout=RECOVERS_MS)
        opened.page.wait_for_timeout(AWAY_S * 1000)
        opened.says("server")
    finally:
        copy.start_database()
    opened.says_nothing()
    opened.frame.evaluate("map.bench.panel.close()")
    shows_details(opened)
    assert opened.features("grids") > 0
    assert opened.frame.evaluate("window.kept") == "the same page"


def test_a_web_process_that_is_killed_and_starts_again_finds_the_map_as_it_was(
    copy: Copy, opened: OpenMap
) -> None:
    opened.frame.evaluate("window.kept = 'the same page'")
    opened.zoom(1)
    opened.settled()
    before = opened.frame.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(4)]")
    copy.kill_web()
    try:
        opened.says("server")
        works_with_what_it_has(opened)
        opened.frame.evaluate("map.panBy([-120, 0], {animate: false})")
    finally:
        copy.start_web()
    opened.says_nothing()
    shows_details(opened)
    assert opened.frame.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(4)]") == before
    assert opened.frame.evaluate("window.kept") == "the same page"
