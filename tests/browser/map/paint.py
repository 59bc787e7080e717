"""What tests of the painted map share: colours, and waiting for the picture."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Page

BLUE, GREEN, RED = [0, 0, 255, 255], [0, 255, 0, 255], [255, 0, 0, 255]
NOTHING = [0, 0, 0, 0]


def settled(page: Page) -> None:
    page.wait_for_function("() => !map.wanmi.isBusy()")
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def colour_on_screen(page: Page, x: float, y: float) -> tuple[int, int, int]:
    """The colour people see there, layers, clips and opacity included."""
    shot = page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1})
    red, green, blue = Image.open(BytesIO(shot)).convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    return red, green, blue
