"""
Kill what runs, again and again, while people work; then count.

    python -m tests.faults.battery [--kills 100] [--steps 10000] [--seed N] [--json]

Four teams carry cases over HTTP in a copy of Wanmi of its own. Web process, worker, the
database's parent and one of its backends are killed in turn. Afterwards every step that a
person has an answer for must be there once, and the outbox must be empty. Then random moves of
random people are made on a database by Hypothesis.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from gis.config import CHECKOUT
from gis.db import cluster
from gis.db.engine import make_engine
from tests.faults.battery.district import District, look
from tests.faults.battery.ledger import Ledger, reckon, waiting
from tests.faults.battery.team import Team
from tests.faults.server_copy import Server, free_port, until

TEAMS = 4
TARGETS = ("web", "worker", "database", "backend")
STEPS_BETWEEN = 5
"""Acknowledged steps after a kill before the next one: nothing is proved while nobody works."""
PATIENCE_S = 120.0
LIFE = "tests/property/cases_db/test_life_of_a_case.py"
_A_BACKEND = text(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND pid <> pg_backend_pid() AND datname = current_database() ORDER BY random() LIMIT 1"
)


def say(sentence: str) -> None:
    print(f"faults: {sentence}", file=sys.stderr, flush=True)


@contextmanager
def running_copy() -> Iterator[tuple[Server, cluster.ClusterUrls]]:
    """A served demo district with a durable cluster; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="wanmi-faults-"))
    folder.chmod(0o755)
    server = Server(folder / "home", free_port())
    urls = cluster.ensure_started(server.home)
    env = {**os.environ, "WANMI_HOME": str(server.home)}
    load = [sys.executable, "-m", "gis", "demo", "load", "--size", "tiny"]
    subprocess.run(load, cwd=CHECKOUT, env=env, check=True, stderr=subprocess.DEVNULL)
    process = server.command()
    try:
        until(server.is_ready, PATIENCE_S)
        until(lambda: len(server.children()) == 2, PATIENCE_S)
        yield server, urls
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        cluster.stop(server.home)
        cluster.destroy(server.home)
        shutil.rmtree(folder)


class Killer:
    """Ends one thing at a time with SIGKILL."""

    def __init__(self, server: Server, url: str) -> None:
        self._server, self._url = server, url

    def kill(self, target: str) -> bool:
        """Whether there was anything of the kind to kill."""
        pid = self._pid(target)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _pid(self, target: str) -> int | None:
        if target == "database":
            return cluster.status(self._server.home).pid
        if target == "backend":
            return self._backend()
        return self._server.children().get(target)

    def _backend(self) -> int | None:
        engine = make_engine(self._url, pool_size=1)
        try:
            with engine.connect() as conn:
                pid: int | None = conn.execute(_A_BACKEND).scalar()
                return pid
        except SQLAlchemyError:
            return None
        finally:
            engine.dispose()


def kill_while_they_work(
    server: Server, urls: cluster.ClusterUrls, kills: int, seed: int
) -> dict[str, Any]:
    """The battery itself; the numbers of the answer."""
    ledger, stop, end = Ledger(f"battery {seed}"), Event(), Event()
    district = _prepare(urls)
    teams = [Team(n, server.port, district, ledger, stop, end) for n in range(TEAMS)]
    for team in teams:
        team.start()
    try:
        _await_work(ledger, teams, 0)
        killed = _kill_all(server, urls, kills, seed, ledger, teams)
        stop.set()
        for team in teams:
            team.join(PATIENCE_S)
    finally:
        end.set()
    _raise_errors(teams)
    return {"kills": killed, **_count(urls, ledger), "repeated": sum(t.repeated for t in teams)}


def _prepare(urls: cluster.ClusterUrls) -> District:
    engine = make_engine(urls.app_url, pool_size=1)
    with engine.begin() as conn:
        found = look(conn)
    engine.dispose()
    return found


def _kill_all(
    server: Server,
    urls: cluster.ClusterUrls,
    kills: int,
    seed: int,
    ledger: Ledger,
    teams: list[Team],
) -> int:
    draw, killer, killed = random.Random(seed), Killer(server, urls.app_url), 0
    while killed < kills:
        time.sleep(draw.uniform(0, 0.5))
        target = TARGETS[killed % len(TARGETS)]
        before = ledger.acknowledged
        if killer.kill(target):
            killed += 1
            say(f"kill {killed} of {kills}: {target}; {before} steps acknowledged")
            _await_work(ledger, teams, before)
        until(lambda: len(server.children()) == 2, PATIENCE_S)
    return killed


def _await_work(ledger: Ledger, teams: list[Team], before: int) -> None:
    def goes_on() -> bool:
        _raise_errors(teams)
        return ledger.acknowledged >= before + STEPS_BETWEEN

    until(goes_on, PATIENCE_S)


def _raise_errors(teams: list[Team]) -> None:
    for team in teams:
        if team.error is not None:
            raise team.error


def _count(urls: cluster.ClusterUrls, ledger: Ledger) -> dict[str, Any]:
    engine = make_engine(urls.app_url, pool_size=1)
    finish = time.monotonic() + PATIENCE_S
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        while (left := waiting(conn)) and time.monotonic() < finish:
            time.sleep(0.5)
        found = reckon(conn, ledger)
    engine.dispose()
    for why in sorted(set(ledger.refused))[:5]:
        say(f"refused: {why}")
    return {
        "acknowledged": ledger.acknowledged,
        **asdict(found),
        "outbox_left": left,
        "refused": len(ledger.refused),
        "cases": len(ledger.steps),
        "closed": ledger.closed,
    }


def random_moves(steps: int) -> dict[str, Any]:
    """Hypothesis on a database of its own; every illegal move or torn history ends it."""
    say(f"{steps} random steps on a database")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", LIFE]
    env = {**os.environ, "WANMI_LIFE_STEPS": str(steps)}
    done = subprocess.run(command, cwd=CHECKOUT, env=env, check=False, stdout=sys.stderr)
    return {"random_steps": steps, "illegal": int(done.returncode != 0)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__.splitlines()[1])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--steps", type=int, default=10_000, help="random moves; 0: none")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    asked = parser.parse_args()
    began = time.monotonic()
    with running_copy() as (server, urls):
        found = kill_while_they_work(server, urls, asked.kills, asked.seed)
    if asked.steps:
        found |= random_moves(asked.steps)
    found |= {"seed": asked.seed, "seconds": round(time.monotonic() - began)}
    print(json.dumps(found) if asked.json else "\n".join(f"{k:14}{v}" for k, v in found.items()))
    wrong = ("lost", "doubled", "torn", "outbox_left", "illegal")
    return int(any(found.get(name) for name in wrong) or not found["closed"])


if __name__ == "__main__":
    sys.exit(main())
