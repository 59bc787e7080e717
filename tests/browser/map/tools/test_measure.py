"""Lengths and areas measured on the map, and outlines drawn to select."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.tools_hands import (
    GEOD,
    Open,
    centre,
    click,
    figure,
    frame,
    lnglat,
    number,
    said,
    tool,
    word,
)
from tests.browser.map.tools_site import OUTLINE, ToolsSite

pytestmark = pytest.mark.browser

# ------------------------------------------------------------------ measure


def test_a_length_is_the_geodesic_one_and_stays_until_cleared(bench: Open) -> None:
    page = bench()
    tool(page, "measure")
    first = click(page, (-200, -100), (100, -60), (150, 120))
    page.keyboard.press("Enter")
    wanted = GEOD.line_length([p[0] for p in first], [p[1] for p in first])
    assert number(figure(page)) == pytest.approx(wanted, abs=0.06)
    assert page.locator(".wt-sign.wt-total").count() == 1
    assert page.locator(".wt-sign:not(.wt-total)").count() == 2
    click(page, (-100, 150), (60, 200))
    page.keyboard.press("Enter")
    assert page.locator(".wt-total").count() == 2
    page.keyboard.press("Escape")
    assert page.locator(".wt-total").count() == 2
    tool(page, "measure")
    page.get_by_role("button", name=word("measure.clear")).click()
    assert page.locator(".wt-sign").count() == 0
    assert page.errors == []  # type: ignore[attr-defined]


def test_the_figure_is_live_and_backspace_takes_the_last_point_back(bench: Open) -> None:
    page = bench()
    tool(page, "measure")
    places = click(page, (-200, 0), (0, 0))
    x, y = centre(page)
    page.mouse.move(x + 150, y + 50)
    frame(page)
    live = [*places, lnglat(page, x + 150, y + 50)]
    wanted = GEOD.line_length([p[0] for p in live], [p[1] for p in live])
    assert number(figure(page)) == pytest.approx(wanted, abs=0.06)
    page.keyboard.press("Backspace")
    frame(page)
    live.pop(1)
    wanted = GEOD.line_length([p[0] for p in live], [p[1] for p in live])
    assert number(figure(page)) == pytest.approx(wanted, abs=0.06)


def test_an_area_is_the_geodesic_one_in_every_unit(bench: Open) -> None:
    page = bench()
    tool(page, "measure")
    page.get_by_role("radio", name=word("measure.area")).click()
    places = click(page, (-200, -100), (120, -80), (160, 90), (-180, 110))
    page.keyboard.press("Enter")
    area, around = GEOD.polygon_area_perimeter([p[0] for p in places], [p[1] for p in places])
    area = abs(area)
    said = figure(page)
    assert number(said) == pytest.approx(area, abs=0.6)
    assert number(said.split("周长")[1]) == pytest.approx(around, abs=0.06)
    for unit, size, digits in [("mu", 2000 / 3, 2), ("ha", 1e4, 3), ("km2", 1e6, 4)]:
        page.get_by_label(word("measure.unit")).select_option(unit)
        frame(page)
        assert figure(page).split("，")[0].endswith(word(f"unit.{unit}"))
        assert number(figure(page)) == pytest.approx(area / size, abs=0.6 * 10**-digits)
        assert number(page.inner_text(".wt-total")) == number(figure(page))


def test_an_outline_that_crosses_itself_has_no_area(bench: Open) -> None:
    page = bench()
    tool(page, "measure")
    page.get_by_role("radio", name=word("measure.area")).click()
    click(page, (-150, -100), (150, 100), (150, -100), (-150, 100))
    page.keyboard.press("Enter")
    assert figure(page) == word("measure.crosses")


def test_measuring_identifies_nothing_and_leaves_the_map_as_it_was(
    site: ToolsSite, bench: Open
) -> None:
    page = bench()
    tool(page, "measure")
    click(page, (-200, -100), (100, -60))
    x, y = centre(page)
    page.mouse.dblclick(x + 40, y + 60)
    frame(page)
    assert page.locator(".wt-total").count() == 1
    assert page.evaluate("map.getZoom()") == 14
    assert not [path for path in site.asked if path.startswith(("/map/feature", "/map/grid"))]
    page.keyboard.press("Escape")
    handlers = "[map.doubleClickZoom.enabled(), map.dragging.enabled(), !map.wanmi.paused]"
    assert page.evaluate(handlers) == [True, True, True]


def test_a_length_is_measured_by_keyboard_alone(bench: Open) -> None:
    page = bench()
    page.focus('[data-tool="identify"]')
    for _ in range(10):
        if page.evaluate("document.activeElement.dataset.tool") == "measure":
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    start = page.evaluate("[map.getCenter().lng, map.getCenter().lat]")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([lng]) => map.getCenter().lng > lng && !map._panAnim?._inProgress", arg=start
    )
    page.keyboard.press("Space")
    end = page.evaluate("[map.getCenter().lng, map.getCenter().lat]")
    page.keyboard.press("Enter")
    wanted = GEOD.line_length([start[0], end[0]], [start[1], end[1]])
    assert number(page.inner_text(".wt-total")) == pytest.approx(wanted, abs=0.06)


def test_on_a_phone_a_second_tap_on_the_last_point_finishes(bench: Open) -> None:
    page = bench(width=390, height=844, has_touch=True, is_mobile=True)
    page.locator('[data-tool="measure"]').tap()
    for x, y in [(100, 200), (280, 240), (220, 400)]:
        page.touchscreen.tap(x, y)
        frame(page)
    expect(page.locator(".wt-figure")).to_contain_text("米")
    before = number(figure(page))
    page.touchscreen.tap(160, 460)
    frame(page)
    page.get_by_role("button", name=word("measure.undo")).tap()
    frame(page)
    assert number(figure(page)) == before  # no pointer hovers where the finger was
    page.wait_for_timeout(400)  # slower than a double tap
    page.touchscreen.tap(220, 400)
    expect(page.locator(".wt-total")).to_have_count(1)
    small = page.evaluate(
        """[...document.querySelectorAll('.wb-readout button')]
        .map((button) => button.getBoundingClientRect())
        .filter((r) => r.height < 48 || r.width < 48).length"""
    )
    assert small == 0


# ------------------------------------------------------------------ select


def pull(page: Page, *offsets: tuple[int, int]) -> None:
    x, y = centre(page)
    (dx, dy), *rest = offsets
    page.mouse.move(x + dx, y + dy)
    page.mouse.down()
    for dx, dy in rest:
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    frame(page)


def listed(page: Page) -> dict[str, Any]:
    """What the page is told after 'list the features'."""
    page.get_by_role("button", name=word("select.show")).click()
    reports = page.evaluate("window.reports")
    properties: dict[str, Any] = reports[-1]["properties"]
    return properties


def test_a_pulled_rectangle_is_reported_with_the_ticked_layers(bench: Open) -> None:
    page = bench()
    tool(page, "select")
    x, y = centre(page)
    west, north = lnglat(page, x - 150, y - 100)
    east, south = lnglat(page, x + 120, y + 90)
    pull(page, (-150, -100), (0, 0), (120, 90))
    report = listed(page)
    assert report["_tool"] == "select"
    assert report["layers"] == ["cases", "grids"]
    assert report["geometry"]["type"] == "Polygon"
    [ring] = report["geometry"]["coordinates"]
    assert ring[0] == ring[-1] and len(ring) == 5
    sides = [(west, south), (east, south), (east, north), (west, north)]
    assert sorted(map(tuple, ring[:4])) == [pytest.approx(p, abs=1e-7) for p in sorted(sides)]
    page.locator(".wt-ticks").get_by_label("四级网格").uncheck()
    assert listed(page)["layers"] == ["cases"]


def test_a_polygon_is_closed_by_its_first_point_and_drawn_again(bench: Open) -> None:
    page = bench()
    tool(page, "select")
    page.get_by_role("radio", name=word("select.polygon")).click()
    places = click(page, (-120, -80), (100, -90), (60, 110))
    click(page, (-120, -80))
    [ring] = listed(page)["geometry"]["coordinates"]
    assert {tuple(p) for p in ring} == {(round(lng, 7), round(lat, 7)) for lng, lat in places}
    page.get_by_role("button", name=word("select.again")).click()
    assert page.locator(".wb-right").is_hidden()


def test_a_lasso_is_reported_with_few_enough_points(bench: Open) -> None:
    page = bench()
    tool(page, "select")
    page.get_by_role("radio", name=word("select.lasso")).click()
    # a comb: more corners than a selection may have
    teeth = [(-250 + step, 120 if step % 2 else -120) for step in range(0, 500, 1)]
    x, y = centre(page)
    page.mouse.move(x + teeth[0][0], y + teeth[0][1])
    page.mouse.down()
    for dx, dy in teeth[1:]:
        page.mouse.move(x + dx, y + dy)
    page.mouse.move(x + 250, y + 160)
    page.mouse.move(x - 250, y + 160)
    page.mouse.up()
    frame(page)
    [ring] = listed(page)["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert 50 < len(ring) <= 500


def test_a_whole_cell_is_selected_by_its_own_outline(bench: Open) -> None:
    page = bench()
    tool(page, "select")
    page.get_by_role("radio", name=word("select.cell")).click()
    click(page, (10, 10))
    page.wait_for_selector(".wt-ticks")
    [ring] = listed(page)["geometry"]["coordinates"]
    assert [list(place) for place in ring[:4]] == OUTLINE


def test_a_place_without_cell_and_an_outline_too_large_are_told(
    site: ToolsSite, bench: Open
) -> None:
    page = bench("#map=11/39.91000/116.40000")
    tool(page, "select")
    pull(page, (-300, -250), (300, 250))
    expect(said(page)).to_have_text(word("select.too_large"))
    site.answers["outline"] = lambda _: {"code": None, "outline": None}
    page.get_by_role("radio", name=word("select.cell")).click()
    click(page, (10, 10))
    expect(said(page)).to_have_text(word("select.no_cell"))
    assert page.evaluate("window.reports.length") == 0
