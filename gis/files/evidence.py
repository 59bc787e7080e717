"""What a photo says about itself: time, place and camera, from its EXIF record."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Image

CAMERA_LENGTH = 80
FIRST_YEAR = 1990
"""Cameras whose clock was never set say 1970, 1980 or nothing but zeros."""


@dataclass(frozen=True)
class Evidence:
    """
    What the camera recorded; None where it recorded nothing that makes sense.

    `lon` and `lat` are WGS 84 degrees, as phones write them. None of it is proof: whoever
    holds the file can edit it. It is compared with the report, never shown to everybody.
    """

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    camera: str | None = None

    @property
    def empty(self) -> bool:
        """Whether the photo said nothing at all."""
        return self == Evidence()


def read_evidence(image: Image, *, zone: tzinfo) -> Evidence:
    """
    The evidence of an opened image; nothing is decoded for it.

    The moment is `DateTimeOriginal` with its `OffsetTimeOriginal` (EXIF 2.31), or in `zone`
    where the camera wrote no offset. A damaged record counts as absent: a photo is not
    refused for what it says about itself.
    """
    try:
        exif = image.getexif()
        details = exif.get_ifd(IFD.Exif)
        place = exif.get_ifd(IFD.GPSInfo)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, IndexError, EOFError):
        return Evidence()
    lon, lat = _position(place)
    return Evidence(
        taken_at=_moment(
            details.get(Base.DateTimeOriginal), details.get(Base.OffsetTimeOriginal), zone
        ),
        lon=lon,
        lat=lat,
        camera=_camera(exif.get(Base.Make), exif.get(Base.Model)),
    )


def _moment(stated: object, offset: object, zone: tzinfo) -> datetime | None:
    try:
        local = datetime.strptime(_text(stated), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return (
        local.replace(tzinfo=_offset(_text(offset)) or zone) if local.year >= FIRST_YEAR else None
    )


def _offset(stated: str) -> tzinfo | None:
    """`+08:00` as a zone; None for anything else."""
    sign, hours, colon, minutes = stated[:1], stated[1:3], stated[3:4], stated[4:]
    if sign not in ("+", "-") or colon != ":" or not (hours.isdigit() and minutes.isdigit()):
        return None
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    if distance >= timedelta(hours=24):
        return None
    return timezone(distance if sign == "+" else -distance)


def _position(place: Mapping[int, Any]) -> tuple[float | None, float | None]:
    """Longitude and latitude in degrees: both or none."""
    lon = _degrees(place.get(GPS.GPSLongitude), place.get(GPS.GPSLongitudeRef), "EW", 180)
    lat = _degrees(place.get(GPS.GPSLatitude), place.get(GPS.GPSLatitudeRef), "NS", 90)
    if lon is None or lat is None or (lon == 0 and lat == 0):  # 0, 0: no fix yet, not the ocean
        return None, None
    return lon, lat


def _degrees(parts: object, reference: object, letters: str, most: float) -> float | None:
    letter = _text(reference).upper()
    if letter not in tuple(letters) or not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (ValueError, TypeError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(value if letter == letters[0] else -value, 7)


def _camera(make: object, model: object) -> str | None:
    name = " ".join(part for part in (_text(make), _text(model)) if part)
    return name[:CAMERA_LENGTH] or None


def _text(value: object) -> str:
    """A tag as one line of printable text: PostgreSQL takes no NUL, people no control codes."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "ignore")
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c.isprintable()).strip()
