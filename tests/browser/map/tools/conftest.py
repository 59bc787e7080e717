"""The workbench alone, opened with its tools."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.map.tools_hands import HERE, Open
from tests.browser.map.tools_site import ToolsSite


@pytest.fixture
def site() -> Iterator[ToolsSite]:
    served = ToolsSite()
    served.url = served.start()  # type: ignore[attr-defined]
    yield served
    served.stop()


@pytest.fixture
def bench(site: ToolsSite, visit: Callable[..., Any]) -> Open:
    """`bench(hash, **options)`: the page of the workbench with all layers drawn."""

    def show(hash_: str = HERE, *, script: str = "", **options: Any) -> Page:
        one = visit(**options)
        page: Page = one.page()
        page.errors = one.errors  # type: ignore[attr-defined]
        if script:
            page.add_init_script(script)
        page.goto(site.url + hash_)  # type: ignore[attr-defined]
        page.wait_for_function("() => bench.pile.layer('cases') && !map.wanmi.isBusy()")
        return page

    return show
