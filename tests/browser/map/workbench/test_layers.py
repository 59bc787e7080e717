"""The tree and legend of the workbench."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import asked, hash_of, layer, site_layers
from tests.browser.map.workbench_site import WorkbenchSite

pytestmark = pytest.mark.browser


def test_a_tick_shows_a_layer_with_its_legend_and_counts_in_view(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    assert asked(site, "/tiles/components") == []
    expect(page.get_by_text("公用设施")).to_be_hidden()
    layer(page, "城市部件").check()
    page.wait_for_function("() => map.wanmi.layers.get('components').stats.features > 0")
    row = page.locator('.wb-layer[data-id="components"]')
    expect(row.locator(".wb-layer-row .wb-count")).to_have_text("1,312")
    expect(row.locator(".wb-signs li").nth(0)).to_have_text(re.compile("公用设施\\s*702"))
    expect(row.locator(".wb-signs li").nth(2)).to_have_text(re.compile("园林绿化\\s*0"))
    expect(page.locator('.wb-layer[data-id="grids"] .wb-count').first).to_have_text("10,000+")
    assert "layers=roads,grids,components,cases" in hash_of(page)
    layer(page, "城市部件").uncheck()
    expect(page.get_by_text("公用设施")).to_be_hidden()
    assert opened.seen[0].errors == []  # type: ignore[attr-defined]


def test_only_ticked_layers_that_show_something_are_counted(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened("#map=12/39.91000/116.40000&layers=roads,grids,pipelines")
    expect(page.locator('.wb-layer[data-id="grids"] .wb-count').first).to_have_text("10,000+")
    assert {re.sub(r".*layers=", "", line) for line in asked(site, "/map/counts")} == {"grids"}
    bbox = re.search(r"bbox=([\d.%C2]+)&", asked(site, "/map/counts")[-1])
    assert bbox is not None
    assert len(bbox[1].split("%2C")) == 4


def test_a_layer_that_needs_more_zoom_says_so_and_goes_there(opened: Callable[..., Page]) -> None:
    page = opened("#map=12/39.91000/116.40000&layers=pipelines")
    page.get_by_role("button", name="缩放到 15 级后显示").click()
    page.wait_for_function("() => map.getZoom() === 15")
    expect(page.get_by_role("button", name="缩放到 15 级后显示")).to_have_count(0)
    expect(page.locator('.wb-layer[data-id="pipelines"] .wb-count').first).to_have_text("–")


def test_opacity_is_set_with_the_slider_and_kept_in_the_link(opened: Callable[..., Page]) -> None:
    page = opened()
    page.get_by_role("button", name="“四级网格”的透明度与次序").click()
    page.get_by_role("slider", name="“四级网格”的不透明度").fill("60")
    assert page.evaluate("map.wanmi.layers.get('grids').options.opacity") == 0.6
    page.wait_for_function("() => decodeURIComponent(location.hash).includes('grids*0.6')")


def test_the_order_is_changed_with_keys_and_the_focus_stays_on_the_layer(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    page.get_by_role("button", name="次序", exact=True).click()
    cards = page.locator(".wb-pile li")
    expect(cards).to_have_text(["在办案卷", "四级网格", "道路"])
    page.get_by_role("button", name="上移“道路”").press("Enter")
    expect(cards).to_have_text(["在办案卷", "道路", "四级网格"])
    assert page.evaluate("document.activeElement.closest('li').dataset.id") == "roads"
    page.wait_for_function(
        "() => decodeURIComponent(location.hash).includes('layers=grids,roads,cases')"
    )
    z = page.evaluate(
        "['grids', 'roads', 'cases'].map(n => map.wanmi.layers.get(n).options.zIndex)"
    )
    assert z == sorted(z)


def test_the_order_is_changed_by_pulling(opened: Callable[..., Page]) -> None:
    page = opened()
    page.get_by_role("button", name="次序", exact=True).click()
    grip = page.locator('.wb-pile li[data-id="cases"] .wb-grip').bounding_box()
    last = page.locator('.wb-pile li[data-id="roads"]').bounding_box()
    assert grip is not None
    assert last is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] + 50, steps=4)
    page.mouse.move(grip["x"] + 8, last["y"] + last["height"] - 4, steps=4)
    page.mouse.up()
    expect(page.locator(".wb-pile li")).to_have_text(["四级网格", "道路", "在办案卷"])
    page.wait_for_function(
        "() => decodeURIComponent(location.hash).includes('layers=cases,roads,grids')"
    )


def test_a_choropleth_shows_its_classes_with_how_many_areas_each_holds(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    layer(page, "人口密度（街道）").check()
    signs = page.locator('.wb-layer[data-id="density"] .wb-signs li')
    expect(signs).to_have_text([re.compile(r"0 – 100\s*2"), re.compile(r"100 – 200\s*2"),
                                re.compile(r"200 – 300\s*2")])  # fmt: skip


def test_a_style_that_cannot_be_drawn_takes_only_its_own_layer_away(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    told = site_layers()
    told[2]["rules"] = [{"source": "grid", "kind": "hologram"}]
    site.config = {"layers": told}
    page = opened()
    expect(page.get_by_text("的样式无法绘制")).to_be_visible()
    assert page.evaluate("map.wanmi.visible().map(l => l.options.name).sort()") == [
        "cases",
        "roads",
    ]
