"""The vector-tile layer in a real browser: one page, tiles written by hand."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser.map.paint import BLUE, GREEN, RED, settled

pytestmark = pytest.mark.browser


def test_values_and_styles_change_the_picture_without_asking_a_tile(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    assert page.evaluate("pixel(area, 300, 300)") == BLUE
    before = len(served.server.asked)
    page.evaluate("map.wanmi.apply({layers: {area: {values: {7: 4}}}})")
    settled(page)
    assert page.evaluate("pixel(area, 300, 300)") == GREEN
    page.evaluate("map.wanmi.apply({layers: {area: {values: {7: 5}}}})")
    settled(page)
    assert page.evaluate("pixel(area, 300, 300)") == RED
    page.evaluate("area.setRules([{source: 'area', kind: 'fill', color: '#0000ff'}])")
    settled(page)
    assert page.evaluate("pixel(area, 300, 300)") == BLUE
    assert len(served.server.asked) == before
    assert served.visit.errors == []
    assert served.visit.outside == []


def test_a_new_version_keeps_the_old_picture_until_the_new_tile_is_painted(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    tiles = len([path for path in served.server.asked if "/area/" in path])
    served.server.delay_s = 0.3
    page.evaluate("map.wanmi.apply({layers: {area: {version: '2'}}})")
    assert page.evaluate("pixel(area, 300, 300)") == BLUE
    page.wait_for_timeout(1500)
    asked = [path for path in served.server.asked if "/area/" in path]
    assert len(asked) >= tiles + 6
    assert page.evaluate("pixel(area, 300, 300)") == BLUE


def test_points_win_over_lines_and_lines_over_areas(shown: Callable[..., Page]) -> None:
    page = shown()
    spot = page.evaluate(
        """() => { const size = 256, o = map.getPixelOrigin();
        const c = map.containerPointToLayerPoint([384, 256]).add(o).divideBy(size).floor();
        const p = c.multiplyBy(size).add([128, 128]).subtract(o);
        const at = map.layerPointToContainerPoint(p); return [at.x, at.y]; }"""
    )
    for x, y in [(0, 0), (40, 2), (40, 40)]:
        page.mouse.click(spot[0] + x, spot[1] + y)
    clicks = page.evaluate("window.clicks")
    found = [(c["properties"]["_layer"], c["properties"]["_source"], c["id"]) for c in clicks]
    assert found == [("spot", "spot", 30), ("spot", "pipe", 20), ("area", "area", 7)]
    assert [a["layer"] for a in clicks[0]["properties"]["_also"]] == ["spot", "area"]
    assert [c["properties"]["_seq"] for c in clicks] == [1, 2, 3]
    assert page.evaluate("map.wanmi.selected") == {"layer": "area", "source": "area", "id": 7}


def test_the_selection_survives_a_repaint(shown: Callable[..., Page]) -> None:
    page = shown()
    page.evaluate("map.wanmi.select({layer: 'area', source: 'area', id: 7})")
    page.evaluate("map.wanmi.apply({layers: {area: {values: {7: 1}}}})")
    settled(page)
    mark = page.evaluate("area.options.mark.color")
    assert page.evaluate("area.selected") == {"source": "area", "id": 7}
    assert mark == "#c2410c"


def test_a_label_is_drawn_once_per_feature_and_never_in_a_tile(shown: Callable[..., Page]) -> None:
    page = shown()
    page.wait_for_function("() => map.wanmi.labels.count > 0")
    wide = page.evaluate("Math.ceil((768 + 400) / 256) * Math.ceil((512 + 400) / 256)")
    assert 0 < page.evaluate("map.wanmi.labels.count") <= wide + 12


def test_tiles_are_painted_at_the_screen_density(shown: Callable[..., Page]) -> None:
    page = shown(device_scale_factor=2)
    assert page.evaluate("document.querySelector('canvas.wanmi-tile').width") == 512
    assert page.evaluate("document.querySelector('canvas.wanmi-tile').clientWidth") == 256
    assert page.evaluate("pixel(area, 300, 300)") == BLUE


def test_requests_for_a_zoom_left_behind_are_aborted(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    served.server.delay_s = 0.4
    aborted: list[str] = []
    page.on("requestfailed", lambda request: aborted.append(request.url))
    page.evaluate("map.setZoom(16, {animate: false})")
    page.wait_for_timeout(100)
    page.evaluate("map.setZoom(12, {animate: false})")
    page.wait_for_timeout(500)
    assert any("/16/" in url for url in aborted)


def test_a_closed_session_is_said_on_the_map_and_not_asked_again(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    page.evaluate("window.out = 0; map.on('wanmi:unauthorised', () => window.out++)")
    served.server.status = 401
    page.evaluate("map.wanmi.apply({layers: {area: {version: '3'}}})")
    page.wait_for_selector(".wanmi-message")
    assert page.inner_text(".wanmi-message") == "请重新登录"
    assert page.evaluate("window.out") > 0
    page.wait_for_function("() => !area.isWaiting()")
    asked = len(served.server.asked)
    page.wait_for_timeout(2500)
    assert len(served.server.asked) == asked


def test_a_server_that_comes_back_is_asked_again_without_a_reload(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    served.server.status = 503
    page.evaluate("map.setZoom(15, {animate: false})")
    page.wait_for_selector(".wanmi-message")
    assert page.inner_text(".wanmi-message") == "稍后重试"
    served.server.status = 200
    page.wait_for_function("() => !document.querySelector('.wanmi-message')", timeout=8000)
    settled(page)
    assert page.evaluate("pixel(area, 300, 300)") == BLUE


def test_the_link_holds_the_view_and_restores_it(shown: Callable[..., Page]) -> None:
    page = shown("#map=16/39.92000/116.41000")
    assert page.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(3)]") == [16, "39.920"]
    page.evaluate("map.setView([39.9, 116.4], 13, {animate: false})")
    assert page.evaluate("location.hash") == "#map=13/39.90000/116.40000"


def test_a_view_is_taken_once_and_never_jumps_back(shown: Callable[..., Page]) -> None:
    page = shown()
    view = "map.wanmi.apply({view: {seq: 1, center: [39.95, 116.42], zoom: 15}})"
    page.evaluate(view)
    page.evaluate("map.setView([39.9, 116.4], 13, {animate: false})")
    page.evaluate(view)
    assert page.evaluate("map.getZoom()") == 13


def test_a_hidden_layer_asks_no_tile(served: SimpleNamespace, shown: Callable[..., Page]) -> None:
    page = shown()
    page.evaluate("map.wanmi.apply({layers: {spot: {visible: false}}})")
    served.server.asked.clear()
    page.evaluate("map.setZoom(15, {animate: false})")
    settled(page)
    assert served.server.asked
    assert not [path for path in served.server.asked if "/spot/" in path]


def test_touch_screens_select_with_a_tap(shown: Callable[..., Page]) -> None:
    page = shown(width=390, height=844, has_touch=True, is_mobile=True)
    page.touchscreen.tap(200, 300)
    page.wait_for_function("() => window.clicks.length > 0")
    assert page.evaluate("window.clicks[0].properties._layer") is not None
