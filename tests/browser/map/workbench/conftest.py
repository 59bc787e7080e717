"""The workbench alone, on hand-written answers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.map.workbench_hands import (
    ready,
)
from tests.browser.map.workbench_site import WorkbenchSite


@pytest.fixture
def site() -> Iterator[WorkbenchSite]:
    one = WorkbenchSite()
    one.url = one.start()
    yield one
    one.stop()


@pytest.fixture
def opened(site: WorkbenchSite, visit: Callable[..., Visit]) -> Callable[..., Page]:
    """`opened("#…")`: the page with its layers drawn; what fails in it fails the test."""
    seen: list[Visit] = []

    def open_page(hash_: str = "", query: str = "", **options: Any) -> Page:
        one = visit(**options)
        seen.append(one)
        page = one.page()
        page.goto(f"{site.url}{query}{hash_}")
        ready(page)
        return page

    open_page.seen = seen  # type: ignore[attr-defined]
    return open_page
