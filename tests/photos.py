"""Real photos for tests: JPEGs as a phone writes them, with time and place in their EXIF record."""

import io
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from sqlalchemy import Connection

from gis.accounts.model import Actor
from gis.files.commands import store_photo
from gis.files.images import read_photo
from tests import factories as make

BEIJING = ZoneInfo("Asia/Shanghai")


def jpeg(
    *, shade: int, taken_at: datetime | None = None, lon: float | None = None, lat: float = 39.9005
) -> bytes:
    """A small JPEG of one shade; `taken_at` and `lon` None: the phone removed them."""
    exif = Image.Exif()
    if taken_at is not None:
        details = exif.get_ifd(IFD.Exif)
        local = taken_at.astimezone(timezone(timedelta(hours=8)))
        details[Base.DateTimeOriginal] = local.strftime("%Y:%m:%d %H:%M:%S")
        details[Base.OffsetTimeOriginal] = "+08:00"
        exif[IFD.Exif] = details
    if lon is not None:
        place = exif.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", _parts(lat)
        place[GPS.GPSLongitudeRef] = "E" if lon >= 0 else "W"
        place[GPS.GPSLongitude] = _parts(abs(lon))
        exif[IFD.GPSInfo] = place
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade * 29 % 256, shade * 83 % 256, 90)).save(
        out, "JPEG", exif=exif
    )
    return out.getvalue()


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), (degrees - whole - minutes / 60) * 3600


def send(
    conn: Connection, data: bytes, actor: Actor, root: Path, *, now: datetime = make.NOW
) -> str:
    """Send a photo as a person does; answers the name it is kept under."""
    photo = read_photo(data, zone=BEIJING)
    return store_photo(conn, photo=photo, uploaded_by=actor.person_id, now=now, root=root)
