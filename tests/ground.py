"""
Where the tests keep the cluster they throw away: in memory, when there is room for it.

A database is about 900 small files. Making and dropping one costs ten times as much on a disk as in
memory, and a run does it nearly 200 times.

    python -m tests.ground          says where it is
    python -m tests.ground runs     whether its server runs (exit code)
    python -m tests.ground remove   stops and removes it
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from gis.config import read_settings
from gis.db.cluster import destroy, status

MEMORY = Path("/dev/shm")
NEEDED = 2 << 30
"""Bytes free on that file system before anything is put there."""
LEFT = 4 << 30
"""Bytes of memory that must be available to everybody else."""


def _available() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return 0


def _ours(folder: Path) -> bool:
    """Everybody may write in /dev/shm: a link or a folder of somebody else is not used."""
    return folder.is_dir() and not folder.is_symlink() and folder.lstat().st_uid == os.geteuid()


def ground() -> Path:
    """The home of the tests' cluster; the same for every process of one copy."""
    kept = read_settings().home / "test"
    folder = MEMORY / f"wanmi-test-{hashlib.sha256(str(kept).encode()).hexdigest()[:10]}"
    if _ours(folder):
        return folder
    room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and not os.path.lexists(folder)
    if room and shutil.disk_usage(MEMORY).free > NEEDED and _available() > LEFT:
        return folder
    return kept


def remove() -> None:
    """Stop the server and remove everything that is kept between runs."""
    home = ground()
    destroy(home)
    shutil.rmtree(home, ignore_errors=True)


def main(words: list[str]) -> int:
    """Do what the words say; answer the exit code."""
    if words == ["remove"]:
        remove()
    elif words == ["runs"]:
        return 0 if status(ground()).state == "running" else 1
    else:
        print(ground())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
