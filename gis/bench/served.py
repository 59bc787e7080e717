"""What benches of the served product stand on: the database of a size, the web process, people."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gis.accounts.model import Role
from gis.accounts.sessions import demo_person_of, end_session, open_session
from gis.bench.options import Options
from gis.config import CHECKOUT, read_settings
from gis.db import cluster
from gis.db.engine import make_engine, transaction
from gis.demo.bench_database import ensure_bench_database
from gis.errors import Unavailable
from gis.i18n import N_

LAUNCHER = CHECKOUT / "streamlit_app.py"
BENCH_LAUNCHER = CHECKOUT / "tests" / "benchmarks" / "bench_app.py"
"""The product with routes and layers that only benches want."""
PEER_LAUNCHER = CHECKOUT / "tests" / "benchmarks" / "peer_app.py"
"""Pages as one writes them with Streamlit and folium alone."""
START_MOST_S = 90.0


@contextmanager
def bench_database(options: Options) -> Iterator[cluster.ClusterUrls]:
    """
    The database of the size, built when it is missing or the schema or generator changed.

    All benches of one size share it. The cluster is stopped afterwards if it did not run before.
    """
    urls = cluster.ensure_started(options.home)
    try:
        yield ensure_bench_database(
            urls,
            options.size,
            work_srid=read_settings().work_srid,
            now=datetime.now(UTC),
            progress=say,
            home=options.home,
        )
    finally:
        if urls.started:
            cluster.stop(options.home)


def say(sentence: str) -> None:
    """Progress goes to stderr; stdout belongs to the lines."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_process(
    home: Path, urls: cluster.ClusterUrls, *, launcher: Path = LAUNCHER, **env: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The web process on a free port, as script/server starts it: its address and itself."""
    port = free_port()
    told = {
        **os.environ,
        "DATABASE_URL": urls.app_url,
        "WANMI_HOME": str(home),
        "WANMI_PORT": str(port),
        "PYTHONPATH": str(CHECKOUT),
        **env,
    }
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(launcher)),
        *("--server.address", "127.0.0.1", "--server.port", str(port)),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false"),
    ]
    log = cluster.Layout(home).log / f"bench-{launcher.stem}.log"
    url = f"http://127.0.0.1:{port}"
    with running(command, told, log) as process:
        await_answer(f"{url}/healthz", process, log)
        yield url, process


@contextmanager
def running(
    command: Sequence[str], env: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this bench with its words in `log`, ended afterwards."""
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603  ourselves, and what we installed
            command, cwd=CHECKOUT, env=env, stdout=stream, stderr=stream
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """
    Until it answers; what it imports after that falls into the warm-up.

    Raises
    ------
    Unavailable
        When the process ends or stays silent; names its log.
    """
    end = time.monotonic() + START_MOST_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own
                return
        except OSError:
            time.sleep(0.2)
    raise Unavailable(N_("The web process does not answer; its last words are in {log}."), log=log)


@contextmanager
def signed_in(urls: cluster.ClusterUrls, role: Role) -> Iterator[str]:
    """
    The token of a session of the demo's person of a role, ended afterwards.

    Raises
    ------
    Unavailable
        When the database holds nobody of the role.
    """
    engine = make_engine(urls.app_url, pool_size=1)
    now = datetime.now(UTC)
    try:
        with transaction(engine) as conn:
            person_id = demo_person_of(conn, role, now=now)
            if person_id is None:
                raise Unavailable(N_("The demo district does not let {role} in."), role=role)
            token, _ends = open_session(conn, person_id=person_id, now=now, demo=True)
        yield token
        with transaction(engine) as conn:
            end_session(conn, token, now=datetime.now(UTC))
    finally:
        engine.dispose()


def rss_mb(pid: int) -> float:
    """Resident memory of a process in MiB, read from Linux."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
