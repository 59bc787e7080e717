"""Drawn pictures that stand for photos in the histories; each says that it is none."""

import io
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import Connection

from gis.cases.settings import CaseSettings
from gis.files.commands import store_photo
from gis.files.images import read_photo

PURPOSES = ("report", "before", "after", "check")
EACH = 3
_SIDE = (800, 600)
_GROUND = {
    "report": (196, 164, 132),
    "before": (178, 140, 120),
    "after": (150, 182, 150),
    "check": (146, 170, 196),
}


def store_photos(
    conn: Connection, *, seed: int, now: datetime, files: Path | None
) -> dict[str, list[str]]:
    """
    Draw and keep a few pictures per purpose; answers their hashes.

    With `files` None the rows are written and the bytes are not kept: pages
    then show that the picture is missing.
    """
    with tempfile.TemporaryDirectory() as elsewhere:
        root = files or Path(elsewhere)
        return {
            purpose: [
                store_photo(
                    conn,
                    photo=read_photo(_drawn(purpose, n, seed), zone=CaseSettings().zone),
                    uploaded_by=None,
                    now=now,
                    root=root,
                )
                for n in range(EACH)
            ]
            for purpose in PURPOSES
        }


def _drawn(purpose: str, number: int, seed: int) -> bytes:
    """A street in flat colours, and what it is, in big letters."""
    rng = np.random.default_rng([seed, PURPOSES.index(purpose), number])
    image = Image.new("RGB", _SIDE, (214, 224, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, *_SIDE), fill=_GROUND[purpose])
    draw.polygon([(250, 600), (380, 380), (420, 380), (550, 600)], fill=(110, 110, 116))
    for left in range(0, 800, 100):
        top = int(rng.integers(180, 320))
        shade = int(rng.integers(120, 190))
        draw.rectangle((left + 6, top, left + 92, 380), fill=(shade, shade - 10, shade - 20))
    if purpose in ("report", "before"):
        for _ in range(9):
            x, y = (int(v) for v in rng.integers((300, 470), (500, 560)))
            draw.ellipse((x, y, x + 46, y + 26), fill=(70, 60, 50))
    font = ImageFont.load_default(size=34)
    draw.text((24, 24), f"GENERATED - NOT A PHOTO\n{purpose} {number + 1}", "black", font=font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
