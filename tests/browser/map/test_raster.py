"""Pictures of a base map below our layers; in a real browser."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser.map.paint import colour_on_screen, settled

pytestmark = pytest.mark.browser

RED, BLUE = (255, 0, 0), (0, 0, 255)
HERE = (116.404, 39.915)
HERE_IN_GCJ02 = (116.41024449916938, 39.91640428150164)
"""The pair that the usual converters give as their example."""


def with_base(page: Page, base: str) -> Page:
    page.evaluate(
        "map.wanmi.apply({layers: {area: {visible: false}, spot: {visible: false}}});"
        f"map.setView([{HERE[1]}, {HERE[0]}], 15, {{animate: false}});"
        f"window.base = L.wanmiRaster({base}).addTo(map); null"
    )
    page.wait_for_function("() => !base.isLoading()")
    settled(page)
    page.wait_for_timeout(300)
    return page


def test_a_picture_drawn_in_gcj02_lies_under_our_data(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    served.server.dot = HERE_IN_GCJ02
    base = "{id: 'a', kind: 'xyz', url: '/pictures/{z}/{x}/{y}.png', offset: 'gcj02'}"
    page = with_base(shown(), base)
    assert colour_on_screen(page, 384, 256) == BLUE
    page.evaluate("map.panBy([200, 100], {animate: false})")
    page.wait_for_function("() => !base.isLoading()")
    page.wait_for_timeout(300)
    assert colour_on_screen(page, 184, 156) == BLUE
    page.evaluate("map.panBy([-200, -100], {animate: false}).setZoom(16, {animate: false})")
    page.wait_for_function("() => !base.isLoading()")
    page.wait_for_timeout(300)
    assert colour_on_screen(page, 384, 256) == BLUE


def test_the_whole_view_is_covered_though_the_picture_is_shifted(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    base = "{id: 'a', kind: 'xyz', url: '/pictures/{z}/{x}/{y}.png', offset: 'gcj02'}"
    page = with_base(shown(), base)
    corners = [(2, 2), (765, 2), (2, 509), (765, 480)]
    assert {colour_on_screen(page, x, y) for x, y in corners} == {RED}


def test_a_folder_of_tiles_needs_only_its_address_and_is_enlarged_beyond_its_last_zoom(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    served.server.dot = HERE
    credit = "<img src=x onerror=alert(1)>"
    page = with_base(
        shown(),
        f"{{id: 'a', kind: 'folder', url: '/pictures/', maxZoom: 14, credits: ['{credit}']}}",
    )
    pictures = [path for path in served.server.asked if path.startswith("/pictures/")]
    assert {path.split("/")[2] for path in pictures} == {"14"}
    assert colour_on_screen(page, 384, 256) == BLUE
    assert credit in page.inner_text(".leaflet-control-attribution")


def test_an_unknown_kind_of_base_map_is_refused(shown: Callable[..., Page]) -> None:
    page = shown()
    said = page.evaluate(
        "() => { try { L.wanmiRaster({id: 'b', kind: 'wms'}); } catch (e) { return e.message; } }"
    )
    assert said == "base map b: unknown kind wms"
