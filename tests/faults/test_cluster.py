"""The project's own cluster under kills, full disks and closed folders."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from gis.config import CHECKOUT
from gis.db import cluster
from gis.db.cluster import Layout, postmaster
from gis.errors import Unavailable

pytestmark = pytest.mark.faults

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="mounts a disk or changes user: needs root"
)


def _start(home: Path, **options: object) -> cluster.ClusterUrls:
    return cluster.ensure_started(home, **options)  # type: ignore[arg-type]


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def _one(url: str, query: str) -> object:
    with _connect(url) as conn:
        row = conn.execute(query).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None


def _kill(home: Path) -> None:
    pid = cluster.status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Not tmp_path: pytest closes its folders to other users, and PostgreSQL runs as one."""
    folder = Path(tempfile.mkdtemp(prefix="wanmi-faults-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.glob("*/run"):
        cluster.destroy(home.parent)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def home(place: Path) -> Path:
    """A cluster that many first starts at the same moment made; it has one table."""
    home = place / "shared"
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(_start_in_own_process, [home] * 4))
    assert len(set(urls)) == 1
    with _connect(_start(home).owner_url) as conn:
        conn.execute("CREATE TABLE kept AS SELECT * FROM generate_series(1, 1000)")
    return home


def _start_in_own_process(home: Path) -> str:
    code = (
        "import sys; from pathlib import Path; from gis.db.cluster import ensure_started;"
        "print(ensure_started(Path(sys.argv[1])).app_url)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_four_first_starts_at_once_make_one_cluster(home: Path) -> None:
    assert cluster.status(home).state == "running"
    assert [entry.name for entry in (home / "pg").glob("initdb.*")] == []


def test_a_second_start_finds_the_server_running(home: Path) -> None:
    pid = cluster.status(home).pid
    assert not _start(home).started
    assert cluster.status(home).pid == pid


def test_the_application_role_cannot_change_the_shape_of_the_database(home: Path) -> None:
    urls = _start(home)
    for statement in (
        "CREATE TABLE intruder (id int)",
        "CREATE TEMPORARY TABLE intruder (id int)",
        "CREATE SCHEMA intruder",
        "DROP TABLE kept",
        "SELECT * FROM kept",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), _connect(urls.app_url) as conn:
            conn.execute(statement)


def test_the_owner_is_no_superuser_and_has_the_extensions(home: Path) -> None:
    url = _start(home).owner_url
    assert _one(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert _one(
        url,
        "SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension"
        " WHERE extname <> 'plpgsql'",
    ) == ["btree_gist", "citext", "pg_trgm", "postgis"]
    assert _one(url, "SHOW timezone") == "Asia/Shanghai"
    assert _one(url, "SHOW data_checksums") == "on"
    assert _one(url, "SELECT datcollate FROM pg_database WHERE datname = 'wanmi'") == "C.UTF-8"


def test_passwords_and_socket_are_for_their_owner_only(home: Path) -> None:
    layout = Layout(home)
    assert layout.password_file.stat().st_mode & 0o777 == 0o600
    assert layout.secrets.stat().st_mode & 0o777 == 0o700
    assert layout.socket_dir.stat().st_mode & 0o777 == 0o700
    arguments = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True, check=True)
    assert not any(word in arguments.stdout for word in layout.passwords().values())


def test_a_wrong_password_is_refused(home: Path) -> None:
    url = _start(home).app_url
    password = Layout(home).passwords()["wanmi_app"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        _connect(url.replace(password, "guess"))


def test_rows_survive_kills_of_the_server(home: Path) -> None:
    for _ in range(3):
        urls = _start(home)
        # a backend that is busy when its server dies must not keep the next start away
        with closing(_connect(urls.owner_url)):
            _kill(home)
            urls = _start(home)
        assert urls.started
        assert _one(urls.owner_url, "SELECT count(*) FROM kept") == 1000


def test_a_backend_that_hangs_after_a_kill_is_told_to_quit(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "PATIENCE_S", 1.0)
    with _connect(_start(home).owner_url) as conn:
        backend = conn.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        _kill(home)
        # the signal waits until the process runs again, as it would behind a slow disk
        waker = subprocess.Popen(["sh", "-c", f"sleep 1.5; kill -CONT {backend}"])
        assert _start(home).started
        waker.wait()
    assert backend not in postmaster.orphans(Layout(home).data)


def test_a_pid_file_whose_number_belongs_to_another_program_now(home: Path) -> None:
    _start(home)
    _kill(home)
    pid_file = Layout(home).data / "postmaster.pid"
    time.sleep(0.3)
    other = subprocess.Popen(["sleep", "60"], **_as_server_user())
    try:
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]))
        assert cluster.status(home).state == "stopped"
        urls = _start(home)
        assert _one(urls.owner_url, "SELECT count(*) FROM kept") == 1000
    finally:
        other.kill()
        other.wait()


def _as_server_user() -> dict[str, object]:
    from gis.db.cluster.programs import server_ids

    if os.geteuid() != 0:
        return {}
    uid, gid = server_ids()
    return {"user": uid, "group": gid, "extra_groups": []}


def test_an_unreadable_pid_file_does_not_stop_the_start(home: Path) -> None:
    _start(home)
    _kill(home)
    (Layout(home).data / "postmaster.pid").write_text("")
    assert _start(home).started


def test_a_clean_stop_keeps_the_rows_and_is_repeatable(home: Path) -> None:
    _start(home)
    assert cluster.stop(home)
    assert not cluster.stop(home)
    assert _one(_start(home).owner_url, "SELECT count(*) FROM kept") == 1000


def test_a_start_killed_halfway_leaves_nothing_that_harms_the_next(home: Path) -> None:
    cluster.stop(home)
    half = home / "pg" / "initdb.1"
    data, aside = home / "pg" / "data", home / "pg" / "aside"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    data.rename(aside)
    try:
        with pytest.raises(Unavailable):  # too little room asked on purpose: nothing is made
            _start(home, min_free_mib=1 << 40)
        assert cluster.status(home).state == "absent"
    finally:
        aside.rename(data)
        shutil.rmtree(half)
    assert _start(home).started


def test_missing_passwords_are_named(home: Path) -> None:
    cluster.stop(home)
    file = Layout(home).password_file
    kept = file.read_text()
    file.unlink()
    try:
        with pytest.raises(Unavailable, match="put the file back from a backup"):
            _start(home)
    finally:
        file.write_text(kept)
        file.chmod(0o600)
    assert _start(home).started


def test_a_socket_folder_of_somebody_else_is_refused(home: Path) -> None:
    cluster.stop(home)
    folder = Layout(home).socket_dir
    shutil.rmtree(folder, ignore_errors=True)
    folder.symlink_to("/var/tmp")
    try:
        with pytest.raises(Unavailable, match="made by somebody else"):
            _start(home)
    finally:
        folder.unlink()
    assert _start(home).started


@pytest.fixture
def small_disk(place: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small disk in memory with the options given."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        folder = place / f"disk{len(mounted)}"
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@needs_root
def test_a_read_only_disk_is_named_with_the_remedy(small_disk: Callable[[str], Path]) -> None:
    with pytest.raises(Unavailable, match="on a read-only disk: set WANMI_HOME"):
        _start(small_disk("ro,size=2m") / "home")


@needs_root
def test_too_little_room_is_found_before_anything_is_written(
    small_disk: Callable[[str], Path],
) -> None:
    home = small_disk("size=30m,mode=755") / "home"
    with pytest.raises(Unavailable, match="MiB are free under .* and 512 MiB are needed"):
        _start(home)
    assert list((home / "pg").iterdir()) == []


@needs_root
def test_a_disk_that_fills_up_while_the_cluster_is_made_leaves_nothing(
    small_disk: Callable[[str], Path],
) -> None:
    home = small_disk("size=30m,mode=755") / "home"
    with pytest.raises(Unavailable, match="make room"):
        _start(home, min_free_mib=1)
    assert list((home / "pg").iterdir()) == []


@needs_root
def test_a_closed_folder_above_is_named(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Unavailable, match=rf"may not enter {closed}: set WANMI_HOME"):
        _start(closed / "home")
    assert list(closed.iterdir()) == []


@needs_root
def test_a_home_that_was_there_keeps_its_modes(place: Path) -> None:
    """Somebody may say WANMI_HOME=/var."""
    home = place / "was-there"
    for folder in (home, home / "log", home / "run"):
        folder.mkdir()
        folder.chmod(0o777)
    _start(home, min_free_mib=1)
    cluster.destroy(home)
    modes = {(f.stat().st_mode & 0o777) for f in (home, home / "log", home / "run")}
    assert modes == {0o777}
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700


@needs_root
def test_a_closed_home_is_named_and_not_opened(place: Path) -> None:
    home = place / "closed-home"
    home.mkdir(mode=0o700)
    with pytest.raises(Unavailable, match=rf"may not enter {home}"):
        _start(home)
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way_is_named(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(Unavailable, match="set WANMI_HOME to a folder on a local disk"):
        _start(place / "file" / "home")


@needs_root
def test_a_user_without_rights_gets_a_sentence_and_runs_in_a_home_of_their_own(
    place: Path,
) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from gis.db.cluster import ensure_started, stop\n"
        "from gis.errors import GisError\n"
        "home = Path(sys.argv[2])\n"
        "try:\n"
        "    print(ensure_started(home).started, stop(home))\n"
        "except GisError as error:\n"
        "    print(error)\n"
    )
    # Python itself may be closed to that user: run as root and give the rights up
    drop = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    mine, theirs = place / "nobody", place / "roots"
    mine.mkdir()
    os.chown(mine, 65534, 65534)
    theirs.mkdir(mode=0o755)

    def run(home: Path) -> str:
        preload = "import gis.db.cluster, gis.errors\n"  # before the rights are gone
        command = [sys.executable, "-c", preload + drop + code, str(CHECKOUT), str(home)]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert run(mine) == "True True\n"
    assert "belongs to somebody else" in run(theirs)


@needs_root
def test_a_home_with_a_very_long_path_works(place: Path) -> None:
    home = place / ("d" * 60) / ("e" * 60)
    assert _start(home).started
    cluster.destroy(home)
    assert cluster.status(home).state == "absent"
    assert not Layout(home).socket_dir.exists()
