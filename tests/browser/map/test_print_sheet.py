"""The map on paper: one page of the right size, with what a sheet must say."""

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

READY_MOST_MS = 90_000
MM_PER_POINT = 25.4 / 72
SIZES_MM = {
    ("a4", "landscape"): (297, 210),
    ("a4", "portrait"): (210, 297),
    ("a3", "landscape"): (420, 297),
    ("a3", "portrait"): (297, 420),
}
STATE = "#map=15/39.92810/116.41640&layers=roads,grids,pipelines,cases"
Sheet = Callable[..., tuple[Visit, Page]]


@pytest.fixture
def sheet(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Sheet:
    def open_sheet(
        query: str = "", state: str = STATE, role: str = "dispatcher", locale: str = "zh-CN"
    ) -> tuple[Visit, Page]:
        one = visit(locale=locale, again=True)
        page = signed_in(one.page(), role)
        page.goto(f"{served_app.url}/print/map{query}{state}")
        page.wait_for_selector("html[data-ready=yes]", timeout=READY_MOST_MS)
        return one, page

    return open_sheet


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


@pytest.mark.parametrize(("paper", "turn"), SIZES_MM)
def test_a_sheet_is_one_page_of_its_size_with_title_legend_and_scale(
    sheet: Sheet, paper: str, turn: str
) -> None:
    one, page = sheet(f"?paper={paper}&turn={turn}&title=Pipes+of+the+old+town")
    pdf = printed(page)
    assert len(pdf.pages) == 1
    box = pdf.pages[0].mediabox
    wide, high = SIZES_MM[(paper, turn)]
    assert float(box.width) * MM_PER_POINT == pytest.approx(wide, abs=0.5)
    assert float(box.height) * MM_PER_POINT == pytest.approx(high, abs=0.5)
    words = pdf.pages[0].extract_text()
    assert "Pipes of the old town" in words
    assert re.search(r"1 : [\d,]+", words)
    for text in (
        "图例",
        "在办案卷",
        "已超时",
        "地下管线",
        "天然气",
        "四级网格",
        "演示数据",
        "打印",
    ):
        assert text in words, text
    assert "标题" not in words  # the bar stays on the screen
    assert one.errors == []
    assert [line for line in one.failed if "favicon" not in line] == []


def test_the_legend_is_not_cut_however_much_is_shown(sheet: Sheet) -> None:
    everything = "#map=15/39.92810/116.41640&layers=" + ",".join(
        ["water_green", "population", "land_use", "buildings", "roads", "grids", "pipelines",
         "components", "hospitals", "cases"]
    )  # fmt: skip
    for turn in ("landscape", "portrait"):
        _one, page = sheet(f"?turn={turn}", everything, role="dispatcher")
        cut = page.evaluate(
            "(() => { const r = document.getElementById('legend');"
            " return [r.scrollHeight - r.clientHeight, r.scrollWidth - r.clientWidth]; })()"
        )
        assert max(cut) <= 1, turn


def test_the_map_is_painted_for_paper_and_shows_the_view_of_the_link(sheet: Sheet) -> None:
    _one, page = sheet()
    canvas = page.evaluate(
        "(() => { const c = [...document.querySelectorAll('canvas.wanmi-tile')]"
        ".find((one) => one.width > 0);"  # a tile with nothing in it holds no picture
        " return c.width / c.clientWidth; })()"
    )
    assert canvas >= 2
    view = page.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    assert view == pytest.approx([15, 39.9281, 116.4164], abs=1e-4)


@pytest.mark.parametrize("scale", [1000, 5000])
def test_a_chosen_scale_is_exact_on_paper(sheet: Sheet, scale: int) -> None:
    _one, page = sheet(f"?scale={scale}", "#layers=roads,grids")
    expect(page.locator("#ratio")).to_have_text(f"1 : {scale:,}")
    bar_mm, shown = page.evaluate(
        "[document.getElementById('bar').getBoundingClientRect().width * 25.4 / 96,"
        " document.getElementById('bar-text').textContent]"
    )
    metres = float(shown.split()[0]) * (1000 if shown.endswith("km") else 1)
    assert bar_mm / 1000 * scale == pytest.approx(metres, rel=0.01)
    wide_m = page.evaluate(
        "(() => { const b = map.getBounds(), y = map.getCenter().lat;"
        " return map.distance([y, b.getWest()], [y, b.getEast()]); })()"
    )
    assert page.evaluate("map.wanmi.labels.count") > 0  # between two zooms of tiles too
    frame_mm = page.evaluate("map.getSize().x * 25.4 / 96")
    assert wide_m / (frame_mm / 1000) == pytest.approx(scale, rel=0.01)


def test_what_the_reader_may_not_see_is_named_and_not_shown(sheet: Sheet) -> None:
    _one, page = sheet("", "#layers=grids,pipelines,nothing", role="supervisor")
    expect(page.locator("#missing")).to_contain_text("pipelines, nothing")
    expect(page.locator("#legend")).not_to_contain_text("地下管线")


def test_a_title_is_text_and_stays_in_the_address(sheet: Sheet) -> None:
    _one, page = sheet("?title=%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D1%3E")
    expect(page.locator("#title")).to_have_text("<img src=x onerror=window.hit=1>")
    assert page.evaluate("window.hit") is None
    page.locator("#title-box").fill("东城区")
    page.locator("#title-box").blur()
    expect(page.locator("#title")).to_have_text("东城区")
    expect(page).to_have_url(re.compile(r"title=%E4%B8%9C.*#map="))


def test_another_paper_keeps_what_is_shown(sheet: Sheet) -> None:
    _one, page = sheet("?paper=a4", locale="en-GB")
    page.get_by_label("Paper").select_option("a3")
    page.wait_for_url(re.compile(r"paper=a3.*#map=15/39\.92810"))
    page.wait_for_selector("html[data-ready=yes]", timeout=READY_MOST_MS)
    expect(page.locator("main")).to_have_class(re.compile("a3"))
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_enabled()
    expect(page.locator("#legend h2")).to_have_text("Legend")
