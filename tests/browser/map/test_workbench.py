"""The workbench in a real browser: layers, search, details, link, poll, keyboard, phone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.map.workbench_site import CODE, HOSTILE, PROFILE, WorkbenchSite, config
from tests.browser.test_accessibility import findings

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2,
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[WorkbenchSite]:
    one = WorkbenchSite()
    one.url = one.start()
    yield one
    one.stop()


@pytest.fixture
def opened(site: WorkbenchSite, visit: Callable[..., Visit]) -> Callable[..., Page]:
    """`opened("#…")`: the page with its layers drawn; what fails in it fails the test."""
    seen: list[Visit] = []

    def open_page(hash_: str = "", query: str = "", **options: Any) -> Page:
        one = visit(**options)
        seen.append(one)
        page = one.page()
        page.goto(f"{site.url}{query}{hash_}")
        ready(page)
        return page

    open_page.seen = seen  # type: ignore[attr-defined]
    return open_page


def ready(page: Page) -> None:
    page.wait_for_function("() => window.bench?.pile._ready && !map.wanmi.isBusy()")


def layer(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title)


def search_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="搜索")


def hash_of(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


def click_middle_of_cell(page: Page) -> int:
    """Click an empty place inside a unit grid; answers its code."""
    x, y, code = page.evaluate(
        """() => { for (let x = 320; x < 900; x += 7) for (let y = 200; y < 700; y += 7) {
          const p = map.containerPointToLatLng([x, y]), hits = map.wanmi.hitsAt(p);
          if (hits.length === 1 && hits[0].source === 'grid') {
            const box = map.getContainer().getBoundingClientRect();
            return [x + box.left, y + box.top, hits[0].id]; } } }"""
    )
    page.mouse.click(x, y)
    return int(code)


def asked(site: WorkbenchSite, start: str) -> list[str]:
    return [address for address in site.asked if address.startswith(start)]


# ------------------------------------------------------------------ layers


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


def site_layers() -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = config()["layers"]
    return layers


# ------------------------------------------------------------------ search


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


# ------------------------------------------------------------------ details


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


# ------------------------------------------------------------------ link and views


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


# ------------------------------------------------------------------ poll, session, outage


def test_one_poll_gives_layers_their_versions_before_the_first_tile(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    assert all("v=1.x" in address for address in asked(site, "/tiles/"))
    site.version = 2
    with page.expect_response(re.compile(r"/tiles/grids/.*v=2\.x")):
        pass
    polls = asked(site, "/map/changes")
    assert polls[0] == "/map/changes?"
    assert all("since=t" in poll for poll in polls[1:])


def test_a_changed_case_touches_only_the_tiles_that_hold_it(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.asked.clear()
    site.cases = [[116.4, 39.911]]
    with page.expect_response(re.compile(r"/tiles/cases/")):
        pass
    page.wait_for_timeout(400)
    tiles = asked(site, "/tiles/")
    assert all(address.startswith("/tiles/cases/") for address in tiles)
    assert 1 <= len(tiles) <= 4


def test_a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_looked_at(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    hide = (
        "(value) => { Object.defineProperty(document, 'hidden', { value, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    page.wait_for_timeout(2300)
    site.asked.clear()
    page.wait_for_timeout(2500)
    assert asked(site, "/map/changes") == []
    with page.expect_response(re.compile("/map/changes"), timeout=1500):
        page.evaluate(hide, False)


def test_a_signed_out_person_reads_it_with_a_way_in_and_goes_on_afterwards(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.status = 401
    trouble = page.get_by_role("alert").filter(has_text="您已退出登录")
    expect(trouble).to_be_visible()
    assert trouble.get_by_role("link", name="登录").get_attribute("href") == "/auth/sign-in"
    site.status = 200
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(trouble).to_have_count(0)


def test_an_outage_is_said_once_and_taken_back_when_the_server_is_there_again(
    site: WorkbenchSite, opened: Callable[..., Page]
) -> None:
    page = opened()
    site.status = 503
    page.evaluate("map.setZoom(16, { animate: false })")
    expect(page.get_by_text("暂时无法连接服务器")).to_have_count(1)
    site.status = 200
    expect(page.get_by_text("暂时无法连接服务器")).to_have_count(0, timeout=12_000)
    page.wait_for_function("() => !map.wanmi.isFailing()")
    drawn = "map.wanmi.layers.get('grids').currentTiles().length"
    page.wait_for_function(f"() => {drawn} >= 6")


# ------------------------------------------------------------------ keyboard, phone, looks


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
