"""Details of what was clicked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import click_middle_of_cell, hash_of, search_box, site_layers
from tests.browser.map.workbench_site import HOSTILE, PROFILE, WorkbenchSite

pytestmark = pytest.mark.browser


def test_a_click_shows_the_feature_its_grid_and_what_else_lies_there(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    code = click_middle_of_cell(page)
    panel = page.locator(".wb-right")
    expect(panel.get_by_role("heading", name="单元网格", exact=True)).to_be_visible()
    expect(panel.get_by_text(str(code))).to_be_visible()
    expect(panel.get_by_text("多福巷社区").first).to_be_visible()
    expect(panel.get_by_text("已超时")).to_be_visible()
    expect(panel.get_by_text("当班：王芳，白班，至 20:00")).to_be_visible()
    link = panel.get_by_role("link", name="20261120-0042")
    assert link.get_attribute("href") == "/case?number=20261120-0042"
    assert f"at=grids.grid.{code}" in hash_of(page)
    assert page.evaluate("window.reports") == []  # no click runs the page's script


def test_features_under_one_click_are_offered_and_can_be_chosen(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    x, y = page.evaluate(
        """() => { const box = map.getContainer().getBoundingClientRect();
        for (let x = 320; x < 900; x += 2) for (let y = 200; y < 700; y += 2) {
          const hits = map.wanmi.hitsAt(map.containerPointToLatLng([x, y]));
          if (hits.length === 2 && hits[0].source === 'case')
            return [x + box.left, y + box.top]; } }"""
    )
    page.mouse.click(x, y)
    expect(page.get_by_role("link", name="打开案卷")).to_be_visible()
    page.get_by_role("button", name="单元网格", exact=True).click()
    expect(page.get_by_role("heading", name="单元网格", exact=True)).to_be_visible()
    assert page.evaluate("map.wanmi.selected.layer") == "grids"
    expect(page.get_by_role("button", name="案卷", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".wb-right")).to_be_hidden()
    assert page.evaluate("map.wanmi.selected") is None
    page.wait_for_function("() => !location.hash.includes('at=')")


def test_the_map_stays_where_it_is_when_the_details_open_and_the_tree_closes(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    where = (
        "(() => { const b = map.getContainer().getBoundingClientRect();"
        " const p = map.latLngToContainerPoint([39.91, 116.4]);"
        " return [p.x + b.left, p.y + b.top]; })()"
    )
    before = page.evaluate(where)
    click_middle_of_cell(page)
    expect(page.locator(".wb-right")).to_be_visible()
    assert page.evaluate(where) == pytest.approx(before, abs=1)
    page.get_by_role("button", name="图层", exact=True).click()
    expect(page.locator(".wb-left")).to_be_hidden()
    assert page.evaluate(where) == pytest.approx(before, abs=1)


def test_a_slow_answer_shows_a_skeleton_but_not_at_once(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.delay_s["grid"] = 1.5
    at_once = page.evaluate(
        """() => { const latlng = map.getCenter();
        map.fire('click', { latlng, containerPoint: map.latLngToContainerPoint(latlng) });
        const block = document.querySelector('.wb-grid');
        return [block.getAttribute('aria-busy'), block.children.length]; }"""
    )
    assert at_once == ["true", 0]
    expect(page.locator(".wb-grid .wb-skeleton")).to_be_visible()
    expect(page.get_by_text("当班：王芳")).to_be_visible()
    expect(page.locator(".wb-skeleton")).to_have_count(0)


def test_a_refusal_is_a_sentence_and_an_outage_can_be_tried_again(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    kept = site.answers.pop("feature")
    click_middle_of_cell(page)
    panel = page.locator(".wb-feature")
    expect(panel.get_by_text("没有。")).to_be_visible()
    expect(panel.get_by_role("button", name="重试")).to_have_count(0)
    expect(page.get_by_text("当班：王芳")).to_be_visible()
    site.answers["feature"] = kept
    site.status = 503
    page.keyboard.press("Escape")
    click_middle_of_cell(page)
    retry = panel.get_by_role("button", name="重试")
    expect(retry).to_be_visible()
    site.status = 200
    retry.click()
    expect(panel.get_by_role("heading", name="单元网格")).to_be_visible()


def test_what_people_wrote_is_shown_as_text_and_nothing_runs(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    told = site_layers()
    told[2]["title"] = told[2]["notes"][0] = HOSTILE
    told[2]["legend"] = [{"shape": "line", "color": "url(javascript:hit=1)", "title": HOSTILE},
                         {"shape": HOSTILE, "color": "red;}", "title": "x"}]  # fmt: skip
    views = [
        {"id": "9", "title": HOSTILE, "shared": True, "state": "map=11/39.91/116.4&layers=grids"}
    ]
    site.config = {"layers": told, "views": views, "sources": {"grids.grid": HOSTILE}}
    hostile = PROFILE | {
        "path": [HOSTILE],
        "supervisor": PROFILE["supervisor"] | {"names": [HOSTILE]},
    }
    hostile["cases"] = {"total": 1, "list": [PROFILE["cases"]["list"][0] | {
        "title": HOSTILE, "href": "javascript:window.hit=1", "lamp": HOSTILE}]}  # fmt: skip
    site.answers["grid"] = lambda _: hostile
    page = opened("#map=14/39.91/116.4&layers=grids,<img src=x onerror=hit=1>,cases")
    click_middle_of_cell(page)
    expect(page.locator(".wb-right").get_by_text("onerror=window.hit=1").first).to_be_visible()
    search_box(page).fill("东华门")
    expect(page.get_by_role("option")).to_have_count(3)
    page.get_by_role("button", name="视图").click()
    expect(page.get_by_role("button", name=HOSTILE).first).to_be_visible()
    assert page.evaluate("window.hit") is None
    assert page.locator(".wb img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert opened.seen[0].errors == []  # type: ignore[attr-defined]
