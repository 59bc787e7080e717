"""
Kill what runs, again and again, while people work; then count.

    python -m tests.faults.battery [--kills 100] [--steps 10000] [--seed N] [--json]

Four teams carry cases along every path in a copy of Wanmi of its own: over HTTP, and what only
pages offer in a process of their own. When every command was made once, web process, worker, the
database's parent, one of its backends and such a process are killed in turn, preferably in the
middle of a command that no kill has hit yet. Afterwards every step that a person has an answer
for must be there once, what was sent twice must have been answered the same, and the outbox must
be empty. Then random moves of random people are made on a database by Hypothesis.
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
from collections import Counter
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
from tests.faults.battery.paths import AT_A_DESK, COMMANDS
from tests.faults.battery.team import Place, Team
from tests.faults.server_copy import Server, free_port, until

TEAMS = 4
TARGETS = ("web", "worker", "database", "backend", "clerk")
AIM_S = 5.0
"""How long a kill waits for a command that few have hit."""
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


def _meets(target: str, command: str) -> bool:
    """Whether the end of the target meets a command that is on its way for sure."""
    desk = command in AT_A_DESK
    return target == "database" or (target == "web" and not desk) or (target == "clerk" and desk)


class Killer:
    """Ends one thing at a time with SIGKILL."""

    def __init__(self, server: Server, url: str, teams: list[Team]) -> None:
        self._server, self._url, self._teams = server, url, teams
        self.hit: Counter[str] = Counter()
        """Commands that a kill found on their way."""

    def kill(self, target: str) -> bool:
        """Whether there was anything of the kind to kill."""
        team = self._aim(target)
        pid = team.desk.pid if target == "clerk" else self._pid(target)
        if pid is None:
            return False
        doing = [team.doing] if target == "clerk" else [one.doing for one in self._teams]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.hit.update(one for one in doing if one and _meets(target, one))
        return True

    def _aim(self, target: str) -> Team:
        """Wait for a team in the middle of what was hit least; any, when none comes."""
        met = [command for command in COMMANDS if _meets(target, command)]
        fewest = min((self.hit[command] for command in met), default=0)
        finish = time.monotonic() + AIM_S if met else 0.0
        while time.monotonic() < finish:
            for team in self._teams:
                doing = team.doing
                if doing in met and self.hit[doing] == fewest:
                    return team
            time.sleep(0.001)
        return next((team for team in self._teams if team.desk.pid), self._teams[0])

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
    place = Place(server.port, urls.app_url, server.home)
    teams = [Team(n, place, district, ledger, stop, end) for n in range(TEAMS)]
    killer = Killer(server, urls.app_url, teams)
    for team in teams:
        team.start()
    try:
        _await_every_command(ledger, teams)
        killed = _kill_all(server, killer, kills, seed, ledger, teams)
        stop.set()
        for team in teams:
            team.join(PATIENCE_S)
    finally:
        end.set()
    _raise_errors(teams)
    _tell_hits(ledger, killer)
    more = {"commands": len(ledger.commands), "hit": len(killer.hit)}
    return {
        "kills": killed,
        **_count(urls, ledger),
        **more,
        "repeated": sum(t.repeated for t in teams),
    }


def _await_every_command(ledger: Ledger, teams: list[Team]) -> None:
    """Each command once before anything is killed: what does not go by itself proves nothing."""
    finish = time.monotonic() + PATIENCE_S
    while left := COMMANDS - ledger.commands.keys():
        _raise_errors(teams)
        if time.monotonic() > finish:
            why = "; ".join(sorted(set(ledger.refused))[:5])
            raise AssertionError(f"never made: {', '.join(sorted(left))}; refused: {why}")
        time.sleep(0.1)


def _tell_hits(ledger: Ledger, killer: Killer) -> None:
    for command in sorted(COMMANDS):
        say(f"{command:20}{ledger.commands[command]:6} made{killer.hit[command]:6} hit by a kill")


def _prepare(urls: cluster.ClusterUrls) -> District:
    engine = make_engine(urls.app_url, pool_size=1)
    with engine.begin() as conn:
        found = look(conn)
    engine.dispose()
    return found


def _kill_all(
    server: Server,
    killer: Killer,
    kills: int,
    seed: int,
    ledger: Ledger,
    teams: list[Team],
) -> int:
    draw, killed = random.Random(seed), 0
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
    wrong = ("lost", "doubled", "torn", "otherwise", "outbox_left", "illegal")
    return int(any(found.get(name) for name in wrong) or not found["closed"])


if __name__ == "__main__":
    sys.exit(main())
