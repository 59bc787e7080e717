"""What a page asks of the layer and the bus, and what they tell it, in a real browser."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser.map.paint import BLUE, NOTHING, colour_on_screen, settled

pytestmark = pytest.mark.browser

CENTRE = "const c = map.containerPointToLayerPoint([384, 256]).add(map.getPixelOrigin());"
SPOT_AT = (
    CENTRE
    + """const p = c.divideBy(256).floor().multiplyBy(256).add([128, 128]);
    const at = map.layerPointToContainerPoint(p.subtract(map.getPixelOrigin()));"""
)


def spot_of(page: Page) -> tuple[float, float]:
    """Where, in the map's box, the lamp of the tile in the middle stands."""
    x, y = page.evaluate(f"() => {{ {SPOT_AT} return [at.x, at.y]; }}")
    return x, y


def test_a_click_tells_the_map_every_hit_and_reports_only_when_it_is_asked_to(
    shown: Callable[..., Page],
) -> None:
    page = shown()
    page.evaluate("map.on('wanmi:click', (e) => { window.told = e.hits.map((h) => h.layer); })")
    page.evaluate("map.wanmi.configure({reportClicks: false})")
    page.mouse.click(*spot_of(page))
    assert page.evaluate("window.told") == ["spot", "area"]
    assert page.evaluate("window.clicks") == []
    assert page.evaluate("map.wanmi.selected.id") == 30


def test_a_report_reaches_the_page_with_its_properties_and_a_number_of_its_own(
    shown: Callable[..., Page],
) -> None:
    page = shown()
    page.evaluate("map.wanmi.report({_tool: 'view', state: 'a'})")
    page.evaluate("map.wanmi.report({_tool: 'view', state: 'a'})")
    sent = page.evaluate("window.clicks")
    assert [one["properties"]["_tool"] for one in sent] == ["view", "view"]
    assert [one["properties"]["_seq"] for one in sent] == [1, 2]
    assert [one["type"] for one in sent] == ["Feature", "Feature"]


def test_touched_points_ask_only_the_tiles_around_them_and_past_the_browsers_cache(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    page.evaluate("spot.options.touchMargin = 8")
    served.server.asked.clear()
    page.evaluate(
        "() => { window.caches_ = []; const ask = window.fetch;"
        "window.fetch = (to, how) => { window.caches_.push(how.cache); return ask(to, how); }; }"
    )
    page.evaluate(
        f"() => {{ {SPOT_AT} const l = map.containerPointToLatLng(at);"
        "spot.touch([[l.lng, l.lat]]); }"
    )
    settled(page)
    page.wait_for_function("() => !spot.isWaiting()")
    assert len(served.server.asked) == 1
    assert "/spot/" in served.server.asked[0]
    assert page.evaluate("window.caches_") == ["no-cache"]


def test_a_new_version_of_few_places_asks_only_their_tiles(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    page.evaluate("area.options.touchMargin = 8")
    served.server.asked.clear()
    page.evaluate(
        f"() => {{ {SPOT_AT} const l = map.containerPointToLatLng(at);"
        "map.wanmi.apply({layers: {area: {version: '9', touched: [[l.lng, l.lat]]}}}); }"
    )
    page.wait_for_function("() => !area.isWaiting()")
    assert len(served.server.asked) == 1
    page.evaluate("map.wanmi.apply({layers: {area: {version: '10', touched: []}}})")
    settled(page)
    assert len(served.server.asked) == 1


def test_a_range_hides_what_lies_outside_and_leaves_other_sources_alone(
    served: SimpleNamespace, shown: Callable[..., Page]
) -> None:
    page = shown()
    x, y = spot_of(page)
    before = len(served.server.asked)
    white, line = [255, 255, 255, 255], [0, 0, 0, 255]
    assert page.evaluate(f"pixel(spot, {x}, {y + 5})") == white
    page.evaluate("spot.setRange({day: [101, 200]})")
    settled(page)
    assert page.evaluate(f"pixel(spot, {x}, {y + 5})") == NOTHING
    assert page.evaluate(f"pixel(spot, {x}, {y})") == line
    page.mouse.click(x, y + 1)
    assert page.evaluate("window.clicks.at(-1).properties._source") == "pipe"
    page.evaluate("spot.setRange({day: [50, 100]})")
    settled(page)
    assert page.evaluate(f"pixel(spot, {x}, {y + 5})") == white
    assert len(served.server.asked) == before


def test_a_clipped_layer_is_neither_seen_nor_hit_beyond_the_line(
    shown: Callable[..., Page],
) -> None:
    page = shown()
    page.evaluate("map.wanmi.apply({layers: {spot: {visible: false}}})")
    page.evaluate("map.getContainer().style.background = '#ffffff'")
    page.evaluate("area.setClip({left: 300})")
    page.evaluate("map.panBy([50, 20], {animate: false})")
    settled(page)
    seen = [colour_on_screen(page, x, 250) for x in (290, 310)]
    assert seen == [tuple(BLUE[:3]), (255, 255, 255)]
    page.mouse.click(310, 250)
    page.mouse.click(290, 250)
    clicks = page.evaluate("window.clicks")
    assert [one["properties"]["_layer"] for one in clicks] == [None, "area"]
    page.evaluate("area.setClip({right: 300})")
    assert [colour_on_screen(page, x, 250) for x in (290, 310)] == [
        (255, 255, 255),
        tuple(BLUE[:3]),
    ]
    page.evaluate("area.setClip(null)")
    assert colour_on_screen(page, 290, 250) == tuple(BLUE[:3])


def test_the_map_tells_which_feature_the_pointer_is_over_once_per_feature(
    shown: Callable[..., Page],
) -> None:
    page = shown()
    page.evaluate(
        "window.over = [];map.on('wanmi:hover', (e) => window.over.push([e.layer, e.source, e.id]))"
    )
    x, y = spot_of(page)
    for dx, dy in [(0, 0), (2, 2), (60, 2), (60, 60)]:
        page.mouse.move(x + dx, y + dy)
        page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )
    assert page.evaluate("window.over") == [
        ["spot", "spot", 30],
        ["spot", "pipe", 20],
        ["area", "area", 7],
    ]
