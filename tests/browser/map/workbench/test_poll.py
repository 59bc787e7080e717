"""One poll a page, closed sessions, outages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import (
    asked,
)
from tests.browser.map.workbench_site import WorkbenchSite

pytestmark = pytest.mark.browser


def test_one_poll_gives_layers_their_versions_before_the_first_tile(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    assert all("v=1.x" in address for address in asked(site, "/tiles/"))
    site.version = 2
    with page.expect_response(re.compile(r"/tiles/grids/.*v=2\.x")):
        pass
    polls = asked(site, "/map/changes")
    assert polls[0] == "/map/changes?"
    assert all("since=t" in poll for poll in polls[1:])


def test_a_changed_case_touches_only_the_tiles_that_hold_it(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.asked.clear()
    site.cases = [[116.4, 39.911]]
    with page.expect_response(re.compile(r"/tiles/cases/")):
        pass
    page.wait_for_timeout(400)
    tiles = asked(site, "/tiles/")
    assert all(address.startswith("/tiles/cases/") for address in tiles)
    assert 1 <= len(tiles) <= 4


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_looked_at(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    hide = (
        "(value) => { Object.defineProperty(document, 'hidden', { value, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    page.wait_for_timeout(2300)
    site.asked.clear()
    page.wait_for_timeout(2500)
    assert asked(site, "/map/changes") == []
    with page.expect_response(re.compile("/map/changes"), timeout=1500):
        page.evaluate(hide, False)


def test_a_signed_out_person_reads_it_with_a_way_in_and_goes_on_afterwards(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.status = 401
    trouble = page.get_by_role("alert").filter(has_text="您已退出登录")
    expect(trouble).to_be_visible()
    assert trouble.get_by_role("link", name="登录").get_attribute("href") == "/auth/sign-in"
    site.status = 200
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(trouble).to_have_count(0)


def test_an_outage_is_said_once_and_taken_back_when_the_server_is_there_again(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.status = 503
    page.evaluate("map.setZoom(16, { animate: false })")
    expect(page.get_by_text("暂时无法连接服务器")).to_have_count(1)
    site.status = 200
    expect(page.get_by_text("暂时无法连接服务器")).to_have_count(0, timeout=12_000)
    page.wait_for_function("() => !map.wanmi.isFailing()")
    drawn = "map.wanmi.layers.get('grids').currentTiles().length"
    page.wait_for_function(f"() => {drawn} >= 6")
