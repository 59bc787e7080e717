"""How tiles come and go: what stays in sight, what is given up; in a real browser."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser.map.paint import BLUE, colour_on_screen, settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("zoom", [13, 15])
def test_the_old_picture_stays_until_the_tiles_of_a_new_zoom_are_painted(
    served: SimpleNamespace, shown: Callable[..., Page], zoom: int
) -> None:
    page = shown()
    page.evaluate("map.wanmi.apply({layers: {spot: {visible: false}}})")
    served.server.delay_s = 0.8
    page.evaluate(f"map.setZoom({zoom}, {{animate: false}})")
    assert page.evaluate("area.isLoading()")
    assert colour_on_screen(page, 384, 300) == tuple(BLUE[:3])
    settled(page)
    assert colour_on_screen(page, 384, 300) == tuple(BLUE[:3])
    page.wait_for_function(f"() => [...area._records.values()].every(r => r.coords.z === {zoom})")


def test_the_old_picture_stays_while_the_server_is_away(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    page.evaluate("map.wanmi.apply({layers: {spot: {visible: false}}})")
    served.server.status = 503
    page.evaluate("map.setZoom(15, {animate: false})")
    page.wait_for_selector(".wanmi-message")
    page.wait_for_function("() => !area.isWaiting()")
    page.wait_for_timeout(500)
    assert colour_on_screen(page, 384, 300) == tuple(BLUE[:3])
    served.server.status = 200
    page.wait_for_function("() => !document.querySelector('.wanmi-message')", timeout=20000)
    settled(page)
    page.wait_for_function("() => [...area._records.values()].every(r => r.coords.z === 15)")


def test_requests_for_tiles_that_left_the_view_are_given_up_and_the_layer_comes_to_rest(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    served.server.delay_s = 0.4
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    for _ in range(2):
        page.evaluate("map.panBy([3000, 0], {animate: false})")
        page.wait_for_timeout(50)
        page.evaluate("map.panBy([-3000, 0], {animate: false})")
    settled(page)
    assert given_up
    assert page.evaluate("pixel(area, 300, 300)") == BLUE


def test_tiles_out_of_view_leave_no_data_behind(shown: Callable[..., Page]) -> None:
    page = shown()
    for _ in range(4):
        page.evaluate("map.panBy([1500, 0], {animate: false})")
        settled(page)
    page.wait_for_function("() => area._records.size <= 5 * 4 + 10")
    assert page.evaluate("area._records.size === Object.keys(area._tiles).length")


def test_a_city_of_tiles_is_painted_without_holding_the_page_up(
    shown: Callable[..., Page],
) -> None:
    page = shown()
    turns = page.evaluate(
        """async () => { let turns = 0, on = true;
        const count = () => { turns++; if (on) setTimeout(count, 0); };
        count(); area.repaint(); spot.repaint();
        while (map.wanmi.isBusy()) await new Promise((r) => setTimeout(r, 0));
        on = false; return turns; }"""
    )
    assert turns > 1
