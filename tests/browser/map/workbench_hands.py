"""How tests reach the parts of the workbench."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.map.workbench_site import WorkbenchSite, config

PHONE: dict[str, Any] = {
    "width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2,
}  # fmt: skip


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


def site_layers() -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = config()["layers"]
    return layers
