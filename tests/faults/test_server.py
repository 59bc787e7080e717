"""`script/server` as a whole: what it starts, what it survives, what it stops."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gis.db import cluster
from tests.faults.server_copy import PATIENCE_S, Server, free_port, until

pytestmark = pytest.mark.faults


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
    it = Server(place / "home", free_port())
    process = it.command()
    try:
        until(it.is_ready)
        yield it
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 0, said
    assert it.children() == {}
    assert cluster.status(it.home).state == "stopped"


def test_a_dead_worker_and_a_dead_web_process_come_back(server: Server) -> None:
    until(lambda: len(server.children()) == 2)
    for name in ("worker", "web"):
        before = server.children()[name]
        os.kill(before, signal.SIGKILL)
        until(partial(server.has_replaced, name, before))
        assert before not in server.children().values()
    until(server.answers)
    assert set(server.children()) == {"worker", "web"}


def test_a_killed_database_comes_back_and_the_pages_with_it(server: Server) -> None:
    until(server.is_ready)
    pid = cluster.status(server.home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: cluster.status(server.home).pid not in {None, pid})
    until(server.is_ready)


def test_a_second_server_for_the_same_home_is_refused(server: Server) -> None:
    second = server.command(WANMI_PORT=str(free_port()))
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
    it = Server(home, free_port())
    process = it.command()
    until(it.answers)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert cluster.status(home).state == "running"


def test_a_database_of_yours_is_used_and_nothing_else_is_started(
    place: Path, fresh_database: cluster.ClusterUrls
) -> None:
    it = Server(place / "yours", free_port())
    process = it.command(
        DATABASE_URL=fresh_database.app_url,
        WANMI_OWNER_DATABASE_URL=fresh_database.owner_url,
    )
    until(it.is_ready)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert not (it.home / "pg").exists()
    assert (it.home / "log" / "web.log").exists()
