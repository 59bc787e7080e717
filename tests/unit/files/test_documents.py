"""Attachments that are no photos: told by their content, PDFs looked through."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from gis.errors import Invalid
from gis.files import documents as read
from gis.files.documents import PAGES_MOST, media_type_of, read_document
from tests import documents as make
from tests.photos import jpeg

Change = Callable[[Any], None]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (make.MP4, "video/mp4"), (make.GP3, "video/3gpp"), (make.WEBM, "video/webm"),
        (make.M4A, "audio/mp4"), (make.WEBA, "audio/webm"), (make.OGG, "audio/ogg"),
        (make.MP3, "audio/mpeg"), (b"\xff\xfb\x90\x64" + bytes(50), "audio/mpeg"),
        (make.pdf(), "application/pdf"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(data: bytes, media_type: str) -> None:
    assert read_document(data).media_type == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"PK\x03\x04", b"OggS" + bytes(90),
        b" %PDF-1.7", b"\x00\x00\x00\x18ftypqt  ", b"\x1aE\xdf\xa3matroska", jpeg(shade=1),
    ],
)  # fmt: skip
def test_other_kinds_are_not_taken_and_the_kinds_are_named(data: bytes) -> None:
    assert media_type_of(data) is None
    with pytest.raises(Invalid) as caught:
        read_document(data)
    assert caught.value.faults[0].field == "files" and "PDF" in caught.value.text("zh-CN")


def _script(key: str) -> Change:
    def change(file: Any) -> None:
        file.Root[key] = Dictionary(S=Name.JavaScript, JS="app.alert(1)")

    return change


def _attached(file: Any) -> None:
    file.attachments["x.exe"] = b"MZ"


def _page_action(file: Any) -> None:
    file.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F="cmd.exe"))


def _link(action: str) -> Change:
    def change(file: Any) -> None:
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name(action), URI="https://example.org", F="x.pdf"),
        )  # fmt: skip
        file.pages[0].obj.Annots = file.make_indirect(Array([note]))

    return change


def _opens_address(file: Any) -> None:
    file.Root.OpenAction = Dictionary(S=Name.URI, URI="https://example.org")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (_script("/OpenAction"), "JavaScript"), (_attached, "EmbeddedFiles"),
        (_page_action, "Launch"), (_link("/GoToR"), "GoToR"), (_link("/Launch"), "Launch"),
        (_opens_address, "OpenAction"),
    ],
)  # fmt: skip
def test_a_pdf_with_parts_that_act_is_refused_and_they_are_named(change: Change, part: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_document(make.pdf(change))
    assert part in caught.value.text("en")


def _opens_a_page(file: Any) -> None:
    file.Root.OpenAction = Array([file.pages[0].obj, Name.Fit])


@pytest.mark.parametrize("change", [_opens_a_page, _link("/URI")])
def test_a_pdf_that_opens_at_a_page_or_holds_a_link_is_taken(change: Change) -> None:
    assert read_document(make.pdf(change)).media_type == "application/pdf"


def test_a_script_inside_a_compressed_object_is_seen() -> None:
    data = make.pdf(_script("/OpenAction"))
    with pikepdf.open(io.BytesIO(data)) as file:
        out = io.BytesIO()
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    with pytest.raises(Invalid, match="act by themselves"):
        read_document(out.getvalue())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (make.pdf(password="x"), "password"),  # noqa: S106
        (make.pdf(pages=PAGES_MOST + 1), "201 pages"),
        (make.pdf()[:400], "damaged"),
        (b"%PDF-1.7 nothing", "damaged"),
    ],
)
def test_a_pdf_that_is_locked_long_or_damaged_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_document(data)


def test_a_parser_that_dies_or_hangs_refuses_the_file_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    hanging = tmp_path / "child.py"
    hanging.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(read, "_CHILD", hanging)
    monkeypatch.setattr(read, "_CHILD_S", 0.5)
    with pytest.raises(Invalid, match="too complicated"):
        read_document(make.pdf())
    hanging.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(read, "_CHILD_S", 20)
    with pytest.raises(Invalid, match="too complicated"):
        read_document(make.pdf())


def test_a_file_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 500)
    with pytest.raises(Invalid, match="MB"):
        read_document(make.MP4)
