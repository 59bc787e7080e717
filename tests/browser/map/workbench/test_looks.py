"""Keyboard, phone, small desks, findings of accessibility."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import (
    PHONE,
    layer,
)
from tests.browser.map.workbench_site import CODE, WorkbenchSite
from tests.browser.test_accessibility import findings

pytestmark = pytest.mark.browser


def test_the_keyboard_reaches_everything(opened: Callable[..., Page]) -> None:
    page = opened()
    page.keyboard.press("m")
    expect(page.locator(".leaflet-container")).to_be_focused()
    lat = page.evaluate("map.getCenter().lat")
    page.keyboard.press("ArrowUp")
    page.wait_for_function(f"() => map.getCenter().lat > {lat}")
    zoom = page.evaluate("map.getZoom()")
    page.keyboard.press("+")
    page.wait_for_function(f"() => map.getZoom() === {zoom + 1}")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-right")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".wb-right")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.locator(".wb-left")).to_be_hidden()
    page.keyboard.press("l")
    expect(layer(page, "在办案卷")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_toolbar_is_one_stop_with_arrows_inside_and_one_active_tool(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    bar = page.get_by_role("toolbar", name="地图工具")
    assert bar.locator('button[tabindex="0"]').count() == 1
    identify = bar.get_by_role("button", name="查询")
    identify.focus()
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="显示全部范围")).to_be_focused()
    bar.locator('[data-tool="measure"]').click()
    expect(bar.locator('[aria-pressed="true"]')).to_have_count(1)
    expect(identify).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(identify).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_the_map_takes_the_screen_and_sheets_come_from_below(
    opened: Callable[..., Page],
) -> None:
    page = opened(**PHONE)
    room = page.locator(".leaflet-container").bounding_box()
    assert room is not None
    assert room["width"] == 390
    assert room["height"] > 700
    page.get_by_role("button", name="图层", exact=True).tap()
    sheet = page.locator(".wb-left")
    expect(sheet).to_be_visible()
    low = sheet.bounding_box()
    page.locator(".wb-left .wb-grabber").tap()
    page.wait_for_function("() => document.querySelector('.wb-left').offsetHeight > 600")
    assert low is not None
    assert low["y"] > 350
    page.locator(".wb-left").get_by_role("button", name="关闭").tap()
    page.touchscreen.tap(200, 300)
    expect(page.locator(".wb-right")).to_be_visible()
    expect(page.locator(".wb-left")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_everything_to_press_is_large_enough(opened: Callable[..., Page]) -> None:
    page = opened(**PHONE)
    page.get_by_role("button", name="图层", exact=True).tap()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.wb button, .wb a, .wb label:has(input)')]
        .filter(e => e.checkVisibility() && e.offsetParent
          && !e.closest('.leaflet-control-attribution, .wb-modes, .wb-grabber'))
        .map(e => [e.className || e.textContent, e.getBoundingClientRect()])
        .filter(([, r]) => r.height < 47.5 && r.width > 0 && r.height > 0)
        .map(([name, r]) => `${name} ${r.width}×${r.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_workbench_has_no_grave_finding(
    opened: Callable[..., Page], theme: str, locale: str
) -> None:
    page = opened(
        f"#map=14/39.91/116.4&layers=roads,density,grids,components,cases&at=grids.grid.{CODE}",
        query=f"?theme={theme}&locale={locale}",
    )
    expect(page.locator(".wb-cases li")).to_have_count(3)
    page.locator(".wb-layer-row button:visible").first.click()
    page.get_by_role("combobox").fill("东华")
    expect(page.get_by_role("option")).to_have_count(3)
    assert "\n".join(findings(page)) == ""


def test_english_fits_a_small_desk(opened: Callable[..., Page]) -> None:
    page = opened(
        f"#map=14/39.91/116.4&layers=roads,grids,components,cases&at=grids.grid.{CODE}",
        query="?locale=en", width=1024, height=768,
    )  # fmt: skip
    expect(page.locator(".wb-cases li")).to_have_count(3)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.wb-bar, .wb-bar *, .wb-side-head, .wb-layer-row')]
        .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
          && !e.closest('.wb-search') && getComputedStyle(e).display !== 'inline')
        .map(e => e.className)"""
    )
    assert wide == []
    assert page.evaluate("map.getSize().x") >= 420


def test_a_place_under_the_sheet_of_a_phone_is_moved_into_sight(
    opened: Callable[..., Page],
) -> None:
    page = opened(**PHONE)
    where = "(() => map.latLngToContainerPoint(window.tapped).y)()"
    page.evaluate("map.on('wanmi:click', ({ latlng }) => { window.tapped = latlng; })")
    page.touchscreen.tap(200, 700)
    expect(page.locator(".wb-right")).to_be_visible()
    page.wait_for_function(f"() => {where} < document.querySelector('.wb-right').offsetTop")
    page.locator(".wb-right").get_by_role("button", name="关闭").tap()
    page.touchscreen.tap(200, 300)
    expect(page.locator(".wb-right")).to_be_visible()
    assert page.evaluate(where) == pytest.approx(300, abs=2)  # in sight already: nothing moves


def test_tiles_that_take_long_show_a_line_on_the_map(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    expect(page.locator(".wb-busy")).to_be_hidden()
    site.delay_s["tile"] = 0.5
    page.evaluate("map.setZoom(17, { animate: false })")
    expect(page.locator(".wb-busy")).to_be_visible()
    site.delay_s.clear()
    expect(page.locator(".wb-busy")).to_be_hidden()
