"""A real Chromium that reaches nothing but this machine, and says what it tried."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from gis.config import read_settings

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
LOCAL = {"127.0.0.1", "localhost"}


@dataclass
class Visit:
    """One browser context and everything that went wrong in it."""

    context: BrowserContext
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def guard(self, route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname in LOCAL:
            self.requests.append(request.url)
            route.continue_()
        else:
            self.outside.append(request.url)
            route.abort()

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


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit(viewport=..., locale=...)` opens a fresh context; outside addresses are blocked."""
    opened: list[Visit] = []

    def open_context(
        width: int = 1440, height: int = 900, locale: str = "zh-CN", **options: object
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, **options
        )
        new = Visit(context)
        context.route("**/*", new.guard)
        opened.append(new)
        return new

    yield open_context
    for one in opened:
        one.context.close()
