"""Photos from outside, as bytes."""

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from gis.errors import Invalid
from gis.files.evidence import Evidence
from gis.files.images import LONGEST_SIDE_PX, MAX_BYTES, THUMBNAIL_SIDE_PX, read_photo

BEIJING = ZoneInfo("Asia/Shanghai")
RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(format_: str = "JPEG", size: tuple[int, int] = (64, 48), **save: object) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, format_, **save)
    return out.getvalue()


def exif_of(*, orientation: int = 1, offset: str | None = "+08:00", **gps: object) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make], exif[Base.Model] = "Acme", "Phone 3\x00"
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = "2026:11:22 09:30:00"
    if offset:
        details[Base.OffsetTimeOriginal] = offset
    exif[IFD.Exif] = details
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef] = gps.get("lat_ref", "N")
    place[GPS.GPSLatitude] = gps.get("lat", (39.0, 54.0, 20.0))
    place[GPS.GPSLongitudeRef] = gps.get("lon_ref", "E")
    place[GPS.GPSLongitude] = gps.get("lon", (116.0, 23.0, 29.0))
    exif[IFD.GPSInfo] = place
    return exif


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_about(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_each_allowed_format_becomes_a_jpeg(format_: str) -> None:
    photo = read_photo(picture(format_), zone=BEIJING)
    image = opened(photo.data)
    assert image.format == "JPEG"
    assert image.size == (photo.width_px, photo.height_px) == (64, 48)
    assert is_about(image.getpixel((5, 20)), RED)
    assert is_about(image.getpixel((60, 20)), BLUE)


def test_time_place_and_camera_are_taken_out_and_nothing_of_them_stays_in_the_file() -> None:
    photo = read_photo(picture(exif=exif_of(), comment=b"by Li Lei"), zone=UTC)
    assert photo.evidence == Evidence(
        taken_at=datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        lon=116.3913889,
        lat=39.9055556,
        camera="Acme Phone 3",
    )
    for stored in (photo.data, photo.thumbnail):
        assert dict(opened(stored).getexif()) == {}
        assert b"Exif" not in stored
        assert b"Li Lei" not in stored
        assert b"Acme" not in stored


def test_a_time_without_an_offset_is_read_in_the_zone_of_the_district() -> None:
    photo = read_photo(picture(exif=exif_of(offset=None)), zone=BEIJING)
    assert photo.evidence.taken_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated", ["0001:01:01 00:00:00", "1970:01:01 00:00:00", "0000:00:00 00:00:00", "yesterday"]
)
def test_a_clock_that_was_never_set_says_nothing(stated: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = stated
    assert read_photo(picture(exif=exif), zone=BEIJING).evidence.empty


@pytest.mark.parametrize(
    "gps",
    [
        {"lat": (95.0, 0.0, 0.0)},
        {"lon_ref": "X"},
        {"lat": (39.0, 54.0)},
        {"lon": (0.0, 0.0, 0.0), "lat": (0.0, 0.0, 0.0)},
    ],
)
def test_a_position_that_makes_no_sense_counts_as_none(gps: dict[str, object]) -> None:
    evidence = read_photo(picture(exif=exif_of(**gps)), zone=BEIJING).evidence
    assert (evidence.lon, evidence.lat) == (None, None)
    assert evidence.taken_at is not None


def test_the_southern_and_western_halves_are_negative() -> None:
    evidence = read_photo(picture(exif=exif_of(lat_ref="S", lon_ref="W")), zone=BEIJING).evidence
    assert evidence.lon == pytest.approx(-116.3913889)
    assert evidence.lat == pytest.approx(-39.9055556)


def test_a_photo_taken_upright_is_turned() -> None:
    photo = read_photo(picture(exif=exif_of(orientation=6)), zone=BEIJING)
    image = opened(photo.data)
    assert image.size == (48, 64)
    assert is_about(image.getpixel((20, 5)), RED)  # what was left is now on top
    assert is_about(image.getpixel((20, 60)), BLUE)


def test_a_large_photo_is_shrunk_and_has_a_thumbnail() -> None:
    photo = read_photo(picture(size=(6000, 3000)), zone=BEIJING)
    assert (photo.width_px, photo.height_px) == (LONGEST_SIDE_PX, LONGEST_SIDE_PX // 2)
    assert max(opened(photo.thumbnail).size) == THUMBNAIL_SIDE_PX


def test_equal_bytes_give_equal_photos() -> None:
    assert read_photo(picture(), zone=BEIJING) == read_photo(picture(), zone=BEIJING)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "CMYK", "I;16"])
def test_every_pixel_layout_becomes_colour(mode: str) -> None:
    format_ = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (32, 32)).save(out, format_)
    assert opened(read_photo(out.getvalue(), zone=BEIJING).data).mode == "RGB"


def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(out, "PNG")
    assert is_about(
        opened(read_photo(out.getvalue(), zone=BEIJING).data).getpixel((5, 5)), (255, 255, 255)
    )


def bilevel(width: int, height: int, format_: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, format_)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", b"\0" * 1_000_000)
    return out.getvalue()


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that claims a canvas and holds nothing."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + (10).to_bytes(4, "little") + b"\x00" * 4 + canvas
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 64 MB."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "x" * 64_000_000, zip=True)
    return picture("PNG", pnginfo=info)


HOSTILE = {
    "81 megapixels in 10 kB": (bilevel(9000, 9000), "81 megapixels (9000 × 9000); 40"),
    "196 megapixels": (bilevel(14000, 14000), "196 megapixels"),
    "a webp that claims 268 megapixels": (webp_header(16383, 16383), "268 megapixels"),
    "a zip renamed": (zipped(), "neither JPEG nor PNG nor WebP"),
    "a gif": (picture("GIF"), "neither JPEG nor PNG nor WebP"),
    "a tiff": (picture("TIFF"), "neither JPEG nor PNG nor WebP"),
    "html": (b"<html><script>alert(1)</script>", "neither JPEG nor PNG nor WebP"),
    "an svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither JPEG nor PNG nor WebP"),
    "nothing": (b"", "0 bytes"),
    "half a jpeg": (picture(size=(400, 300))[:1500], "damaged"),
    "half a png": (picture("PNG", size=(400, 300))[:300], "damaged"),
    "half a webp": (picture("WEBP", size=(400, 300))[:100], "damaged"),
    "only magic bytes": (b"\xff\xd8\xff", "damaged"),
    "a jpeg of noise": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, "damaged"),
    "a png with a text bomb": (text_bomb(), "damaged"),
    "a wave file": (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 40, "damaged"),
    "21 MB": (b"\xff\xd8\xff" + b"\0" * (MAX_BYTES + 1_000_000), "20 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_value_rule_and_way_out(name: str) -> None:
    data, expected = HOSTILE[name]
    with pytest.raises(Invalid) as caught:
        read_photo(data, zone=BEIJING)
    assert expected in caught.value.text("en")
    assert [f.field for f in caught.value.faults] == ["photo"]
    assert caught.value.faults[0].text("en") == caught.value.text("en")
    assert caught.value.text("zh-CN") != caught.value.text("en")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
def test_a_photo_is_not_refused_for_a_damaged_exif_record() -> None:
    broken = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\xff" * 60
    photo = read_photo(picture(exif=broken), zone=BEIJING)
    assert photo.evidence.empty
