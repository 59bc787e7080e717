"""The folder of attachments."""

import hashlib
import stat
from pathlib import Path

import pytest

from gis.errors import NotFound, Unavailable
from gis.files import store


def test_content_is_found_under_its_hash_and_is_closed_to_others(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"content")
    assert name == hashlib.sha256(b"content").hexdigest()
    assert store.get(tmp_path, name) == b"content"
    path = tmp_path / name[:2] / name[2:4] / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_repeat_writes_nothing_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"content")
    before = store.path_of(tmp_path, name).stat()
    store.put(tmp_path, b"content")
    after = store.path_of(tmp_path, name).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [name]


def test_a_file_cut_short_by_a_crash_is_written_again(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"content")
    store.path_of(tmp_path, name).write_bytes(b"con")
    store.put(tmp_path, b"content")
    assert store.get(tmp_path, name) == b"content"


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"content")
    store.path_of(tmp_path, name).write_bytes(b"contenu")
    with pytest.raises(Unavailable, match="damaged"):
        store.get(tmp_path, name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "ab", "", "A" * 64, "a" * 63 + "\n", "a" * 65]
)
def test_nothing_but_a_hash_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        store.path_of(tmp_path, name)


def test_absent_content_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        store.get(tmp_path, "0" * 64)


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "files"
    blocked.write_bytes(b"a file where the folder should be")
    with pytest.raises(Unavailable, match="stays on your device"):
        store.put(blocked, b"content")
