"""The search of the workbench."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import (
    asked,
    layer,
    search_box,
)
from tests.browser.map.workbench_site import CODE, WorkbenchSite

pytestmark = pytest.mark.browser


def test_search_goes_to_a_suggestion_with_the_keyboard_alone(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened("#map=12/39.95000/116.30000&layers=cases")
    page.keyboard.press("/")
    page.keyboard.type(str(CODE)[:6], delay=20)
    option = page.get_by_role("option").first
    expect(option).to_contain_text(str(CODE))
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(search_box(page)).to_have_attribute(
        "aria-activedescendant", option.get_attribute("id") or ""
    )
    page.keyboard.press("Enter")
    page.wait_for_function("() => map.getZoom() >= 15")
    assert page.evaluate("map.getBounds().contains([39.911, 116.4])")
    assert page.evaluate("map.wanmi.selected") == {"layer": "grids", "source": "grid", "id": CODE}
    expect(layer(page, "四级网格")).to_be_checked()
    expect(page.get_by_role("heading", name="单元网格", exact=True)).to_be_visible()
    expect(page.get_by_role("listbox", name="搜索建议")).to_be_hidden()
    assert len(asked(site, "/map/suggest")) <= 4  # typing is waited for


def test_enter_takes_the_first_suggestion_even_before_it_has_come(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.delay_s["suggest"] = 0.4
    search_box(page).fill("东华门街道")
    page.keyboard.press("Enter")
    expect(search_box(page)).to_have_value("东华门街道")
    page.wait_for_function("() => map.getZoom() >= 15 && map.wanmi._pinMark")


def test_a_search_without_result_says_what_to_do_and_escape_clears_it(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    search_box(page).fill("没有这个地方")
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("没有找到")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(search_box(page)).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-container")).to_be_focused()


def test_an_older_question_never_overwrites_a_newer_answer(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.delay_s["suggest"] = 0.8
    search_box(page).fill("东华门大")
    page.wait_for_timeout(250)
    site.delay_s["suggest"] = 0
    search_box(page).fill("东华门街")
    expect(page.get_by_role("option")).to_have_count(1)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("option").first).to_contain_text("东华门街道")
