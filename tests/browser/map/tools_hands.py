"""What a person does with the tools of the map, and what they read there."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page
from pyproj import Geod

from gis.i18n import translate
from gis.tiles.words import WORDS

GEOD = Geod(ellps="GRS80")
HERE = "#map=14/39.91000/116.40000"
Open = Callable[..., Page]


def word(key: str, **values: object) -> str:
    """A sentence of the map in Chinese."""
    return translate(WORDS[key], "zh-CN").format(**values)


def tool(page: Page, name: str) -> None:
    page.click(f'[data-tool="{name}"]')


def centre(page: Page) -> tuple[float, float]:
    """The middle of the map in pixels of the page."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lnglat(page: Page, x: float, y: float) -> tuple[float, float]:
    """The place under a pixel of the page."""
    found = page.evaluate(
        """([x, y]) => { const box = map.getContainer().getBoundingClientRect();
        const at = map.containerPointToLatLng([x - box.left, y - box.top]);
        return [at.lng, at.lat]; }""",
        [x, y],
    )
    return found[0], found[1]


def click(page: Page, *offsets: tuple[int, int]) -> list[tuple[float, float]]:
    """Click at offsets from the middle of the map; answers the places."""
    x, y = centre(page)
    places = []
    for dx, dy in offsets:
        places.append(lnglat(page, x + dx, y + dy))
        page.mouse.click(x + dx, y + dy)
        frame(page)
    return places


def frame(page: Page) -> None:
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def number(text: str) -> float:
    found = re.search(r"[\d,]+(\.\d+)?", text)
    assert found, text
    return float(found.group().replace(",", ""))


def figure(page: Page) -> str:
    return page.inner_text(".wt-figure")


def pile(page: Page) -> list[str]:
    shown: list[str] = page.evaluate("bench.pile.list().map(({ id }) => id)")
    return shown


def link(page: Page) -> str:
    """The address after the workbench has written it."""
    page.wait_for_function("() => location.hash === '#' + bench.link.text().replace(/^#/, '')")
    return str(page.evaluate("decodeURIComponent(location.hash)"))


def said(page: Page) -> Locator:
    """The sentence above the map."""
    return page.locator(".wb-message[role=status]")
