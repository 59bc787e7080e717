"""`script/server` as a whole: what it starts, what it survives, what it stops."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gis.config import CHECKOUT
from gis.db import cluster
from gis.jobs.serve import answers

pytestmark = pytest.mark.faults

PATIENCE_S = 60.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@dataclass
class Server:
    """A copy of Wanmi in a home of its own, without a demo district."""

    home: Path
    port: int

    def command(self, **env: str) -> subprocess.Popen[str]:
        told = {"WANMI_HOME": str(self.home), "WANMI_PORT": str(self.port), "WANMI_LANG": "en"}
        return subprocess.Popen(
            ["script/server", "--no-demo"],
            cwd=CHECKOUT,
            env={**os.environ, **told, **env},
            stderr=subprocess.PIPE,
            text=True,
        )

    def answers(self) -> bool:
        return answers("127.0.0.1", self.port)

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def children(self) -> dict[str, int]:
        """Web process and worker by name, found by the home they were given."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                environment = (folder / "environ").read_bytes()
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError):
                continue
            if f"WANMI_HOME={self.home}\0".encode() in environment + b"\0":
                if b"streamlit" in words:
                    found["web"] = int(folder.name)
                elif b"worker" in words:
                    found["worker"] = int(folder.name)
        return found


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wanmi-server-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.glob("*/run"):
        cluster.destroy(home.parent)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    it = Server(place / "home", _free_port())
    process = it.command()
    try:
        _until(it.is_ready)
        yield it
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 0, said
    assert it.children() == {}
    assert cluster.status(it.home).state == "stopped"


def test_a_dead_worker_and_a_dead_web_process_come_back(server: Server) -> None:
    _until(lambda: len(server.children()) == 2)
    for name in ("worker", "web"):
        before = server.children()[name]
        os.kill(before, signal.SIGKILL)
        _until(lambda name=name, before=before: server.children().get(name) not in {None, before})
    _until(server.answers)


def test_a_killed_database_comes_back_and_the_pages_with_it(server: Server) -> None:
    _until(server.is_ready)
    pid = cluster.status(server.home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    _until(lambda: cluster.status(server.home).pid not in {None, pid})
    _until(server.is_ready)


def test_a_second_server_for_the_same_home_is_refused(server: Server) -> None:
    second = server.command(WANMI_PORT=str(_free_port()))
    assert "is already serving" in second.communicate(timeout=PATIENCE_S)[1]
    assert second.returncode == 1
    assert server.answers()


def test_a_taken_port_is_named_before_anything_is_started(server: Server, place: Path) -> None:
    other = Server(place / "other", server.port)
    process = other.command()
    said = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 1
    assert f"Port {server.port} on 127.0.0.1 cannot be used" in said
    assert "WANMI_PORT" in said
    assert not (other.home / "pg").exists()


def test_a_cluster_that_ran_before_goes_on_afterwards(place: Path) -> None:
    home = place / "shared"
    assert cluster.ensure_started(home).started
    it = Server(home, _free_port())
    process = it.command()
    _until(it.answers)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert cluster.status(home).state == "running"


def test_a_database_of_yours_is_used_and_nothing_else_is_started(
    place: Path, fresh_database: cluster.ClusterUrls
) -> None:
    it = Server(place / "yours", _free_port())
    process = it.command(
        DATABASE_URL=fresh_database.app_url,
        WANMI_OWNER_DATABASE_URL=fresh_database.owner_url,
    )
    _until(it.is_ready)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert not (it.home / "pg").exists()
    assert (it.home / "log" / "web.log").exists()
