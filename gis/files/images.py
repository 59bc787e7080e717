"""
Photos from outside: checked before they are decoded, stripped, turned and shrunk.

Nothing of what was sent is kept as it came: the stored picture is our own JPEG. What the
photo said about time and place is taken out first, as evidence for few eyes (`evidence`).
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from PIL import Image, ImageOps
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from gis.errors import Invalid, fault
from gis.files.evidence import Evidence, read_evidence
from gis.i18n import N_

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""A 40-megapixel picture takes 160 MB decoded; Pillow's own limit lets 179 megapixels pass."""
LONGEST_SIDE_PX = 2560
THUMBNAIL_SIDE_PX = 480
QUALITY = 85
THUMBNAIL_QUALITY = 78
MEDIA_TYPE = "image/jpeg"

# By their first bytes, through the classes themselves: `Image.open` would try other formats
# on the way and warns from a limit of its own that only a global setting changes.
_READERS: tuple[tuple[bytes, Callable[[io.BytesIO], ImageFile]], ...] = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
    (b"RIFF", WebPImageFile),
)
_NOT_READABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError)


@dataclass(frozen=True)
class Photo:
    """A photo as it is stored, and what it said about itself."""

    data: bytes
    """JPEG, upright, without metadata, longest side at most `LONGEST_SIDE_PX`."""
    thumbnail: bytes
    """JPEG, longest side at most `THUMBNAIL_SIDE_PX`."""
    sha256: str
    original_sha256: str
    width_px: int
    height_px: int
    evidence: Evidence


def read_photo(data: bytes, *, zone: tzinfo) -> Photo:
    """
    Make a safe photo of bytes that somebody sent.

    Size, format and pixel count are judged before a pixel is decoded; the format by the
    content, never by a name or a declared type. The first frame of an animation counts.
    Transparent parts become white. Equal bytes give equal results.

    Parameters
    ----------
    data : what was sent.
    zone : the district's time zone, for photos that state a time without an offset.

    Raises
    ------
    Invalid
        With one fault on the field `photo` that names value, rule and way out.
    """
    _check_size(len(data))
    image = _open(data)
    _check_pixels(image.width, image.height)
    try:
        evidence = read_evidence(image, zone=zone)
        upright = _upright(image)
    except (*_NOT_READABLE, Image.DecompressionBombError, MemoryError) as error:
        raise _unreadable(error) from error
    stored = _jpeg(upright, QUALITY)
    small = upright.copy()
    small.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX))
    return Photo(
        data=stored,
        thumbnail=_jpeg(small, THUMBNAIL_QUALITY),
        sha256=hashlib.sha256(stored).hexdigest(),
        original_sha256=hashlib.sha256(data).hexdigest(),
        width_px=upright.width,
        height_px=upright.height,
        evidence=evidence,
    )


def is_photo(data: bytes) -> bool:
    """Whether the first bytes are those of a photo, whatever follows."""
    return any(data.startswith(magic) for magic, _ in _READERS)


def _check_size(size_bytes: int) -> None:
    if size_bytes > MAX_BYTES:
        raise too_large(size_bytes)
    if not size_bytes:
        raise _refused(N_("The photo is empty: 0 bytes arrived. Take or choose it again."))


def too_large(size_bytes: int) -> Invalid:
    """The refusal of a file above `MAX_BYTES`, for borders that stop reading earlier."""
    return _refused(
        N_(
            "The photo has more than {size_mb} MB; {limit_mb} MB is the limit."
            " Take it with a smaller size setting."
        ),
        size_mb=size_bytes // 1024 // 1024,
        limit_mb=MAX_BYTES // 1024 // 1024,
    )


def _open(data: bytes) -> ImageFile:
    for magic, reader in _READERS:
        if data.startswith(magic):
            if magic == b"RIFF":
                _check_pixels(*_webp_canvas(data))
            try:
                return reader(io.BytesIO(data))
            except (*_NOT_READABLE, Image.DecompressionBombError) as error:
                raise _unreadable(error) from error
    raise _refused(
        N_(
            "This file is not a photo: its content is neither JPEG nor PNG nor WebP."
            " Choose a photo."
        )
    )


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """
    Width and height from a WebP header (RFC 9649, sections 2.5 to 2.7); (0, 0) when unclear.

    Pillow's decoder claims the memory of the whole canvas when it is made: too late to ask.
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = body[6:8], body[8:10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    return 0, 0


def _check_pixels(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise _refused(
            N_(
                "The photo has {megapixels} megapixels ({width} × {height}); {limit} is the"
                " limit. Take it with a smaller size setting."
            ),
            megapixels=round(width_px * height_px / 1e6),
            width=width_px,
            height=height_px,
            limit=MAX_PIXELS // 1_000_000,
        )


def _upright(image: ImageFile) -> Image.Image:
    """Decoded, turned as the camera was held, without transparency, shrunk."""
    image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))  # JPEG only: decodes a smaller picture
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I;16") or turned.mode == "I":
        turned = turned.point(lambda level: level / 256).convert("L")
    if turned.has_transparency_data:
        layered = turned.convert("RGBA")
        turned = Image.new("RGBA", layered.size, "white")
        turned.alpha_composite(layered)
    flat = turned.convert("RGB")
    flat.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    return flat


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """A JPEG with pixels and nothing else; `info` could carry a profile or comment over."""
    bare = image.copy()
    bare.info.clear()
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _refused(message: str, **params: object) -> Invalid:
    error = Invalid(message, faults=[fault("photo", message, **params)])
    error.params = params
    return error


def _unreadable(error: BaseException) -> Invalid:
    message = N_("The photo is damaged or was not sent whole. Take or choose it again.")
    return Invalid(message, faults=[fault("photo", message)], detail=repr(error))
