"""`sessions.50`: fifty people keep their queue page open, each rerunning it every five seconds."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from gis.accounts.sessions import end_sessions_of, open_session
from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.bench.visitors import PageFailed, Visitor, measure
from gis.config import CHECKOUT
from gis.db import cluster
from gis.db.engine import make_engine, transaction
from gis.db.migrate import MIGRATIONS
from gis.errors import Unavailable
from gis.i18n import N_

SESSIONS = 50
SECONDS = 60.0
MEDIAN_MOST_MS = 100
P95_MOST_MS = 300
START_MOST_S = 60.0
QUEUES = {"acceptor": "acceptance", "dispatcher": "dispatch"}
"""The queue page of a role."""

_PERSONS = text(
    "SELECT p.id FROM person p JOIN post o ON o.person_id = p.id"
    " WHERE p.active AND o.role = :role AND o.valid_from <= CAST(:now AS date)"
    " AND (o.valid_to IS NULL OR o.valid_to > CAST(:now AS date)) ORDER BY o.id LIMIT 50"
)


def run(options: Options) -> Iterator[Line]:
    """
    A demo district of the size in a home of its own, kept between runs, and a web process on it.

    Measured is the time from the browser's wish to the end of the script, by clients on the same
    two cores. `rss_mb` is the web process with all sessions open.
    """
    with demo_database(options) as urls, web_process(options.home / options.size, urls) as web:
        url, process = web
        engine = make_engine(urls.app_url, pool_size=2)
        with visitors(engine, count=SESSIONS, now=datetime.now(UTC)) as people:
            measured = measure(people, url, seconds=SECONDS)
            rss = rss_mb(process.pid)
        engine.dispose()
    times = measured.rerun_ms
    yield Line(
        bench="sessions",
        case=str(SESSIONS),
        ours=median(times),
        p95=p95(times),
        target=MEDIAN_MOST_MS,
        rss_mb=rss,
    )
    yield Line(bench="sessions", case=f"{SESSIONS}.p95", ours=p95(times), target=P95_MOST_MS)


@contextmanager
def demo_database(options: Options) -> Iterator[cluster.ClusterUrls]:
    """
    The cluster of this size with its demo district, made anew when schema or generator change.

    Stopped afterwards if it did not run before.
    """
    home = options.home / options.size
    mark = home / "made-by"
    if not mark.is_file() or mark.read_text(encoding="ascii") != _made_by():
        cluster.destroy(home)
    urls = cluster.ensure_started(home)
    try:
        command = [sys.executable, "-m", "gis", "demo", "load", "--size", options.size]
        env = {**os.environ, "WANMI_HOME": str(home)}
        env.pop("DATABASE_URL", None)
        subprocess.run(command, cwd=CHECKOUT, env=env, check=True)  # noqa: S603  ourselves
        mark.write_text(_made_by(), encoding="ascii")
        yield urls
    finally:
        if urls.started:
            cluster.stop(home)


def _made_by() -> str:
    """Changes with every file that shapes the demo district."""
    digest = hashlib.sha256()
    for folder in (MIGRATIONS, CHECKOUT / "gis" / "demo", CHECKOUT / "data"):
        for file in sorted(folder.rglob("*.*")):
            if file.suffix in {".py", ".sql", ".csv"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def web_process(
    home: Path, urls: cluster.ClusterUrls
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The web process on a free port, as script/server starts it: its address and itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "DATABASE_URL": urls.app_url,
        "WANMI_HOME": str(home),
        "WANMI_PORT": str(port),
    }
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "streamlit_app.py")),
        *("--server.address", "127.0.0.1", "--server.port", str(port)),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
    ]
    log = cluster.Layout(home).log / "bench.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603  ourselves
            command, cwd=CHECKOUT, env=env, stdout=stream, stderr=stream
        )
        try:
            _await(url, process, log)
            yield url, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers; what it imports after that falls into the warm-up."""
    end = time.monotonic() + START_MOST_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  our own
                return
        except OSError:
            time.sleep(0.2)
    raise Unavailable(N_("The web process does not answer; its last words are in {log}."), log=log)


@contextmanager
def visitors(engine: Engine, *, count: int, now: datetime) -> Iterator[list[Visitor]]:
    """
    `count` sessions of acceptors and dispatchers in turn, ended afterwards.

    With fewer persons than sessions, persons have several: the cost of a run is the same.

    Raises
    ------
    PageFailed
        When the database holds nobody of a role.
    """
    people: dict[str, list[int]] = {}
    made: list[Visitor] = []
    with transaction(engine) as conn:
        for role in QUEUES:
            found = [row.id for row in conn.execute(_PERSONS, {"role": role, "now": now})]
            if not found:
                msg = f"nobody is {role} in this database; load a demo district first"
                raise PageFailed(msg)
            people[role] = found
        roles = list(QUEUES)
        for number in range(count):
            role = roles[number % len(roles)]
            persons = people[role]
            person_id = persons[number // len(roles) % len(persons)]
            token, _ends = open_session(conn, person_id=person_id, now=now, demo=True)
            made.append(Visitor(token, QUEUES[role]))
    try:
        yield made
    finally:
        with transaction(engine) as conn:
            for person_id in {one for found in people.values() for one in found}:
                end_sessions_of(conn, person_id, now=now)


def rss_mb(pid: int) -> float:
    """Resident memory of a process in MiB, read from Linux."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
