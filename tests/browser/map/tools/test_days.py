"""Two layers or days side by side, days one after the other, and the way to print."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.tools_hands import (
    HERE,
    Open,
    centre,
    click,
    link,
    pile,
    said,
    tool,
    word,
)
from tests.browser.map.tools_site import DAYS, ToolsSite, counts, day_number

pytestmark = pytest.mark.browser

# ------------------------------------------------------------------ swipe


def clips(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        "Object.fromEntries([...map.wanmi.layers].map(([key, layer]) => [key, layer._clip]))"
    )
    return found


def test_two_layers_stand_on_either_side_of_a_divider_that_keys_move(bench: Open) -> None:
    page = bench()
    tool(page, "swipe")
    width = page.evaluate("map.getSize().x")
    assert clips(page)["cases"] == {"left": round(width / 2)}
    assert clips(page)["grids"] == {"right": round(width / 2)}
    divider = page.get_by_role("slider", name=word("swipe.divider"))
    divider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", "38")
    assert "swipe=cases|grids|38" in link(page)
    x, y = centre(page)
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(x, y, steps=3)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "50")
    page.keyboard.press("Escape")
    assert set(map(str, clips(page).values())) == {"None"}
    assert "swipe" not in link(page)


def test_two_days_of_one_layer_are_compared_and_come_back_from_the_link(
    site: ToolsSite, bench: Open
) -> None:
    page = bench()
    tool(page, "swipe")
    for side in ("swipe.left", "swipe.right"):
        page.get_by_label(word(side), exact=True).select_option("case_days")
    ranges = """[...map.wanmi.layers].filter(([key]) => key.startsWith('case_days'))
      .map(([key, layer]) => [key, layer.range])"""
    page.wait_for_function(f"() => {ranges}.length === 2")
    days = {key: value["day"] for key, value in page.evaluate(ranges)}
    assert days == {
        "case_days": [day_number(7)] * 2,
        "case_days@right": [day_number(0)] * 2,
    } or days == {"case_days": [day_number(0)] * 2, "case_days@right": [day_number(7)] * 2}
    address = link(page)
    again = bench(address)
    expect(again.get_by_role("slider", name=word("swipe.divider"))).to_be_visible()
    again.wait_for_function(f"() => {ranges}.length === 2")
    assert {key: value["day"] for key, value in again.evaluate(ranges)} == days
    again.keyboard.press("Escape")
    assert "case_days@right" not in clips(again)
    assert page.errors == again.errors == []  # type: ignore[attr-defined]


def test_sides_change_layer_and_the_tree_is_as_before_afterwards(bench: Open) -> None:
    page = bench()
    before = pile(page)
    tool(page, "swipe")
    left = page.get_by_label(word("swipe.left"), exact=True)
    for layer in ("case_days", "components", "pipelines", "grids"):
        left.select_option(layer)
        expect(page.locator('[data-tool="swipe"]')).to_have_attribute("aria-pressed", "true")
        assert layer in pile(page)
        assert clips(page)[layer] is not None
    assert pile(page) == before
    page.get_by_role("button", name=word("swipe.exchange")).click()
    left.select_option("case_days")
    page.get_by_role("checkbox", name="近 90 天案卷").click()
    expect(page.locator('[data-tool="swipe"]')).to_have_attribute("aria-pressed", "false")
    assert pile(page) == before


def test_a_link_that_compares_what_is_not_here_is_told(bench: Open) -> None:
    page = bench(HERE + "&swipe=secrets|cases|50")
    expect(said(page)).to_have_text(word("swipe.unknown"))
    assert page.locator(".wt-divider").count() == 1


# ------------------------------------------------------------------ days


def test_days_pass_without_asking_a_tile(site: ToolsSite, bench: Open) -> None:
    page = bench()
    tool(page, "days")
    slider = page.get_by_role("slider", name=word("days.slider"))
    expect(page.locator(".wt-day-count")).to_have_text(
        word("days.count", n=sum(counts(s)[DAYS - 1] for s in (1, 2)))
    )
    page.wait_for_function("() => !map.wanmi.isBusy()")
    before = len([path for path in site.asked if path.startswith("/tiles/")])
    slider.focus()
    for back in range(1, 12):
        page.keyboard.press("ArrowLeft")
        wanted = sum(counts(s)[DAYS - 1 - back] for s in (1, 2))
        expect(page.locator(".wt-day-count")).to_have_text(word("days.count", n=wanted))
        assert (
            page.evaluate("map.wanmi.layers.get('case_days').range.day") == [day_number(back)] * 2
        )
    assert len([path for path in site.asked if path.startswith("/tiles/")]) == before
    assert "day=" in link(page)


def test_far_out_streets_are_coloured_by_the_count_of_the_day(bench: Open) -> None:
    page = bench("#map=11/39.91000/116.40000")
    tool(page, "days")
    values = "map.wanmi.layers.get('case_days').options.values"
    page.wait_for_function(f"() => {values} !== null")
    assert page.evaluate(values) == {f"11010100{s}": counts(s)[DAYS - 1] for s in (1, 2)}
    page.get_by_role("button", name=word("days.back")).click()
    assert page.evaluate(values) == {f"11010100{s}": 0 for s in (1, 2)}


def test_the_day_of_the_link_comes_back_and_the_layers_after_it(bench: Open) -> None:
    page = bench()
    before = pile(page)
    tool(page, "days")
    page.get_by_role("button", name=word("days.back")).click()
    assert "cases" not in pile(page) and "case_days" in pile(page)
    again = bench(link(page))
    expect(again.get_by_role("slider", name=word("days.slider"))).to_have_value(str(day_number(1)))
    page.keyboard.press("Escape")
    assert pile(page) == before
    assert "day=" not in link(page)


def test_days_play_and_stand_still_for_those_who_ask_for_it(bench: Open) -> None:
    page = bench()
    tool(page, "days")
    page.get_by_role("button", name=word("days.play")).click()
    slider = page.get_by_role("slider", name=word("days.slider"))
    expect(slider).to_have_value(str(day_number(DAYS - 3)), timeout=8000)
    page.get_by_role("button", name=word("days.pause")).click()
    still = bench(reduced_motion="reduce")
    tool(still, "days")
    expect(still.get_by_role("button", name=word("days.back"))).to_be_visible()
    assert still.get_by_role("button", name=word("days.play")).count() == 0


# ------------------------------------------------------------------ print


def test_the_print_sheet_is_asked_with_paper_title_and_the_state_of_the_map(bench: Open) -> None:
    page = bench()
    tool(page, "print")
    page.fill(".wt-input", "东华门 & <b>")
    page.get_by_role("radio", name="A3").click()
    page.get_by_role("radio", name=word("print.portrait")).click()
    page.evaluate("map.setView([39.92, 116.41], 15, {animate: false})")
    page.get_by_role("link", name=word("print.open")).hover()
    address = page.get_by_role("link", name=word("print.open")).get_attribute("href")
    assert address is not None
    path, state = address.split("#")
    assert path.startswith("/print/map?paper=a3&turn=portrait&title=")
    assert "<" not in path and "map=15/39.92000/116.41000" in state and "layers=" in state


# ------------------------------------------------------------------ all of them


def test_every_tool_has_a_name_starts_and_leaves_nothing_behind(bench: Open) -> None:
    page = bench()
    names = page.evaluate("[...bench.toolbar.tools.keys()].filter((id) => id !== 'home')")
    for name in names:
        button = page.locator(f'[data-tool="{name}"]')
        label = button.get_attribute("aria-label")
        assert label and "." not in label, name
        if name == "locate":
            continue
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Escape")
        expect(button).to_have_attribute("aria-pressed", "false")
        assert page.locator(".wb-readout").is_hidden(), name
        assert page.locator(".wb-right").is_hidden(), name
    assert page.evaluate("map.wanmi.paused") is False
    click(page, (10, 10))
    page.wait_for_selector(".wb-right:not([hidden])")
    assert page.errors == []  # type: ignore[attr-defined]
