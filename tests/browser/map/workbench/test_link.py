"""The address holds the state of the workbench; saved views."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map.workbench_hands import (
    hash_of,
    ready,
)
from tests.browser.map.workbench_site import CODE

pytestmark = pytest.mark.browser


def test_the_link_restores_view_layers_order_strength_and_selection(
    opened: Callable[..., Page],
) -> None:
    page = opened(
        f"#map=16/39.91100/116.40000&layers=cases,components*0.5,grids&at=grids.grid.{CODE}"
    )
    assert page.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(3)]") == [16, "39.911"]
    names = page.evaluate("bench.pile.list().map(({ id, opacity }) => [id, opacity])")
    assert names == [["cases", 1], ["components", 0.5], ["grids", 1]]
    expect(page.locator(".wb-feature").get_by_text(str(CODE))).to_be_visible()
    assert page.evaluate("map.wanmi.selected") == {"layer": "grids", "source": "grid", "id": CODE}
    expect(page.locator(".wb-right")).to_be_visible()
    first = hash_of(page)
    page.reload()
    ready(page)
    expect(page.locator(".wb-feature").get_by_text(str(CODE))).to_be_visible()
    page.wait_for_timeout(300)
    assert hash_of(page) == first


def test_an_address_that_is_typed_in_is_followed(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate(f"location.hash = '#map=17/39.91200/116.40100&layers=grids&at=grids.grid.{CODE}'")
    page.wait_for_function("() => map.getZoom() === 17 && bench.pile.list().length === 1")
    expect(page.locator(".wb-feature").get_by_text(str(CODE))).to_be_visible()


def test_an_address_is_written_only_when_it_changes(opened: Callable[..., Page]) -> None:
    page = opened()
    page.wait_for_function("() => location.hash.includes('layers=')")
    page.evaluate(
        "() => { window.writes = 0; const was = history.replaceState.bind(history);"
        " history.replaceState = (...a) => { window.writes++; was(...a); }; }"
    )
    page.wait_for_timeout(1500)
    assert page.evaluate("window.writes") == 0
    page.evaluate("map.panBy([40, 0], { animate: false })")
    page.wait_for_function("() => window.writes === 1")
    assert page.evaluate("history.length") <= 2


def test_links_of_other_pages_still_open_what_they_name(opened: Callable[..., Page]) -> None:
    page = opened(query=f"?layers=grids.components&at=grids.grid.{CODE}")
    assert page.evaluate("bench.pile.list().map(l => l.id)") == ["grids", "components"]
    expect(page.locator(".wb-feature").get_by_text(str(CODE))).to_be_visible()
    page.wait_for_function("() => map.getZoom() >= 15")


@pytest.mark.parametrize(
    "hash_",
    [
        "#map=99/0/0&layers=nothing,secret",
        "#layers=%3Cscript%3E&at=person.person.1",
        "#at=%00&map=x",
        "#base=moon&layers=grids",
        "#%E0%A4%A",
    ],
)
def test_a_link_that_names_what_is_not_there_opens_with_a_sentence(
    opened: Callable[..., Page], hash_: str
) -> None:
    page = opened(hash_)
    assert 8 <= page.evaluate("map.getZoom()") <= 20
    if any(name in hash_ for name in ("nothing", "person", "moon")):
        expect(page.get_by_text("不存在或无权查看")).to_be_visible()
    assert opened.seen[0].errors == []  # type: ignore[attr-defined]


def test_a_saved_view_is_applied_and_the_present_one_reported_for_saving(
    opened: Callable[..., Page],
) -> None:
    page = opened()
    page.get_by_role("button", name="视图").click()
    page.get_by_role("button", name="早班巡查").click()
    page.wait_for_function("() => map.getZoom() === 16")
    assert page.evaluate("bench.pile.list().map(l => l.id)") == ["components", "cases"]
    page.get_by_role("button", name="视图").click()
    page.get_by_role("button", name="保存当前视图").click()
    [report] = page.evaluate("window.reports")
    assert report["properties"]["_tool"] == "view"
    assert report["properties"]["state"].startswith(
        "map=16/39.91000/116.40000&layers=components,cases"
    )
    page.evaluate(
        "map.wanmi.setViews([{ id: '7', title: '新视图', shared: false, state: 'map=9/39/116' }])"
    )
    page.get_by_role("button", name="视图").click()
    expect(page.get_by_role("button", name="新视图")).to_be_visible()
    expect(page.get_by_role("button", name="早班巡查")).to_have_count(0)
