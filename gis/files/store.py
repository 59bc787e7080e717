"""The folder of attachments: every file under the hash of its content, written once."""

import hashlib
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from gis.errors import NotFound, Unavailable
from gis.i18n import N_

_NAME = re.compile(r"[0-9a-f]{64}")
THUMBNAIL = ".thumb"
FOLDER = "files"
"""Below WANMI_HOME."""
PROVEN_MOST = 512
"""Files of which this process remembers that they were whole."""
CHUNK = 64 * 1024
_Stamp = tuple[str, int, int, int, int]
_proven: OrderedDict[_Stamp, None] = OrderedDict()
_proven_lock = threading.Lock()


def is_name(words: str) -> bool:
    """Whether `words` can be the name of content: 64 lower-case hexadecimal digits."""
    return _NAME.fullmatch(words) is not None


def path_of(root: Path, sha256: str, suffix: str = "") -> Path:
    """
    Where content is kept: `ab/cd/<sha256>`, at most 256 names in the upper folders.

    Raises
    ------
    NotFound
        When `sha256` is not 64 lower-case hexadecimal digits; nothing else becomes a path.
    """
    if not is_name(sha256):
        raise NotFound(N_("There is no such file."), detail=repr(sha256)[:100])
    return root / sha256[:2] / sha256[2:4] / (sha256 + suffix)


def put(root: Path, data: bytes, *, name: str | None = None, suffix: str = "") -> str:
    """
    Keep `data`; returns its name, the SHA-256 of the content.

    Complete or absent: written beside its place, flushed to the disk, then renamed. Content
    that is already there is left alone unless its length differs. `name` and `suffix` are
    for what is derived from other content (thumbnails).

    Raises
    ------
    Unavailable
        When the disk is full or closed to us.
    """
    sha256 = name or hashlib.sha256(data).hexdigest()
    path = path_of(root, sha256, suffix)
    try:
        if not (path.is_file() and path.stat().st_size == len(data)):
            _write(path, data)
    except OSError as error:
        raise Unavailable(
            N_("The photo could not be stored: {reason}. It stays on your device; try later."),
            reason=error.strerror or type(error).__name__,
            detail=str(error),
        ) from error
    return sha256


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file 0600: the web process reads it, nobody else needs to
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is on the disk too before a database row speaks of it
    finally:
        os.close(folder)


def get(root: Path, sha256: str) -> bytes:
    """
    The content of that hash, proven: a file whose bytes changed is not handed out.

    Raises
    ------
    NotFound
        When there is none.
    Unavailable
        When the content no longer matches its name.
    """
    data = _read(path_of(root, sha256))
    _check(sha256, hashlib.sha256(data).hexdigest())
    return data


def open_proven(root: Path, sha256: str) -> FileIO:
    """
    Open the file of that hash, proven once: while it stays as it is, parts are read alone.

    What was proven is remembered by path, size, inode and the two times of the last change, so
    that a file that is written anew or altered in its place is read whole again. Close it.

    Raises
    ------
    NotFound, Unavailable
        As `get`.
    """
    path = path_of(root, sha256)
    try:
        stream = FileIO(path)
    except FileNotFoundError as error:
        raise NotFound(N_("There is no such file."), detail=str(path)) from error
    try:
        _prove(stream, path, sha256)
    except BaseException:
        stream.close()
        raise
    return stream


def _prove(stream: FileIO, path: Path, sha256: str) -> None:
    stamp = _stamp(stream, path)
    with _proven_lock:
        if stamp in _proven:
            _proven.move_to_end(stamp)
            return
    _check(sha256, hashlib.file_digest(stream, "sha256").hexdigest())
    if _stamp(stream, path) == stamp:  # else somebody writes to it: it is proven again next time
        with _proven_lock:
            _proven[stamp] = None
            while len(_proven) > PROVEN_MOST:
                _proven.popitem(last=False)


def _stamp(stream: FileIO, path: Path) -> _Stamp:
    at = os.fstat(stream.fileno())
    return str(path), at.st_size, at.st_ino, at.st_mtime_ns, at.st_ctime_ns


def _check(sha256: str, found: str) -> None:
    if found != sha256:
        raise Unavailable(
            N_("The stored photo is damaged. Tell an administrator: a backup has it."),
            detail=f"{sha256} does not match its content",
        )


def parts(stream: FileIO, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` to before `stop`, in pieces; the file is closed at the end."""
    with stream:
        stream.seek(start)
        left = stop - start
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def get_thumbnail(root: Path, sha256: str) -> bytes:
    """The small picture kept beside the content; not proven, it can be made again."""
    return _read(path_of(root, sha256, THUMBNAIL))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(N_("There is no such file."), detail=str(path)) from error


def remove(root: Path, sha256: str) -> None:
    """Take the content of that hash and its small picture off the disk; none is no error."""
    for suffix in ("", THUMBNAIL):
        path_of(root, sha256, suffix).unlink(missing_ok=True)
