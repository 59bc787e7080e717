"""Before and after of one place: side by side, or one drawn across the other, also by keyboard."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from gis.cases.screen import PURPOSES
from gis.errors import Term
from gis.ui.words import _, name_of

Photo = tuple[Term, str]
"""Purpose and sha256, as the time line holds them."""
_HERE = Path(__file__).parent
_BEFORE: Final = ("before", "verification", "report")
_AFTER: Final = ("after", "check")


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _newest(photos: Sequence[Photo], purposes: Iterable[str]) -> Photo | None:
    for purpose in purposes:
        fitting = [photo for photo in photos if photo[0] == PURPOSES[purpose]]
        if fitting:
            return fitting[-1]
    return None


def pair_of(photos: Sequence[Photo]) -> tuple[Photo, Photo] | None:
    """
    The photos that show what was done: the newest before it and the newest after it.

    Before: one taken for it, else of the verification, else of the report. After: of the
    department, else of the check. None where one of them is missing.
    """
    before, after = _newest(photos, _BEFORE), _newest(photos, _AFTER)
    return (before, after) if before and after else None


def photo_compare(photos: Sequence[Photo], *, key: str) -> bool:
    """Draw the pair of a case, oldest photo first; False where there is none to draw."""
    pair = pair_of(photos)
    if pair is None:
        return False
    before, after = ({"sha256": sha256, "words": name_of(name)} for name, sha256 in pair)
    st.components.v2.component(
        "wanmi_photo_compare", html="<section></section>", css=_text("compare.css"),
        js=_text("compare.js"),
    )(
        data={
            "before": before,
            "after": after,
            "words": {
                "title": _("Before and after"),
                "swipe": _("Draw one across the other"),
                "beside": _("Show side by side"),
                "edge": _("Edge between before and after"),
            },
        },
        key=key,
    )  # fmt: skip
    return True
