"""Is the server of this cluster alive? What a killed one left behind, cleared away."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from gis.db.cluster.layout import PORT, Layout
from gis.errors import Unavailable
from gis.i18n import N_

PATIENCE_S = 5.0
"""How long backends of a killed server may take to notice; then they are told to quit."""


def _is_server_of(data: Path, pid: int) -> bool:
    """Whether `pid` is a PostgreSQL process of this cluster: they all work in its folder."""
    process = Path("/proc") / str(pid)
    try:
        folder = (process / "cwd").readlink()
        program = (process / "exe").readlink().name.split(" ")[0]  # "postgres (deleted)"
    except FileNotFoundError:
        return False
    except PermissionError:
        # Not a process of our user, so it cannot be our server: the pid was given to another.
        return False
    return folder == data.resolve() and program in {"postgres", "postmaster"}


def live_postmaster(data: Path) -> int | None:
    """
    The process id of the running server, or None.

    The number in `postmaster.pid` alone proves nothing: after a crash or a reboot another
    program may have been given it, and pg_ctl then refuses to start.
    """
    try:
        first_line = (data / "postmaster.pid").read_text().split("\n", 1)[0]
        pid = abs(int(first_line))
    except (FileNotFoundError, ValueError):
        return None
    return pid if _is_server_of(data, pid) else None


def orphans(data: Path) -> list[int]:
    """Processes of this cluster, whether or not their postmaster lives."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if _is_server_of(data, pid)]


def _await_no_orphans(data: Path, seconds: float) -> list[int]:
    until = time.monotonic() + seconds
    while (left := orphans(data)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def clear_remains(layout: Layout) -> None:
    """
    Make room for a start after a kill: backends gone, pid file and socket removed.

    Called with the lock held and no live postmaster.

    Raises
    ------
    Unavailable
        When a backend of the killed server does not leave.
    """
    pid_file = layout.data / "postmaster.pid"
    if pid_file.exists():
        for pid in _await_no_orphans(layout.data, PATIENCE_S):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        if left := _await_no_orphans(layout.data, PATIENCE_S):
            raise Unavailable(
                N_(
                    "Processes {pids} of a killed server still work in {data}: "
                    "end them (kill -QUIT {pids}), then start again."
                ),
                pids=" ".join(map(str, left)),
                data=layout.data,
            )
        pid_file.unlink(missing_ok=True)
    for leftover in layout.socket_dir.glob(f".s.PGSQL.{PORT}*"):
        leftover.unlink(missing_ok=True)
