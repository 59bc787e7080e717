"""The map page as people use it: layers, clicks, search, links, a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

PROBES = re.compile(r"/map/_stcore/(health|host-config)$")
"""Streamlit asks these two below any deep link before it finds its own."""
HOSTILE = "<img src=x onerror=window.hit=1>`${window.hit=1}` {{ 7*7 }}"


def frame_of(page: Page, first: str = "canvas.wanmi-tile") -> Frame:
    page.wait_for_selector('iframe[title*="folium"]')
    page.frame_locator('iframe[title*="folium"]').locator(first).first.wait_for()
    frame = next(f for f in page.frames if "streamlit_folium" in f.url)
    settled(frame)
    return frame


def settled(frame: Frame) -> None:
    frame.wait_for_function("() => window.map && !map.wanmi.isBusy()")


def shown(frame: Frame) -> list[str]:
    names: list[str] = frame.evaluate("map.wanmi.visible().map(l => l.options.name).sort()")
    return names


def tick(page: Page, title: str) -> None:
    page.get_by_text(title, exact=True).click()


@pytest.fixture
def opened(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Callable[..., tuple[Visit, Page, Frame]]:
    def open_map(role: str = "planner", address: str = "/map", **options: Any) -> Any:
        one = visit(**options)
        page = signed_in(one.page(), role)
        page.goto(served_app.url + address)
        return one, page, frame_of(page)

    return open_map


def test_the_map_asks_nothing_outside_and_nothing_fails(
    opened: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    one, _page, frame = opened()
    assert shown(frame) == ["buildings", "grids", "roads", "water_green"]
    painted = frame.evaluate("map.wanmi.visible().map(l => l.stats.features)")
    assert sum(painted) > 100
    frame.wait_for_function("() => map.wanmi.labels.count > 0")
    assert frame.evaluate("document.fonts.check('12px \"Noto Sans SC\"', '网')")
    assert one.outside == []
    assert one.errors == []
    assert [line for line in one.failed if not PROBES.search(line)] == []


def test_ticking_a_layer_shows_it_without_rebuilding_the_map(
    opened: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    _one, page, frame = opened()
    frame.evaluate("() => { window.kept = true; map.setZoom(16, {animate: false}); }")
    tick(page, "地下管线")
    frame.wait_for_function("() => map.wanmi.layers.get('pipelines').stats.features > 0")
    assert frame.evaluate("window.kept")
    assert frame.evaluate("map.getZoom()") == 16
    expect(page.get_by_text("天然气", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"layers=[a-z_.]*pipelines[a-z_.]*.*#map=16/"))


def test_a_click_shows_the_grid_and_the_link_brings_it_back(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]], visit: Any, signed_in: Any
) -> None:
    [(code, lon, lat)] = served_app.rows(
        "SELECT code, ST_X(p), ST_Y(p) FROM (SELECT code, ST_PointOnSurface(geom) AS p"
        " FROM grid_cell ORDER BY code LIMIT 1 OFFSET 5) AS t"
    )
    _one, page, frame = opened()
    frame.evaluate(f"map.setView([{lat}, {lon}], 17, {{animate: false}})")
    settled(frame)
    frame.evaluate("map.wanmi.apply({layers: {roads: {visible: false}}})")
    box = page.locator('iframe[title*="folium"]').bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text(str(code)).first).to_be_visible()
    expect(page.get_by_text("所在网格").first).to_be_visible()
    expect(page).to_have_url(re.compile(rf"at=grids\.grid\.{code}.*#map=17/"))
    address = page.url.removeprefix(served_app.url)
    _again, second, restored = opened(address=address)
    expect(second.get_by_text(str(code)).first).to_be_visible()
    assert restored.evaluate("map.getZoom()") == 17
    assert restored.evaluate("map.getCenter().lat.toFixed(3)") == f"{lat:.3f}"
    assert restored.evaluate("map.wanmi.selected") == {
        "layer": "grids",
        "source": "grid",
        "id": int(str(code)),
    }


def test_a_link_with_a_feature_begins_there_and_offers_what_else_a_click_hits(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]]
) -> None:
    [(key, lon, lat)] = served_app.rows(
        "SELECT id, ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom)) FROM parcel"
        " ORDER BY id LIMIT 1"
    )
    _one, page, frame = opened(address=f"/map?layers=grids.land_use&at=land_use.parcel.{key}")
    frame.wait_for_function("() => map.getZoom() >= 16")
    assert frame.evaluate(f"map.getBounds().contains([{lat}, {lon}])")
    expect(page.get_by_text("地块编号").first).to_be_visible()
    settled(frame)
    box = page.locator('iframe[title*="folium"]').bounding_box()
    assert box is not None
    x, y = frame.evaluate(f"(p => [p.x, p.y])(map.latLngToContainerPoint([{lat}, {lon}]))")
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.get_by_role("button", name="地块", exact=True).click()
    expect(page.get_by_text("地块编号").first).to_be_visible()
    frame.wait_for_function(f"() => map.wanmi.selected?.id === {key}")


def test_search_finds_a_grid_by_code_and_goes_there(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]]
) -> None:
    [(code, lon, lat)] = served_app.rows(
        "SELECT code, ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom))"
        " FROM grid_cell ORDER BY code DESC LIMIT 1"
    )
    _one, page, frame = opened()
    page.get_by_placeholder("网格代码").fill(str(code))
    page.keyboard.press("Enter")
    page.get_by_role("button", name=str(code)).first.click()
    frame.wait_for_function("() => map.getZoom() >= 16")
    assert frame.evaluate(f"map.getBounds().contains([{lat}, {lon}])")
    frame.wait_for_function(f"() => map.wanmi.selected?.id === {code}")


def test_a_search_without_result_says_what_to_do(
    opened: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    _one, page, _frame = opened()
    page.get_by_placeholder("网格代码").fill("没有这个地方")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有找到")).to_be_visible()


def test_hostile_names_are_shown_as_text_and_nothing_runs(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]]
) -> None:
    with served_app.engine.begin() as conn:
        row = conn.execute(text("SELECT id, name FROM facility ORDER BY id LIMIT 1")).one()
        conn.execute(
            text("UPDATE facility SET name = :name WHERE id = :id"),
            {"name": HOSTILE, "id": row.id},
        )
    try:
        one, page, frame = opened(
            address=f"/map?layers=hospitals.grids&at=hospitals.hospital.{row.id}"
        )
        expect(page.get_by_text("<img src=x onerror=window.hit=1>").first).to_be_visible()
        assert page.evaluate("window.hit") is None
        assert frame.evaluate("window.hit") is None
        assert page.locator("img[src='x']").count() == 0
        assert one.errors == []
    finally:
        with served_app.engine.begin() as conn:
            conn.execute(
                text("UPDATE facility SET name = :name WHERE id = :id"),
                {"name": row.name, "id": row.id},
            )


@pytest.mark.parametrize(
    "address",
    [
        "/map?layers=nothing.<script>&at=grids.grid.1",
        "/map?at=person.person.1",
        "/map?at=grids.grid.99999999999999999999",
        "/map?layers=grids&at=%00#map=99/0/0",
    ],
)
def test_a_link_that_names_what_is_not_there_still_opens_the_map(
    opened: Callable[..., tuple[Visit, Page, Frame]], address: str
) -> None:
    one, page, frame = opened(address=address)
    assert 8 <= frame.evaluate("map.getZoom()") <= 20
    assert one.errors == []
    expect(page.get_by_text("编号", exact=False).filter(has_text="出错")).to_have_count(0)


def test_a_supervisor_sees_own_cells_and_no_pipelines(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]]
) -> None:
    _one, page, frame = opened("supervisor")
    expect(page.get_by_text("地下管线", exact=True)).to_have_count(0)
    ids = frame.evaluate(
        "map.wanmi.layers.get('grids').currentTiles().flatMap("
        "t => [...(t.tile.get('grid')?.ids ?? [])])"
    )
    [(own,)] = served_app.rows(
        "SELECT array_agg(DISTINCT p.area_code) FROM post p JOIN web_session s"
        " USING (person_id) WHERE p.role = 'supervisor'"
    )
    assert ids
    assert all(any(str(code).startswith(prefix) for prefix in own) for code in ids)


def test_a_signed_out_person_reads_it_on_the_map(
    served_app: Site, opened: Callable[..., tuple[Visit, Page, Frame]]
) -> None:
    one, _page, frame = opened("planner", locale="en-GB")
    one.context.clear_cookies()
    frame.evaluate("map.setZoom(map.getZoom() + 2, {animate: false})")
    frame.wait_for_selector(".wanmi-message")
    assert "Sign in" in frame.inner_text(".wanmi-message")


def test_on_a_phone_the_map_comes_first_and_a_tap_shows_details(
    opened: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    one, page, _frame = opened(
        "planner",
        width=390,
        height=844,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        user_agent="Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140 Mobile Safari",
    )
    box = page.locator('iframe[title*="folium"]').bounding_box()
    assert box is not None
    assert box["y"] < 400
    assert box["x"] + box["width"] <= 390
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("所在网格").first).to_be_visible()
    assert one.errors == []
