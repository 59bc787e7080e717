"""Drawn pictures that stand for photos in the histories; each says in Chinese that it is none."""

import io
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import Connection

from gis.cases.settings import CaseSettings
from gis.config import CHECKOUT
from gis.demo.sizes import chance
from gis.files.commands import store_photo
from gis.files.images import Photo, read_photo

SHOWN = {
    "report": ("上报", True),
    "before": ("处置前", True),
    "after": ("处置后", False),
    "site": ("现场", True),
    "clear": ("现场", False),
}
"""What a picture is of: the word on it, and whether the trouble still stands there."""

THEMES = {
    "waste": "垃圾杂物",
    "sticker": "张贴污损",
    "vehicle": "车辆停放",
    "stall": "占道经营",
    "cover": "井盖路面",
    "other": "设施破损",
}
STREETS = 2
"""Streets per theme: pictures of one case show the same one."""

Pictures = Mapping[tuple[str, str, int], Photo]
"""By what is shown, theme and street."""

_FONT = CHECKOUT / "gis" / "ui" / "browser" / "dist" / "fonts" / "noto-sans-sc-700.woff2"
_SIDE, _KEPT = (800, 600), (560, 420)
_HORIZON = 360
_Spot = tuple[int, int, float]
"""Where a thing stands, and how large it is there."""


def draw_pictures(seed: int) -> Pictures:
    """Every picture of the demo: the same street with the trouble and without it."""
    return {
        (shown, theme, street): read_photo(
            _drawn(shown, theme, street, seed), zone=CaseSettings().zone
        )
        for theme in THEMES
        for street in range(STREETS)
        for shown in SHOWN
    }


def store_pictures(
    conn: Connection, pictures: Pictures, *, now: datetime, files: Path | None
) -> None:
    """
    Keep them as photos are kept.

    With `files` None the rows are written and the bytes are not kept: pages
    then show that the picture is missing.
    """
    with tempfile.TemporaryDirectory() as elsewhere:
        for photo in pictures.values():
            store_photo(conn, photo=photo, uploaded_by=None, now=now, root=files or Path(elsewhere))


def _drawn(shown: str, theme: str, street: int, seed: int) -> bytes:
    word, trouble = SHOWN[shown]
    rng = chance(seed, f"street {theme} {street}")
    image = Image.new("RGB", _SIDE, (205, 219, 230))
    draw = ImageDraw.Draw(image)
    _street(draw, rng)
    spots = [
        (int(x), int(y), 0.7 + (y - 430) / 160)
        for x, y in rng.integers((90, 430), (680, 540), (6, 2))
    ]
    _TROUBLES[theme](draw, sorted(spots, key=lambda spot: spot[1]), rng, trouble)
    _caption(draw, f"{word} · {THEMES[theme]}")
    out = io.BytesIO()
    image.resize(_KEPT, Image.Resampling.BILINEAR).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _street(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Grey walls with windows, trees, a footway and the road before them."""
    left = -20
    while left < _SIDE[0]:
        width, top = int(rng.integers(110, 210)), int(rng.integers(130, 230))
        shade = int(rng.integers(130, 175))
        draw.rectangle((left, top, left + width, _HORIZON), fill=(shade, shade - 4, shade - 10))
        draw.rectangle((left - 6, top - 14, left + width + 6, top), fill=(96, 92, 92))
        for x in range(left + 18, left + width - 34, 48):
            draw.rectangle((x, top + 34, x + 26, top + 74), fill=(92, 108, 122))
        left += width + 8
    draw.rectangle((0, _HORIZON, _SIDE[0], 420), fill=(186, 182, 174))
    for x in range(-40, 840, 40):
        draw.line((x, _HORIZON, x - 30, 420), fill=(170, 166, 158), width=2)
    draw.rectangle((0, 420, _SIDE[0], 428), fill=(150, 148, 144))
    draw.rectangle((0, 428, *_SIDE), fill=(120, 121, 126))
    for x in range(int(rng.integers(0, 80)), 800, 160):
        draw.rectangle((x, 556, x + 80, 564), fill=(214, 214, 208))
    for x in rng.integers(40, 760, 2):
        draw.rectangle((x - 7, 240, x + 7, 400), fill=(104, 82, 62))
        draw.ellipse((x - 64, 130, x + 64, 270), fill=(108, 140, 92))


def _waste(
    draw: ImageDraw.ImageDraw, spots: list[_Spot], rng: np.random.Generator, trouble: bool
) -> None:
    """A bin; before the work bags and boxes lie around it."""
    draw.rectangle((586, 318, 676, 424), fill=(62, 112, 84))
    draw.rectangle((578, 304, 684, 322), fill=(50, 92, 70))
    for x, y, size in spots if trouble else []:
        tint = tuple(int(v) for v in rng.integers((40, 40, 40), (120, 110, 100)))
        draw.ellipse((x, y - 50 * size, x + 74 * size, y), fill=tint)
        draw.rectangle((x + 60 * size, y - 34 * size, x + 108 * size, y), fill=(176, 138, 92))


def _sticker(
    draw: ImageDraw.ImageDraw, _spots: list[_Spot], rng: np.random.Generator, trouble: bool
) -> None:
    """A grey box by the wall, with papers or clean."""
    draw.rectangle((300, 210, 520, 410), fill=(128, 138, 136))
    draw.line((410, 210, 410, 410), fill=(98, 108, 106), width=4)
    for x, y in rng.integers((306, 218), (460, 350), (14, 2)) if trouble else []:
        draw.rectangle((x, y, x + 50, y + 40), fill=(244, 240, 218), outline=(170, 160, 140))
        draw.line((x + 7, y + 12, x + 42, y + 12), fill=(188, 46, 40), width=4)
        draw.line((x + 7, y + 25, x + 34, y + 25), fill=(90, 90, 90), width=3)


def _vehicle(
    draw: ImageDraw.ImageDraw, spots: list[_Spot], rng: np.random.Generator, trouble: bool
) -> None:
    """Cars across the footway, or one row of stands that is free."""
    for x in range(120, 700, 60):
        draw.arc((x, 372, x + 34, 440), 180, 360, fill=(92, 100, 108), width=5)
    for x, _y, _size in spots[:3] if trouble else []:
        tint = tuple(int(v) for v in rng.integers(60, 220, 3))
        draw.rounded_rectangle((x, 400, x + 210, 470), 18, fill=tint)
        draw.rounded_rectangle((x + 42, 356, x + 168, 420), 18, fill=tint)
        draw.rectangle((x + 60, 368, x + 150, 402), fill=(196, 214, 226))
        for wheel in (x + 32, x + 138):
            draw.ellipse((wheel, 446, wheel + 44, 490), fill=(36, 36, 40))


def _stall(
    draw: ImageDraw.ImageDraw, spots: list[_Spot], rng: np.random.Generator, trouble: bool
) -> None:
    """Tables under parasols on the footway; afterwards it is free."""
    for x, _y, _size in spots[:4] if trouble else []:
        tint = tuple(int(v) for v in rng.integers((150, 50, 40), (230, 150, 90)))
        draw.line((x + 60, 300, x + 60, 440), fill=(70, 70, 70), width=5)
        draw.polygon([(x - 30, 318), (x + 60, 256), (x + 150, 318)], fill=tint)
        draw.rectangle((x - 10, 396, x + 130, 410), fill=(150, 112, 74))
        for fruit in range(x, x + 120, 24):
            draw.ellipse((fruit, 378, fruit + 20, 398), fill=(222, 130, 48))


def _cover(
    draw: ImageDraw.ImageDraw, _spots: list[_Spot], _rng: np.random.Generator, trouble: bool
) -> None:
    """A manhole in the road: open and coned off, or with its cover on."""
    draw.ellipse((300, 452, 500, 524), fill=(78, 76, 74))
    if not trouble:
        draw.ellipse((308, 456, 492, 518), fill=(104, 102, 100))
        for x in range(330, 480, 26):
            draw.line((x, 462, x, 512), fill=(84, 82, 80), width=4)
        return
    draw.ellipse((314, 462, 486, 520), fill=(22, 20, 20))
    for x in (262, 532):
        draw.polygon([(x - 26, 500), (x, 420), (x + 26, 500)], fill=(226, 98, 40))
        draw.rectangle((x - 14, 456, x + 14, 470), fill=(246, 244, 240))


def _other(
    draw: ImageDraw.ImageDraw, spots: list[_Spot], _rng: np.random.Generator, trouble: bool
) -> None:
    """A railing: straight, or lying with broken slabs before it."""
    for n, x in enumerate(range(80, 720, 80)):
        down = trouble and 2 <= n <= 5
        tip = (x + 62, 414) if down else (x, 330)
        draw.line((x, 424, *tip), fill=(226, 228, 228), width=9)
        if not (trouble and 1 <= n <= 5):
            draw.line((x, 344, x + 80, 344), fill=(226, 228, 228), width=7)
            draw.line((x, 384, x + 80, 384), fill=(226, 228, 228), width=7)
    for x, y, size in spots if trouble else []:
        draw.polygon(
            [(x, y), (x + 40 * size, y - 12), (x + 64 * size, y + 8), (x + 18 * size, y + 18)],
            fill=(84, 84, 86),
        )


_TROUBLES: dict[
    str, Callable[[ImageDraw.ImageDraw, list[_Spot], np.random.Generator, bool], None]
] = {
    "waste": _waste,
    "sticker": _sticker,
    "vehicle": _vehicle,
    "stall": _stall,
    "cover": _cover,
    "other": _other,
}


def _caption(draw: ImageDraw.ImageDraw, words: str) -> None:
    draw.rectangle((0, 0, _SIDE[0], 58), fill=(34, 40, 48))
    draw.text((20, 10), words, fill="white", font=_font(30))
    draw.text(
        (_SIDE[0] - 20, 15), "演示图片，非真实照片", fill="white", font=_font(24), anchor="ra"
    )


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)
