"""A real Chromium for benches: cold contexts, and what its renderers hold in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from gis.accounts.sessions import COOKIE

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE_MS = 180_000
_FRAME = 'iframe[title*="folium"]'


@dataclass(frozen=True)
class Opened:
    """A page that has become usable."""

    page: Page
    frame: Frame
    ms: float
    """From the navigation until it was."""


@contextmanager
def chromium(executable: Path) -> Iterator[Browser]:
    """One browser process; every page gets a context of its own and so an empty cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def cold_context(
    browser: Browser, url: str, token: str | None, *, width: int, height: int
) -> Iterator[BrowserContext]:
    """Nothing kept from before; signed in when there is a token."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    if token is not None:
        host = str(urlsplit(url).hostname)
        context.add_cookies([{"name": COOKIE, "value": token, "domain": host, "path": "/"}])
    try:
        yield context
    finally:
        context.close()


def open_page(context: BrowserContext, address: str, ready: str, *, framed: bool) -> Opened:
    """
    Navigate and wait until `ready`, an expression in the page or in its map's frame, holds.

    Two frames of animation are waited for after that: what was painted has been shown.
    """
    page = context.new_page()
    began = perf_counter()
    page.goto(address, wait_until="commit")
    frame = page.main_frame
    if framed:
        holder = page.wait_for_selector(_FRAME, state="attached")
        found = holder.content_frame() if holder is not None else None
        if found is None:
            msg = "the map's frame has no page"
            raise RuntimeError(msg)
        frame = found
    frame.wait_for_function(ready, polling="raf")
    frame.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    return Opened(page, frame, (perf_counter() - began) * 1000)


def renderer_mb(browser: Browser) -> float:
    """
    Memory of the largest renderer, MiB: its own pages and its share of those it has in common.

    Proportional set size as Linux counts it; the code of Chromium is shared by its processes.
    """
    session = browser.new_browser_cdp_session()
    found: dict[str, Any] = session.send("SystemInfo.getProcessInfo")
    session.detach()
    pids = [process["id"] for process in found["processInfo"] if process["type"] == "renderer"]
    return max(_pss_mb(pid) for pid in pids)


def _pss_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024
