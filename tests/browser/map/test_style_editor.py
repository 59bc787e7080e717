"""The editor of styles as administrators use it: change, look, save, see it on the map, go back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

COLOUR = "#c2185b"
PAINTED = """(name) => {
  const tiles = map.wanmi.layers.get(name).currentTiles();
  const record = tiles.find(({ tile }) => tile.get('building')?.length);
  if (!record) return null;
  const { width, height } = record.canvas;
  const data = record.canvas.getContext('2d').getImageData(0, 0, width, height).data;
  const counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 250) continue;
    const key = '#' + [0, 1, 2].map((k) => data[i + k].toString(16).padStart(2, '0')).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}"""
"""The colour most pixels of a tile with buildings have."""


def frame_of(page: Page) -> Frame:
    page.wait_for_selector('iframe[title*="folium"]')
    page.frame_locator('iframe[title*="folium"]').locator("canvas.wanmi-tile").first.wait_for()
    return next(f for f in page.frames if "streamlit_folium" in f.url)


def gone(frame: Frame) -> None:
    """Wait for the end of a frame: another layer's preview is another map."""
    for _ in range(120):
        if frame.is_detached():
            return
        frame.page.wait_for_timeout(250)
    pytest.fail("the preview of the first layer stays")


def painted(frame: Frame, colour: str) -> None:
    frame.wait_for_function(
        f"(wanted) => window.map && !map.wanmi.isBusy() && ({PAINTED})('buildings') === wanted",
        arg=colour,
    )


@pytest.fixture
def editor(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Callable[..., tuple[Visit, Page, Frame]]:
    def open_editor(layer: str, **options: Any) -> tuple[Visit, Page, Frame]:
        one = visit(**options)
        page = signed_in(one.page(), "administrator")
        page.goto(f"{served_app.url}/styles")
        before = frame_of(page)
        choice = page.get_by_role("combobox", name=re.compile("图层"))
        choice.click()
        page.get_by_role("option", name=re.compile(layer)).click()
        expect(choice).to_have_value(re.compile(layer))
        gone(before)
        return one, page, frame_of(page)

    return open_editor


def pick(page: Page, label: str, colour: str) -> None:
    """Choose a colour in Streamlit's picker by its code."""
    page.get_by_role("button", name=f"{label} color picker").first.click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill(colour)
    page.keyboard.press("Escape")


def test_a_style_is_tried_out_saved_shown_on_the_map_and_taken_back(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
    editor: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    one, page, frame = editor("建筑")
    painted(frame, "#e6dfd3")
    frame.evaluate("window.kept = true")
    asked = len([url for url in one.requests if "/tiles/buildings/" in url])
    pick(page, "颜色", COLOUR)
    painted(frame, COLOUR)
    assert frame.evaluate("window.kept")
    assert len([url for url in one.requests if "/tiles/buildings/" in url]) == asked

    page.get_by_role("textbox", name="说明").fill("给防汛演练看")
    page.get_by_role("button", name="保存为版本 1").click()
    expect(page.get_by_text("给防汛演练看")).to_be_visible()

    def on_the_map(colour: str) -> None:
        planner = signed_in(visit().page(), "planner")
        planner.goto(f"{served_app.url}/map#map=17/{centre}")
        seen = frame_of(planner)
        painted(seen, colour)

    [(lat, lon)] = served_app.rows(
        "SELECT ST_Y(p), ST_X(p) FROM (SELECT ST_Centroid(geom) AS p FROM building"
        " ORDER BY id LIMIT 1) AS t"
    )
    centre = f"{float(str(lat)):.5f}/{float(str(lon)):.5f}"
    on_the_map(COLOUR)
    page.get_by_role("button", name="重新启用").click()
    expect(page.get_by_text(re.compile("版本 2"))).not_to_have_count(0)
    painted(frame_of(page), "#e6dfd3")
    on_the_map("#e6dfd3")
    assert one.errors == []


def test_a_refused_style_stays_in_the_form_and_the_map_keeps_the_last_good_one(
    editor: Callable[..., tuple[Visit, Page, Frame]],
) -> None:
    _one, page, frame = editor("建筑")
    painted(frame, "#e6dfd3")
    opacity = page.get_by_role("textbox", name="不透明度")
    opacity.fill("很淡")
    opacity.press("Enter")
    expect(page.get_by_text(re.compile("此样式无法绘制"))).to_be_visible()
    expect(opacity).to_have_value("很淡")
    expect(page.get_by_role("button", name="保存为版本")).to_be_disabled()
    painted(frame, "#e6dfd3")
