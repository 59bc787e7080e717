"""How features look: pictures, arrows, counts, lamps, highlights, labels; in a real browser."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.map.paint import BLUE, GREEN, NOTHING, RED, colour_on_screen, settled
from tests.mvt import encode

pytestmark = pytest.mark.browser

WHITE = [255, 255, 255, 255]
# in every tile: a line from west to east, a point in the middle, another at the eastern edge
FLOW = encode(
    {
        "pipe": [
            {
                "id": 1,
                "type": 2,
                "lines": [[(0, 2048), (4096, 2048)]],
                "properties": {"flow": 1, "name": "平安大街"},
            }
        ],
        "spot": [
            {
                "id": 2,
                "type": 1,
                "lines": [[(2048, 2048)]],
                "properties": {"n": 888, "due": 30_000_000, "name": "东华门"},
            }
        ],
    }
)


@pytest.fixture
def flow(served: SimpleNamespace, shown: Callable[..., Page]) -> Callable[..., Page]:
    """`flow(rules)` shows one layer of those tiles and nothing else."""

    def show(rules: list[dict[str, Any]], hash_: str = "", **more: Any) -> Page:
        served.server.tiles["flow"] = FLOW
        page = shown(hash_, **more.pop("visit", {}))
        page.evaluate("map.wanmi.apply({layers: {spot: {visible: false}, area: {visible: false}}})")
        page.evaluate(
            "(options) => { window.flow = map.wanmi.add("
            "L.wanmiTileLayer('/tiles/flow/{z}/{x}/{y}?v={v}', options)); }",
            {"name": "flow", "rules": rules, **more},
        )
        settled(page)
        return page

    return show


def middle(page: Page) -> tuple[float, float]:
    """Where in the map's box the middle of a tile in view stands."""
    x, y = page.evaluate(
        """() => { const o = map.getPixelOrigin();
        const p = map.containerPointToLayerPoint([384, 256]).add(o).divideBy(256).floor()
          .multiplyBy(256).add([128, 128]).subtract(o);
        const at = map.layerPointToContainerPoint(p); return [at.x, at.y]; }"""
    )
    return x, y


def painted(page: Page, x: float, y: float) -> list[int]:
    found: list[int] = page.evaluate(f"pixel(flow, {x}, {y})")
    return found


def test_a_picture_stands_on_its_point_with_a_halo_and_is_hit(flow: Callable[..., Page]) -> None:
    page = flow(
        [{"source": "spot", "kind": "icon", "icon": "hospital", "size": 24, "color": "#f00"}]
    )
    x, y = middle(page)
    assert painted(page, x - 8, y - 8) == RED
    assert painted(page, x, y) == WHITE
    assert painted(page, x + 20, y) == NOTHING
    page.mouse.click(x + 10, y)
    assert page.evaluate("window.clicks.at(-1).properties._source") == "spot"


def test_a_picture_is_drawn_once_for_all_points_that_look_alike(flow: Callable[..., Page]) -> None:
    page = flow([{"source": "spot", "kind": "icon", "icon": "tree", "size": 20, "color": "#0f0"}])
    assert page.evaluate("flow.currentTiles().length") > 4
    assert page.evaluate("flow._sprite.pictures.size") == 1


def test_arrows_show_which_way_the_water_flows(flow: Callable[..., Page]) -> None:
    line = {"source": "pipe", "kind": "line", "color": "#0000ff", "width": 2}
    arrows = {"spacing": 256, "size": 20, "color": "#ff0000", "by": "flow"}
    page = flow([{**line, "arrows": arrows}])
    x, y = middle(page)
    tail_up, nose_up = painted(page, x - 5, y - 4), painted(page, x + 5, y - 4)
    assert (tail_up, nose_up) == (RED, NOTHING)
    assert painted(page, x + 30, y) == BLUE


def test_a_count_is_written_into_its_circle(flow: Callable[..., Page]) -> None:
    circle = {"source": "spot", "kind": "circle", "color": "#0000ff", "radius": 20}
    page = flow([{**circle, "text": "n", "textSize": 16, "textColor": "#ff0000"}])
    x, y = middle(page)
    row = [painted(page, x + dx, y)[0] for dx in range(-14, 15)]
    assert max(row) > 200
    assert painted(page, x, y + 16) == BLUE


def test_a_lamp_changes_with_the_clock_and_asks_no_tile(
    served: SimpleNamespace, shown: Callable[..., Page], visit: Callable[..., Any]
) -> None:
    served.server.tiles["flow"] = FLOW
    page = visit().page()
    page.clock.install(time=29_999_000 * 60)
    page.goto(served.url)
    lamp = {"by": "due", "clock": True, "stops": [0, 240], "range": ["#f00", "#0000ff", "#0f0"]}
    rules = [{"source": "spot", "kind": "circle", "color": lamp, "radius": 9}]
    page.evaluate(
        "(rules) => { window.flow = map.wanmi.add("
        "L.wanmiTileLayer('/tiles/flow/{z}/{x}/{y}', {name: 'flow', rules})); }",
        rules,
    )
    page.wait_for_function("() => flow.currentTiles().length > 0 && !map.wanmi.isBusy()")
    x, y = middle(page)
    asked = len(served.server.asked)
    assert painted(page, x, y) == GREEN
    for minutes, colour in [(800, BLUE), (300, RED)]:
        page.clock.fast_forward(minutes * 60_000)
        page.clock.run_for(61_000)
        page.wait_for_function(
            "([x, y, want]) => String(pixel(flow, x, y)) === String(want)", arg=[x, y, colour]
        )
    assert len([path for path in served.server.asked[asked:] if "/flow/" in path]) == 0


def test_what_the_pointer_is_over_is_outlined_without_painting_a_tile(
    flow: Callable[..., Page],
) -> None:
    page = flow(
        [{"source": "spot", "kind": "circle", "color": "#0000ff", "radius": 4}],
        mark={"color": "#ff0000", "halo": "#ffffff", "width": 4, "radius": 12},
    )
    x, y = middle(page)
    spent = page.evaluate("flow.stats.paint_ms")
    page.mouse.move(x, y)
    page.wait_for_function("() => map.wanmi.marks.count > 0")
    assert colour_on_screen(page, x + 12, y)[0] > 200
    page.mouse.move(x + 60, y + 60)
    page.wait_for_function("() => map.wanmi.marks.count === 0")
    page.mouse.click(x, y)
    page.mouse.move(x + 60, y + 60)
    page.wait_for_function("() => map.wanmi.hovered === null && map.wanmi.marks.count > 1")
    settled(page)
    assert colour_on_screen(page, x + 12, y) == (255, 0, 0)
    assert page.evaluate("flow.stats.paint_ms") == spent


def test_the_selection_stays_marked_at_another_zoom(flow: Callable[..., Page]) -> None:
    page = flow([{"source": "spot", "kind": "circle", "color": "#0000ff", "radius": 4}])
    page.evaluate("map.wanmi.select({layer: 'flow', source: 'spot', id: 2})")
    page.evaluate("map.setZoom(15, {animate: false})")
    settled(page)
    page.wait_for_function("() => map.wanmi.marks.count > 0")
    x, y = middle(page)
    page.wait_for_timeout(300)
    assert colour_on_screen(page, x + 9, y) == (0xC2, 0x41, 0x0C)


def test_a_finger_may_miss_by_more_than_a_mouse(flow: Callable[..., Page]) -> None:
    rules = [{"source": "spot", "kind": "circle", "color": "#0000ff", "radius": 4}]
    page = flow(rules, visit={"width": 768, "has_touch": True})
    x, y = middle(page)
    page.mouse.click(x + 15, y)
    page.touchscreen.tap(x + 15, y + 1)
    page.wait_for_function("() => window.clicks.length === 2")
    assert page.evaluate("window.clicks.map((c) => c.properties._layer)") == [None, "flow"]


def test_labels_stay_while_tiles_of_the_next_zoom_are_on_their_way(
    served: SimpleNamespace, flow: Callable[..., Page]
) -> None:
    labels = [{"source": "spot", "text": "name", "size": 14}]
    page = flow([], labels=labels)
    page.wait_for_function("() => map.wanmi.labels.count > 0")
    served.server.delay_s = 0.4
    page.evaluate(
        "window.counts = []; window.seen = map.wanmi.labels;"
        "const draw = seen._draw; seen._draw = function (v) {"
        " draw.call(this, v); window.counts.push(this.count); };"
        "map.setZoom(15, {animate: false})"
    )
    settled(page)
    page.wait_for_timeout(400)
    counts = page.evaluate("window.counts")
    assert len(counts) > 1
    assert min(counts) > 0


def test_labels_fade_with_their_layer(flow: Callable[..., Page]) -> None:
    page = flow([], labels=[{"source": "spot", "text": "name", "size": 14}])
    page.wait_for_function("() => map.wanmi.labels.count > 0")
    page.evaluate("map.wanmi.apply({layers: {flow: {opacity: 0}}})")
    page.wait_for_function("() => map.wanmi.labels.count === 0")
    page.evaluate("map.wanmi.apply({layers: {flow: {opacity: 0.5}}})")
    page.wait_for_function("() => map.wanmi.labels.count > 0")
    settled(page)
    assert set(page.evaluate("map.wanmi.labels._shown.map((label) => label.alpha)")) == {0.5}


def test_the_name_of_a_line_runs_along_it_and_a_name_is_not_repeated_side_by_side(
    flow: Callable[..., Page],
) -> None:
    page = flow([], labels=[{"source": "pipe", "text": "name", "size": 14, "spacing": 420}])
    page.wait_for_function("() => map.wanmi.labels.count > 0")
    placed = page.evaluate("map.wanmi.labels._shown.map((l) => [l.x, l.y, l.letters[0].angle])")
    assert {round(angle, 6) for _, _, angle in placed} == {0}
    pairs = [(a, b) for a in placed for b in placed if a is not b]
    assert min(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in pairs) >= 420
