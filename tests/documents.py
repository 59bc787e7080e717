"""Attachments for tests that are no photos: PDFs made by the library, first bytes of media."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 600
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00isom" + b"\x00" * 600
GP3 = b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x02\x00isom" + b"\x00" * 600
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87\x81\x04" + b"V_VP8" + b"\x00" * 600
WEBA = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87\x81\x04" + b"A_OPUS" + b"\x00" * 600
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"OpusHead" + b"\x00" * 600
MP3 = b"ID3\x04\x00\x00" + b"\x00" * 600


def pdf(
    change: Callable[[Any], None] | None = None, *, pages: int = 1, password: str | None = None
) -> bytes:
    """A PDF of blank pages; `change` gets it before it is written."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(
        out,
        encryption=pikepdf.Encryption(user=password, owner=password) if password else False,
        deterministic_id=not password,
    )
    return out.getvalue()
