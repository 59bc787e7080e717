"""Coordinates read, copied and typed, and one's own position."""

import pytest
from playwright.sync_api import Page, expect
from pyproj import Transformer

from tests.browser.map.tools_hands import (
    GEOD,
    Open,
    centre,
    click,
    frame,
    said,
    tool,
    word,
)

pytestmark = pytest.mark.browser

# ------------------------------------------------------------------ coordinates

TO_METRES = Transformer.from_crs(4490, 4548, always_xy=True)


def way(page: Page, name: str) -> str:
    return page.inner_text(f'[data-way="{name}"] .wt-way-value')


@pytest.mark.parametrize(
    ("lng", "lat"),
    [(116.4, 39.91), (116.32171, 39.84512), (117.0, 40.0), (118.49, 40.61), (115.51, 39.43)],
)
def test_projected_metres_are_those_of_proj(bench: Open, lng: float, lat: float) -> None:
    page = bench(f"#map=18/{lat:.5f}/{lng:.5f}")
    tool(page, "coordinates")
    page.keyboard.press("Enter")
    at = page.evaluate("[map.getCenter().lng, map.getCenter().lat]")
    frame(page)
    metres = [float(part) for part in way(page, "projected").split(", ")]
    assert metres == pytest.approx(TO_METRES.transform(*at), abs=0.006)
    assert way(page, "decimal") == f"{at[0]:.6f}, {at[1]:.6f}"


def test_the_position_follows_the_pointer_until_a_click_holds_it(bench: Open) -> None:
    page = bench()
    tool(page, "coordinates")
    x, y = centre(page)
    page.mouse.move(x + 50, y + 50)
    frame(page)
    followed = way(page, "decimal")
    [held] = click(page, (-80, -40))
    assert way(page, "decimal") == f"{held[0]:.6f}, {held[1]:.6f}" != followed
    page.mouse.move(x + 100, y)
    frame(page)
    assert way(page, "decimal") == f"{held[0]:.6f}, {held[1]:.6f}"
    title = page.get_attribute('[data-way="projected"] dt', "title")
    assert title == "CGCS2000 / 3-degree Gauss-Kruger CM 117E (EPSG:4548)"
    assert page.evaluate("window.reports.length") == 0


WITHOUT_CLIPBOARD = """
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
  window.copied = [];
  document.execCommand = (name) => {
    window.copied.push([name, document.activeElement.value]);
    return true;
  };
"""


def test_a_coordinate_is_copied_without_a_clipboard_too(bench: Open) -> None:
    page = bench(script=WITHOUT_CLIPBOARD)
    tool(page, "coordinates")
    click(page, (30, 30))
    page.click('[data-way="sexagesimal"] .wt-copy')
    assert page.evaluate("window.copied") == [["copy", way(page, "sexagesimal")]]
    expect(page.locator('[data-way="sexagesimal"] .wt-copy')).to_have_attribute(
        "aria-label", word("copied")
    )
    page.keyboard.press("Escape")
    assert page.evaluate("map.wanmi.paused") is False


# ------------------------------------------------------------------ go to


def go(page: Page, text: str) -> None:
    page.fill(".wt-input", text)
    page.keyboard.press("Enter")
    frame(page)


def test_a_typed_place_is_shown_whatever_way_it_is_written(bench: Open) -> None:
    page = bench()
    tool(page, "goto")
    metres = ", ".join(f"{part:.2f}" for part in TO_METRES.transform(116.41, 39.905))
    for text in ("116.41, 39.905", "北纬39°54′18″ 东经116°24′36″", metres, f"39{metres}"):
        page.evaluate("map.setView([39.92, 116.38], 13, {animate: false})")
        go(page, text)
        assert page.inner_text(".wt-fault") == "", text
        pin = page.evaluate("map.wanmi._pinMark.getLatLng()")
        assert (pin["lng"], pin["lat"]) == pytest.approx((116.41, 39.905), abs=2e-6), text
        shown = page.evaluate("[map.getCenter().lng, map.getCenter().lat, map.getZoom()]")
        assert shown[:2] == pytest.approx([116.41, 39.905], abs=1e-4) and shown[2] >= 17


def test_gcj02_is_taken_back_only_when_chosen(bench: Open) -> None:
    page = bench()
    tool(page, "goto")
    go(page, "116.404, 39.912")
    plain = page.evaluate("map.wanmi._pinMark.getLatLng()")
    assert plain["lng"] == pytest.approx(116.404)
    page.get_by_role("radio", name=word("goto.gcj02")).click()
    page.get_by_role("button", name=word("goto.go")).click()
    moved = page.evaluate("map.wanmi._pinMark.getLatLng()")
    away = GEOD.line_length([plain["lng"], moved["lng"]], [plain["lat"], moved["lat"]])
    assert 400 < away < 700


def test_a_place_that_cannot_be_is_refused_by_rule_and_value(bench: Open) -> None:
    page = bench()
    tool(page, "goto")
    hostile = "<img src=x onerror=window.hit=1>"
    for text, key, values in [
        ("", "goto.empty", {}),
        (hostile, "goto.unreadable", {"value": hostile}),
        ("39°61′N 116°24′E", "goto.sixty", {"value": "61"}),
        ("38448697, 4419819", "goto.other_zone",
         {"value": "38448697", "zone": "38", "crs": "EPSG:4548", "wanted": "39 / 20"}),
    ]:  # fmt: skip
        go(page, text)
        assert page.inner_text(".wt-fault") == word(key, **values)
    go(page, "121.47, 31.23")
    assert "121.47, 31.23" in page.inner_text(".wt-fault")
    assert page.get_attribute(".wt-input", "aria-invalid") == "true"
    assert page.evaluate("[window.hit, map.wanmi._pinMark ?? null]") == [None, None]


# ------------------------------------------------------------------ locate

AT = {"latitude": 39.912, "longitude": 116.402, "accuracy": 35}


def test_the_position_is_shown_with_its_accuracy_and_followed_until_the_map_is_pulled(
    bench: Open,
) -> None:
    page = bench(permissions=["geolocation"], geolocation=AT)
    tool(page, "locate")
    expect(said(page)).to_have_text(word("locate.accuracy", metres="35"))
    circle = """() => {
      let found = null;
      map.eachLayer((layer) => { if (layer instanceof L.Circle) found = layer; });
      return found && [found.getLatLng().lng, found.getLatLng().lat, found.getRadius()]; }"""
    assert page.evaluate(circle) == [116.402, 39.912, 35]
    assert page.evaluate("map.getZoom()") >= 17
    button = page.locator('[data-tool="locate"]')
    expect(button).to_have_attribute("aria-pressed", "true")
    page.context.set_geolocation({**AT, "longitude": 116.403})
    page.wait_for_function("() => Math.abs(map.getCenter().lng - 116.403) < 5e-5")
    x, y = centre(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y, steps=5)
    page.mouse.up()
    expect(button).to_have_attribute("data-state", "show")
    button.click()
    expect(button).to_have_attribute("data-state", "follow")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(circle) is None


def test_a_refused_position_and_a_site_without_https_are_told(bench: Open) -> None:
    page = bench(script="Object.defineProperty(window, 'isSecureContext', { value: false });")
    tool(page, "locate")
    expect(said(page)).to_have_text(word("locate.insecure"))
    refused = bench(
        script="""navigator.geolocation.watchPosition = (ok, fail) => {
          setTimeout(() => fail({ code: 1 })); return 1; };"""
    )
    tool(refused, "locate")
    expect(said(refused)).to_have_text(word("locate.refused"))
    expect(refused.locator('[data-tool="locate"]')).to_have_attribute("aria-pressed", "false")
