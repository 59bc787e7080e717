"""The map page as people use it: the workbench over the real routes, and the forms around it."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Locator, Page, WebSocket, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=window.hit=1>`${window.hit=1}` {{ 7*7 }}"
IFRAME = 'iframe[title*="folium"]'
WAIT_MS = 30_000
PHONE: dict[str, Any] = {
    "width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2,
    "user_agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140 Mobile Safari",
}  # fmt: skip


class Opened:
    """The page, the map's frame in it, and how often the page's script was asked to run."""

    def __init__(self, visit: Visit, page: Page) -> None:
        self.visit, self.page = visit, page
        self.asked: list[str | bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if "_stcore/stream" in socket.url:
            socket.on("framesent", self._keep)

    def _keep(self, sent: str | bytes) -> None:
        self.asked.append(sent)

    def go(self, address: str) -> "Opened":
        self.page.goto(address)
        self.settled()
        return self

    @property
    def frame(self) -> Frame:
        self.page.wait_for_selector(IFRAME)
        self.page.frame_locator(IFRAME).locator("canvas.wanmi-tile").first.wait_for(timeout=WAIT_MS)
        return next(f for f in self.page.frames if "streamlit_folium" in f.url)

    @property
    def bench(self) -> Any:
        return self.page.frame_locator(IFRAME)

    def settled(self) -> None:
        self.until("() => window.map?.bench?.pile._ready && !map.wanmi.isBusy()")

    def until(self, condition: str) -> None:
        self.frame.wait_for_function(condition, timeout=WAIT_MS)

    def shown(self) -> list[str]:
        names: list[str] = self.frame.evaluate(
            "map.wanmi.visible().map(l => l.options.name).sort()"
        )
        return names

    def layer(self, title: str) -> Locator:
        found: Locator = self.bench.get_by_role("checkbox", name=title)
        return found

    def click_at(self, lat: float, lon: float) -> None:
        """Click the map where a place is."""
        x, y = self.frame.evaluate(
            f"(() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]),"
            " b = map.getContainer().getBoundingClientRect();"
            " return [p.x + b.left, p.y + b.top]; })()"
        )
        box = self.page.locator(IFRAME).bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + x, box["y"] + y)


@pytest.fixture
def opened(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Callable[..., Opened]:
    def open_map(role: str = "planner", address: str = "/map", **options: Any) -> Opened:
        one = visit(again=True, **options)
        return Opened(one, signed_in(one.page(), role)).go(served_app.url + address)

    return open_map


def a_cell(site: Site) -> tuple[str, float, float]:
    """A unit grid and a place inside it."""
    [(code, lon, lat)] = site.rows(
        "SELECT code, ST_X(p), ST_Y(p) FROM (SELECT code, ST_PointOnSurface(geom) AS p"
        " FROM grid_cell ORDER BY code LIMIT 1 OFFSET 5) AS t"
    )
    assert isinstance(lon, float)
    assert isinstance(lat, float)
    return str(code), lon, lat


def test_the_map_fills_the_window_asks_nothing_outside_and_nothing_fails(
    opened: Callable[..., Opened],
) -> None:
    one = opened()
    assert one.shown() == ["buildings", "grids", "roads", "water_green"]
    assert one.frame.evaluate("map.wanmi.visible().some(l => l.stats.features > 50)")
    one.until("() => map.wanmi.labels.count > 0")
    assert one.frame.evaluate("document.fonts.check('12px \"Noto Sans SC\"', '网')")
    box = one.page.locator(IFRAME).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(900, abs=1)
    assert box["height"] > 800
    assert one.page.evaluate(
        "[...document.querySelectorAll('html, body, [data-testid=stMain]')]"
        ".every(e => e.scrollHeight <= innerHeight + 1)"
    )
    assert one.visit.outside == []
    assert one.visit.errors == []
    assert one.visit.failed == []


def test_layers_clicks_and_search_never_run_the_page_s_script(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    code, lon, lat = a_cell(served_app)
    one = opened()
    one.page.wait_for_timeout(1000)  # the component's first words to the page
    runs = len(one.asked)
    one.frame.evaluate("window.kept = true")
    one.layer("地下管线").check()
    one.until("() => map.wanmi.layers.get('pipelines')")
    expect(one.bench.get_by_text("天然气", exact=True)).to_be_visible()
    one.bench.get_by_role("combobox", name="搜索").fill(code)
    one.bench.get_by_role("option").first.click()
    one.until("() => map.getZoom() >= 16")
    assert one.frame.evaluate(f"map.getBounds().contains([{lat}, {lon}])")
    expect(one.bench.locator(".wb-right")).to_contain_text(code)
    one.click_at(lat, lon)
    expect(one.page).to_have_url(re.compile(r"#map=1[678].*layers=.*pipelines"))
    assert one.frame.evaluate("window.kept")
    assert len(one.asked) == runs


def test_a_click_shows_the_grid_and_the_link_brings_it_back(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    code, lon, lat = a_cell(served_app)
    one = opened(address=f"/map#map=17/{lat:.5f}/{lon:.5f}&layers=water_green,grids")
    one.click_at(lat, lon)
    panel = one.bench.locator(".wb-right")
    expect(panel).to_contain_text(code)
    expect(one.page).to_have_url(re.compile(rf"at=grids\.grid\.{code}"))
    again = opened(address=one.page.url.removeprefix(served_app.url))
    expect(again.bench.locator(".wb-right")).to_contain_text(code)
    assert again.shown() == ["grids", "water_green"]
    assert again.frame.evaluate("map.getZoom()") == 17
    assert again.frame.evaluate("map.wanmi.selected.id") == int(code)


def test_a_link_of_another_page_opens_at_its_feature(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    [(key, lon, lat)] = served_app.rows(
        "SELECT id, ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM parcel"
        " ORDER BY id LIMIT 1"
    )
    one = opened(address=f"/map?layers=grids.land_use&at=land_use.parcel.{key}")
    assert one.shown() == ["grids", "land_use"]
    one.until(f"() => map.getZoom() >= 15 && map.getBounds().contains([{lat}, {lon}])")
    expect(one.bench.get_by_text("地块编号").first).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "/map?layers=nothing.<script>&at=grids.grid.1",
        "/map?at=person.person.1",
        "/map?at=grids.grid.99999999999999999999",
        "/map?layers=grids&at=%00#map=99/0/0",
        "/map#layers=nothing,pipelines,grids&view=77",
    ],
)
def test_a_link_that_names_what_is_not_there_still_opens_the_map(
    opened: Callable[..., Opened], address: str
) -> None:
    one = opened("supervisor", address=address)
    assert 8 <= one.frame.evaluate("map.getZoom()") <= 20
    assert "pipelines" not in one.shown()
    assert one.visit.errors == []


def test_hostile_names_are_shown_as_text_and_nothing_runs(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    with served_app.engine.begin() as conn:
        row = conn.execute(text("SELECT id, name FROM facility ORDER BY id LIMIT 1")).one()
        conn.execute(
            text("UPDATE facility SET name = :name WHERE id = :id"),
            {"name": HOSTILE, "id": row.id},
        )
    try:
        one = opened(address=f"/map?layers=hospitals.grids&at=hospitals.hospital.{row.id}")
        expect(one.bench.get_by_text("<img src=x onerror=window.hit=1>").first).to_be_visible()
        assert one.page.evaluate("window.hit") is None
        assert one.frame.evaluate("window.hit") is None
        assert one.bench.locator("img[src='x']").count() == 0
        assert one.visit.errors == []
    finally:
        with served_app.engine.begin() as conn:
            conn.execute(
                text("UPDATE facility SET name = :name WHERE id = :id"),
                {"name": row.name, "id": row.id},
            )


def test_a_supervisor_sees_own_cells_and_no_pipelines(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    one = opened("supervisor")
    expect(one.bench.get_by_text("地下管线", exact=True)).to_have_count(0)
    one.until("() => map.wanmi.layers.get('grids').stats.features > 0")
    ids = one.frame.evaluate(
        "map.wanmi.layers.get('grids').currentTiles().flatMap("
        "t => [...(t.tile.get('grid')?.ids ?? [])])"
    )
    [(own,)] = served_app.rows(
        "SELECT array_agg(DISTINCT p.area_code) FROM post p JOIN web_session s"
        " USING (person_id) WHERE p.role = 'supervisor'"
    )
    assert isinstance(own, list)
    assert all(any(str(code).startswith(prefix) for prefix in own) for code in ids)


def test_a_signed_out_person_reads_it_on_the_map(opened: Callable[..., Opened]) -> None:
    one = opened("planner", locale="en-GB")
    one.visit.context.clear_cookies()
    one.frame.evaluate("map.setZoom(map.getZoom() + 2, {animate: false})")
    expect(one.bench.get_by_text("Sign in").first).to_be_visible(timeout=WAIT_MS)


def test_a_new_case_appears_without_a_reload_and_without_a_run(
    served_app: Site, opened: Callable[..., Opened], visit: Any, signed_in: Any
) -> None:
    street = signed_in(visit().page(), "supervisor")
    [(cells,)] = served_app.rows(
        "SELECT array_agg(area_code) FROM post JOIN person ON person.id = person_id"
        " JOIN web_session s USING (person_id) WHERE role = 'supervisor'"
    )
    assert isinstance(cells, list)
    [(lon, lat)] = served_app.rows(
        "SELECT ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM grid_cell"
        " WHERE code ^@ ANY(:cells) ORDER BY code DESC LIMIT 1",
        cells=cells,
    )
    one = opened("dispatcher", address=f"/map#map=18/{lat}/{lon}&layers=cases")
    one.page.wait_for_timeout(1000)
    runs = len(one.asked)
    seen = (
        "map.wanmi.layers.get('cases').currentTiles()"
        ".flatMap(t => [...(t.tile.get('case')?.ids ?? [])])"
    )
    before = set(one.frame.evaluate(seen))
    report = {
        "kind": "event", "class_code": "0110", "description": "垃圾", "lon": lon, "lat": lat,
        "accuracy_m": 5, "grid_code": None, "located_by": "gps", "photos": [],
        "client_time": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    answer = street.context.request.post(
        f"{served_app.url}/api/cases",
        data=report,
        headers={"Idempotency-Key": "a-live-case", "Origin": served_app.url},
    )
    assert answer.ok, answer.text()
    number = answer.json()["number"]
    [(key,)] = served_app.rows("SELECT id FROM cases WHERE number = :number", number=number)
    assert key not in before
    one.until(f"() => {seen}.includes({key})")
    assert len(one.asked) == runs


def draw_box(one: Opened) -> None:
    """Pull a rectangle over the middle of the map with the tool."""
    one.bench.get_by_role("button", name="圈选要素").click()
    box = one.bench.locator(".wb-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    one.page.mouse.move(x - 90, y - 90)
    one.page.mouse.down()
    one.page.mouse.move(x, y, steps=4)
    one.page.mouse.move(x + 90, y + 90, steps=4)
    one.page.mouse.up()
    one.bench.get_by_role("button", name="列出要素").click()


def saved(one: Opened, dialog: Locator, label: str, folder: Path) -> bytes:
    with one.page.expect_download(timeout=WAIT_MS) as waiting:
        dialog.get_by_role("button", name=label).first.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file.read_bytes()


def test_a_drawn_selection_becomes_a_table_and_files(
    opened: Callable[..., Opened], tmp_path: Path
) -> None:
    one = opened("planner", accept_downloads=True)
    draw_box(one)
    dialog = one.page.get_by_role("dialog")
    expect(dialog.get_by_role("tab", name=re.compile("四级网格"))).to_be_visible(timeout=WAIT_MS)
    expect(dialog.get_by_text(re.compile(r"区域内共 \d+ 个")).first).to_be_visible()
    rows = list(
        csv.DictReader(io.StringIO(saved(one, dialog, "CSV", tmp_path).decode("utf-8-sig")))
    )
    assert rows
    collection = json.loads(saved(one, dialog, "GeoJSON", tmp_path))
    assert len(collection["features"]) == len(rows)
    assert all(f["geometry"]["type"] == "Polygon" for f in collection["features"])
    assert saved(one, dialog, "XLSX", tmp_path).startswith(b"PK")
    assert one.frame.evaluate("map.bench !== undefined")
    assert one.visit.errors == []


def test_a_view_is_saved_listed_and_opened_again(opened: Callable[..., Opened]) -> None:
    one = opened("planner", address="/map#map=16/39.92000/116.41200&layers=grids,land_use*0.5")
    one.frame.evaluate("window.kept = true")
    one.bench.get_by_role("button", name="视图", exact=True).click()
    one.bench.get_by_role("button", name="保存当前视图").click()
    dialog = one.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="视图名称").fill("用地一览")
    counted = dialog.get_by_test_id("InputInstructions")
    expect(counted).to_have_text(re.compile(r"^4/\d+$"), use_inner_text=True)  # no English hint
    dialog.get_by_role("button", name="保存当前视图").click()
    expect(one.page.get_by_text("视图“用地一览”已保存")).to_be_visible(timeout=WAIT_MS)
    assert one.frame.evaluate("window.kept")
    one.layer("土地利用现状").uncheck()
    one.frame.evaluate("map.setZoom(13, {animate: false})")
    one.bench.get_by_role("button", name="视图", exact=True).click()
    one.bench.get_by_role("button", name="用地一览").click()
    one.until("() => map.getZoom() === 16 && map.bench.pile.isShown('land_use')")
    assert one.frame.evaluate("map.bench.pile.opacity('land_use')") == 0.5
    assert one.shown() == ["grids", "land_use"]


def test_the_print_tool_leads_to_a_sheet_of_what_is_shown(opened: Callable[..., Opened]) -> None:
    one = opened("planner", address="/map#map=15/39.92000/116.41200&layers=roads,grids")
    one.bench.get_by_role("button", name="打印地图").click()
    with one.visit.context.expect_page() as waiting:
        one.bench.get_by_role("link", name="打开打印页").click()
    sheet = waiting.value
    sheet.wait_for_selector("html[data-ready=yes]", timeout=3 * WAIT_MS)
    expect(sheet.locator("#title")).to_have_text("四级网格")
    assert sheet.evaluate("map.getZoom()") == 15
    assert one.visit.outside == []


def test_in_english_the_whole_workbench_speaks_english(opened: Callable[..., Opened]) -> None:
    one = opened("planner", locale="en-GB")
    expect(one.layer("Underground pipelines")).to_be_visible()
    words = one.frame.evaluate("document.querySelector('.wb-left').innerText")
    assert not re.search(r"[\u4e00-\u9fff]", words), words


def test_on_a_phone_the_map_fills_the_screen_and_a_tap_shows_details(
    served_app: Site, opened: Callable[..., Opened]
) -> None:
    code, lon, lat = a_cell(served_app)
    one = opened("planner", address=f"/map#map=17/{lat:.5f}/{lon:.5f}&layers=grids", **PHONE)
    box = one.page.locator(IFRAME).bounding_box()
    assert box is not None
    assert box["y"] < 60
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    x, y = one.frame.evaluate(
        f"(() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]),"
        " b = map.getContainer().getBoundingClientRect(); return [p.x + b.left, p.y + b.top]; })()"
    )
    one.page.touchscreen.tap(box["x"] + x, box["y"] + y)
    expect(one.bench.locator(".wb-right")).to_contain_text(code)
    assert one.visit.errors == []
