"""
Where the tests keep the cluster they throw away: in memory, when there is room for it.

A database is about 900 small files. Making and dropping one costs ten times as much on a disk as in
memory, and a run does it nearly 200 times.

    python -m tests.ground          says where it is
    python -m tests.ground runs     whether its server runs (exit code)
    python -m tests.ground remove   stops and removes it, unless tests are running
"""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from gis.config import read_settings
from gis.db.cluster import Layout, destroy, status

MEMORY = Path("/dev/shm")
NEEDED = 2 << 30
"""Bytes free on that file system before anything is put there."""
LEFT = 4 << 30
"""Bytes of memory that must be available to everybody else."""


def _number(file: Path, before: str) -> int:
    """The number that follows a word in a file of the kernel."""
    _, _, after = file.read_text().partition(before)
    return int(after.split()[0])


def _available() -> int:
    """Bytes of memory still to be had: from the machine, or below its container's limit if less."""
    machine = _number(Path("/proc/meminfo"), "MemAvailable:") << 10
    group = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):  # no container, or one without a limit
        limit, used = (_number(group / f"memory.{word}", "") for word in ("max", "current"))
        return min(machine, limit - used + _number(group / "memory.stat", "\ninactive_file "))
    return machine


def homes() -> tuple[Path, Path]:
    """The home in memory and the one on the disk; the same for every process of one copy."""
    kept = read_settings().home / "test"
    return MEMORY / f"wanmi-test-{hashlib.sha256(str(kept).encode()).hexdigest()[:10]}", kept


def _ours(folder: Path) -> bool:
    """Everybody may write in /dev/shm: a link or a folder of somebody else is not used."""
    return folder.is_dir() and not folder.is_symlink() and folder.lstat().st_uid == os.geteuid()


def _has_room(folder: Path) -> bool:
    if os.path.lexists(folder) and not _ours(folder):
        return False
    writable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return writable and shutil.disk_usage(MEMORY).free > NEEDED and _available() > LEFT


@cache
def ground() -> Path:
    """The home of the tests' cluster: where there is one, else in memory if there is room."""
    memory, kept = homes()
    if _ours(memory) and Layout(memory).has_cluster():
        return memory
    if Layout(kept).has_cluster():
        return kept
    return memory if _has_room(memory) else kept


@contextmanager
def claim() -> Iterator[BinaryIO]:
    """The file that test runs lock; it ends with the process, however that ends."""
    run = Layout(read_settings().home).run
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "tests.lock").open("ab") as file:
        yield file


def claim_alone(file: BinaryIO) -> bool:
    """Keep every other test run out, if there is none."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def claim_with_others(file: BinaryIO) -> None:
    """Be one of the test runs; wait for the one that keeps others out."""
    fcntl.flock(file, fcntl.LOCK_SH)


def remove() -> bool:
    """Stop the servers and remove all that is kept between runs; False: tests are running."""
    with claim() as file:
        if not claim_alone(file):
            return False
        memory, kept = homes()
        for home in (memory, kept):
            if _ours(home):
                destroy(home)
                shutil.rmtree(home)
    return True


def main(words: list[str]) -> int:
    """Do what the words say; answer the exit code."""
    if words == ["remove"]:
        if not remove():
            print("tests are running: nothing is removed", file=sys.stderr)
            return 1
    elif words == ["runs"]:
        return 0 if any(status(home).state == "running" for home in homes()) else 1
    else:
        print(ground())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
