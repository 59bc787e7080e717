"""PDFs, videos and voice notes of a step: links to download and players, never a page inside."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from gis.files.documents import EXTENSIONS
from gis.ui.words import _, local_number

_STYLE = "display:block;max-width:100%;margin:0 0 4px"


def file_row(files: Sequence[tuple[str, str, int]]) -> None:
    """
    Each file as (sha256, media type, bytes).

    Hashes are hexadecimal and types are ours: nothing of people is in the HTML.
    """
    if files:
        st.html("".join(_item(*file) for file in files))


def _item(sha256: str, media_type: str, size_bytes: int) -> str:
    address = f"/files/{escape(sha256)}"
    kind = EXTENSIONS.get(media_type, "").upper()
    words = escape(f"{kind} · {local_number(max(size_bytes / 1e6, 0.1), 1)} MB")
    label = escape(_("Download"))
    link = f'<a href="{address}" download rel="noopener">{label}</a> {words}'
    if media_type.startswith("video/"):
        style = f"{_STYLE};max-height:240px"
        shown = f'<video controls preload="none" src="{address}" style="{style}"></video>'
    elif media_type.startswith("audio/"):
        shown = f'<audio controls preload="none" src="{address}" style="{_STYLE}"></audio>'
    else:
        shown = ""
    return f'<div style="margin:0 0 8px">{shown}{link}</div>'
