"""Whatever bytes arrive: a photo or a refusal, never another error."""

import io
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gis.errors import Invalid
from gis.files.images import LONGEST_SIDE_PX, read_photo

# Pillow says what it skips in a damaged record; that is not an error here
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

BEIJING = ZoneInfo("Asia/Shanghai")


def _seed(format_: str, mode: str = "RGB", **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 09:30:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (39.0, 54.0, 20.0), "E", (116.0, 23.0, 29.0)
    out = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert(mode).save(out, format_, exif=exif, **options)
    return out.getvalue()


SEEDS = (
    _seed("JPEG"),
    _seed("JPEG", progressive=True),
    _seed("PNG"),
    _seed("PNG", "P"),
    _seed("WEBP"),
    _seed("WEBP", lossless=True),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid picture with bytes changed, a stretch cut out, or its end missing."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 8))):
        # headers and records stand in front: most damage goes there
        place = draw(st.integers(0, min(len(data), 400) - 1) | st.integers(0, len(data) - 1))
        data[place] = draw(st.integers(0, 255))
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(start + 64, len(data))))
    cut = draw(st.booleans())
    if cut:
        del data[start:end]
    return bytes(data[: draw(st.integers(1, max(1, len(data))))] if draw(st.booleans()) else data)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged() | st.binary(max_size=200))
def test_bytes_become_a_clean_photo_or_a_refusal(data: bytes) -> None:
    try:
        photo = read_photo(data, zone=BEIJING)
    except Invalid as refused:
        assert [fault.field for fault in refused.faults] == ["photo"]
        assert refused.text("zh-CN")
        return
    stored = Image.open(io.BytesIO(photo.data))
    assert stored.format == "JPEG"
    assert max(stored.size) <= LONGEST_SIDE_PX
    assert dict(stored.getexif()) == {}
    evidence = photo.evidence
    assert evidence.taken_at is None or evidence.taken_at.utcoffset() is not None
    assert (evidence.lon is None) == (evidence.lat is None)
    assert "\x00" not in (evidence.camera or "")
