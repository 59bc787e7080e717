"""Create, start, look at, stop and remove the cluster."""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gis.db.cluster import programs as found
from gis.db.cluster.folders import (
    MIN_FREE_MIB,
    Say,
    check_reachable,
    check_space,
    explained,
    free_space_error,
    locked,
    make_socket_dir,
    prepare_home,
    prepare_pg,
)
from gis.db.cluster.layout import APP_ROLE, OWNER_ROLE, PORT, SUPERUSER, ClusterUrls, Layout
from gis.db.cluster.postmaster import clear_remains, live_postmaster
from gis.db.cluster.programs import Programs, run_as_server, server_ids
from gis.db.cluster.tuning import memory_mib, server_settings
from gis.errors import Unavailable
from gis.i18n import N_

PREPARED = "wanmi 1"
"""Version of prepare.sql; raise it when that file changes and every cluster runs it again."""

START_PATIENCE_S = 120
STOP_PATIENCE_S = 60

_PREPARE_SQL = (Path(__file__).parent / "prepare.sql").read_text(encoding="utf-8")


def _silent(_sentence: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class ClusterStatus:
    """What one sees of a cluster from outside."""

    state: str
    """`absent`, `stopped` or `running`."""
    pid: int | None
    major: int | None
    data: Path
    socket_dir: Path


def ensure_started(
    home: Path, *, durable: bool = True, say: Say = _silent, min_free_mib: int = MIN_FREE_MIB
) -> ClusterUrls:
    """
    Start the cluster of `home`, creating what is missing, and answer how to connect.

    Any number of processes may call this at once: one works, the others wait for it.

    Parameters
    ----------
    home
        Folder of this copy; made when it does not exist.
    durable
        False: no fsync. For databases that a test run throws away, in a home of their own.
    say
        Gets a sentence before each step that takes time.
    min_free_mib
        Room a new cluster asks for before it starts to write.

    Raises
    ------
    Unavailable
        One sentence with the remedy: not installed, disk full or read-only, folder out of reach.
    """
    layout = Layout(home.resolve())
    newest = found.newest()
    check_reachable(layout.home)
    prepare_home(layout)
    with locked(layout, say), explained(layout.home):
        prepare_pg(layout)
        if not layout.has_cluster():
            check_space(layout.pg, min_free_mib)
            say(f"creating a PostgreSQL {newest.major} cluster in {layout.pg}")
            _create(newest, layout)
        programs = found.of_major(_major_of(layout), layout.data)
        layout.passwords()  # without them a start would be of no use
        started = _bring_up(programs, layout, durable=durable, say=say)
        _prepare(programs, layout, fresh=started)
    return layout.urls(started=started)


def status(home: Path) -> ClusterStatus:
    """Whether the cluster of `home` exists and runs."""
    layout = Layout(home.resolve())
    with explained(layout.home):
        exists = layout.has_cluster()
        pid = live_postmaster(layout.data)
        state = "running" if pid else "stopped" if exists else "absent"
        major = _major_of(layout) if exists else None
    return ClusterStatus(state, pid, major, layout.data, layout.socket_dir)


def stop(home: Path, *, say: Say = _silent) -> bool:
    """
    Stop the cluster of `home`; answer whether it was running.

    Open transactions are rolled back. A server that does not end within a minute is ended the
    hard way and recovers from its write-ahead log at the next start.
    """
    layout = Layout(home.resolve())
    if not layout.lock_file.parent.is_dir():
        return False
    with locked(layout, say):
        return _stop(layout, say)


def destroy(home: Path, *, say: Say = _silent) -> None:
    """Stop the cluster and remove it with all data and its passwords; files and logs stay."""
    layout = Layout(home.resolve())
    if not layout.lock_file.parent.is_dir():
        return
    with locked(layout, say), explained(layout.home):
        _stop(layout, say)
        say(f"removing {layout.pg}")
        shutil.rmtree(layout.pg, ignore_errors=not layout.pg.exists())
        layout.password_file.unlink(missing_ok=True)
        shutil.rmtree(layout.socket_dir, ignore_errors=True)


def _major_of(layout: Layout) -> int:
    return int((layout.data / "PG_VERSION").read_text())


def _create(programs: Programs, layout: Layout) -> None:
    """Make the cluster beside its place and move it there in one step: never half a cluster."""
    if layout.data.exists():
        raise Unavailable(
            N_("{folder} is not a PostgreSQL cluster: move it away, then start again."),
            folder=layout.data,
        )
    for half in layout.pg.glob("initdb.*"):  # of a start that was killed; we hold the lock
        shutil.rmtree(half, ignore_errors=True)
    draft = layout.pg / f"initdb.{os.getpid()}"
    passwords = layout.passwords()
    try:
        with tempfile.NamedTemporaryFile("w", dir=layout.pg) as password:
            password.write(passwords[SUPERUSER] + "\n")
            password.flush()
            os.chown(password.name, *server_ids())
            answer = run_as_server(
                [
                    *(programs.path("initdb"), "--pgdata", draft, "--username", SUPERUSER),
                    *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
                    *("--auth=scram-sha-256", f"--pwfile={password.name}"),
                ]
            )
        if answer.returncode != 0:
            raise _failed(layout, N_("The cluster could not be created: {why}"), answer.stdout)
        _write_as_server(draft / "postgresql.conf", "include_if_exists = 'wanmi.conf'\n", ">>")
        draft.rename(layout.data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_as_server(file: Path, text: str, redirection: str) -> None:
    """Write a file as the server's user, who owns the folder: root follows no link of theirs."""
    command = ["/bin/sh", "-c", f'cat {redirection} "$1"', "write", file]
    answer = run_as_server(command, stdin=text)
    if answer.returncode != 0:
        raise _failed(file.parent, N_("{folder} cannot be written: {why}"), answer.stdout)


def _start(programs: Programs, layout: Layout, *, durable: bool) -> None:
    make_socket_dir(layout)
    clear_remains(layout)
    settings = server_settings(memory_mib(), port=PORT, log_dir=layout.pg / "log", durable=durable)
    _write_as_server(layout.data / "wanmi.conf", settings, ">")
    run_as_server(["/bin/sh", "-c", ': > "$1"', "empty", layout.server_log])
    answer = run_as_server(
        [
            *(programs.path("pg_ctl"), "start", "--pgdata", layout.data),
            *("--log", layout.server_log, "--wait", "--timeout", str(START_PATIENCE_S)),
            *("--options", f"-c unix_socket_directories={layout.socket_dir}"),
        ]
    )
    if answer.returncode != 0:
        raise _failed(layout, N_("PostgreSQL did not start: {why}"), answer.stdout)


def _failed(place: Layout | Path, message: str, output: str) -> Unavailable:
    """What a program of PostgreSQL said, as one sentence; all of it goes to the log."""
    folder = place if isinstance(place, Path) else place.pg
    if isinstance(place, Layout):
        output += _log_tail(place)
    if "No space left on device" in output:
        return free_space_error(folder, shutil.disk_usage(folder).free >> 20, MIN_FREE_MIB)
    said = [line for line in output.splitlines() if "FATAL" in line or "error:" in line]
    why = (said or output.strip().splitlines() or ["-"])[-1].strip()
    return Unavailable(message, detail=output, why=f"{why} ({folder})", folder=folder)


def _log_tail(layout: Layout) -> str:
    logs = [layout.server_log, *(layout.pg / "log").glob("*.log")]
    there = sorted((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)
    return "".join("\n" + log.read_text(errors="replace")[-2000:] for log in there[-2:])


def _bring_up(programs: Programs, layout: Layout, *, durable: bool, say: Say) -> bool:
    """
    Have a server that answers; tells whether it was started here.

    A server that was found alive may be about to end (killed or stopped by hand a moment ago):
    then it is started once.
    """
    if live_postmaster(layout.data) is not None and _answers(programs, layout):
        return False
    say(f"starting PostgreSQL {programs.major} in {layout.pg}")
    _start(programs, layout, durable=durable)
    if not _answers(programs, layout):
        raise _failed(layout, N_("PostgreSQL ended right after its start: {why}"), "")
    return True


def _answers(programs: Programs, layout: Layout) -> bool:
    """Wait until a live server has replayed its log; False when it ends instead."""
    ask = [programs.path("pg_isready"), "-q", "-h", layout.socket_dir, "-p", str(PORT)]
    until = time.monotonic() + START_PATIENCE_S
    while run_as_server(ask).returncode != 0:
        if live_postmaster(layout.data) is None:
            return False
        if time.monotonic() > until:
            raise Unavailable(
                N_("PostgreSQL in {folder} is still recovering: start again in a minute."),
                folder=layout.pg,
            )
        time.sleep(0.1)
    return True


def _prepare(programs: Programs, layout: Layout, *, fresh: bool) -> None:
    """Roles, database, extensions."""
    passwords = layout.passwords()
    variables = {
        "owner_password": passwords[OWNER_ROLE],
        "app_password": passwords[APP_ROLE],
        "version": PREPARED,
        "fresh": int(fresh),
    }
    script = "".join(f"\\set {k} '{v}'\n" for k, v in variables.items()) + _PREPARE_SQL
    answer = run_as_server(
        [
            *(programs.path("psql"), "-XAtq", "-h", layout.socket_dir, "-p", str(PORT)),
            *("-U", SUPERUSER, "-d", "postgres", "-f", "-"),
        ],
        stdin=script,
        env={"PGPASSWORD": passwords[SUPERUSER], "PGCONNECT_TIMEOUT": "10"},
    )
    if answer.returncode != 0:
        raise _failed(layout, N_("The database could not be prepared: {why}"), answer.stdout)


def _stop(layout: Layout, say: Say) -> bool:
    if live_postmaster(layout.data) is None:
        return False
    programs = found.of_major(_major_of(layout), layout.data)
    say(f"stopping PostgreSQL {programs.major} in {layout.pg}")
    halt = [programs.path("pg_ctl"), "stop", "--pgdata", layout.data, "--wait"]
    if run_as_server([*halt, "--mode=fast", "--timeout", str(STOP_PATIENCE_S)]).returncode == 0:
        return True
    answer = run_as_server([*halt, "--mode=immediate", "--timeout", "30"])
    if answer.returncode != 0 and live_postmaster(layout.data) is not None:
        raise _failed(layout, N_("PostgreSQL could not be stopped: {why}"), answer.stdout)
    return True
