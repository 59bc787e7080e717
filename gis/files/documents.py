"""
Attachments that are no photos: PDFs, voice notes and short videos, told by their content.

They are kept as they came and never shown as part of a page. A PDF is looked through first, in
a process of its own (`pdf_child`); sound and film are known by their first bytes and never
decoded here.
"""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gis.errors import Invalid, fault
from gis.files.images import MAX_BYTES
from gis.i18n import N_

PAGES_MOST = 200
_CHILD = Path(__file__).with_name("pdf_child.py")
_CHILD_S = 30
PDF: Final = "application/pdf"
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    PDF: "pdf",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/3gpp": "3gp",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "weba",
    "audio/mpeg": "mp3",
}
"""What is kept, by its media type, with the end of the name it is handed out under."""
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment as it came."""

    data: bytes
    sha256: str
    media_type: str


def media_type_of(data: bytes) -> str | None:
    """
    The media type of an attachment that is no photo, by its first bytes; None: not taken.

    Never by a name or a declared type. A film without pictures is a voice note.
    """
    head = data[:_HEAD]
    if head.startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp":
        return _iso_media(head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "audio/webm" if b"A_OPUS" in head and b"V_" not in head else "video/webm"
    if head.startswith(b"OggS"):
        spoken = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
        return "audio/ogg" if any(mark in head[:128] for mark in spoken) else None
    is_frame = len(head) > 2 and head[0] == 0xFF and head[1] in (0xFB, 0xFA, 0xF3, 0xF2)
    return "audio/mpeg" if head.startswith(b"ID3") or is_frame else None


def _iso_media(brand: bytes) -> str | None:
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    if brand.startswith(b"3g"):
        return "video/3gpp"
    films = (
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
    )
    return "video/mp4" if brand in films else None


def read_document(data: bytes) -> Document:
    """
    Check an attachment that is no photo.

    Raises
    ------
    Invalid
        With one fault on the field `files`: size, kind, a PDF that is damaged, locked, too
        long, or has parts that act by themselves; each names the rule and the way out.
    """
    if len(data) > MAX_BYTES:
        raise _refused(
            N_("The file has more than {limit_mb} MB. Send a shorter or smaller one."),
            limit_mb=MAX_BYTES // 1024 // 1024,
        )
    media_type = media_type_of(data)
    if media_type is None:
        raise _refused(
            N_(
                "This kind of file is not taken. Photos (JPEG, PNG, WebP), PDF, video (MP4, WebM,"
                " 3GP) and sound (M4A, OGG, WebM, MP3) are, by their content."
            )
        )
    if media_type == PDF:
        _check_pdf(data)
    return Document(data, hashlib.sha256(data).hexdigest(), media_type)


def _check_pdf(data: bytes) -> None:
    told = _look_through(data)
    if told is None:
        raise _refused(N_("The PDF is damaged or too complicated. Print it to a new PDF."))
    if told["encrypted"]:
        raise _refused(N_("The PDF is locked by a password. Send it without one."))
    if told["pages"] > PAGES_MOST:
        raise _refused(
            N_("The PDF has {pages} pages; {most} are possible. Send the part that matters."),
            pages=told["pages"],
            most=PAGES_MOST,
        )
    if told["active"]:
        raise _refused(
            N_("The PDF has parts that act by themselves ({parts}). Print it to a new PDF."),
            parts=", ".join(told["active"]),
        )


def _look_through(data: bytes) -> dict[str, Any] | None:
    """What the child says; None: it could not read the file, or not within its limits."""
    try:
        done = subprocess.run(  # noqa: S603  our own file, no words of people
            [sys.executable, "-I", str(_CHILD)],
            input=data,
            capture_output=True,
            timeout=_CHILD_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _refused(message: str, **params: object) -> Invalid:
    error = Invalid(message, faults=[fault("files", message, **params)])
    error.params = params
    return error
