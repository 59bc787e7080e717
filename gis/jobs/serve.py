"""The supervisor: database, web process and worker, up together and down together."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from gis.config import CHECKOUT, Settings
from gis.db import cluster
from gis.errors import Refused, Unavailable
from gis.i18n import N_
from gis.jobs.caller_keeping import make_first_key
from gis.jobs.children import Child
from gis.jobs.database import Database, is_empty, migrate, reach_database

Say = Callable[[str], None]

TICK_S = 0.2
CLUSTER_LOOK_S = 2.0
GRACE_S = 10.0
EARLY_ENDS_ALLOWED = 3


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """
    Hold this home for one supervisor; the lock goes with the process, however it ends.

    Raises
    ------
    Refused
        When another one holds it.
    """
    layout = cluster.Layout(settings.home)
    cluster.prepare_home(layout)
    descriptor = os.open(layout.run / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, settings)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, settings: Settings) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(
            N_(
                "Wanmi is already serving {home} (process {pid}): end that one first, or set "
                "WANMI_HOME and WANMI_PORT to run a second copy."
            ),
            home=settings.home,
            pid=os.pread(descriptor, 20, 0).decode() or "?",
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def require_free_port(address: str, port: int) -> None:
    """
    Find out before anything is started.

    Raises
    ------
    Unavailable
        When another program listens there, or this user may not.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Unavailable(
                N_(
                    "Port {port} on {address} cannot be used ({reason}): end the program that "
                    "holds it, or choose another with WANMI_PORT."
                ),
                port=port,
                address=address,
                reason=error.strerror or str(error),
            ) from error


def answers(address: str, port: int) -> bool:
    """Whether the web process says that it is healthy."""
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def make_children(settings: Settings, address: str) -> tuple[Child, Child]:
    """The web process and the worker, not yet started."""
    layout = cluster.Layout(settings.home)
    env = {
        **os.environ,
        "WANMI_HOME": str(settings.home),
        "WANMI_PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }
    web = [
        *(sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "streamlit_app.py")),
        *("--server.address", address, "--server.port", str(settings.port)),
        *("--server.headless", "true", "--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false"),
    ]
    worker = [sys.executable, "-m", "gis", "worker"]
    return (
        Child("web", web, layout.log / "web.log", env),
        Child("worker", worker, layout.log / "worker.log", env),
    )


class Supervisor:
    """Keeps the children and the project's own cluster running until it is told to stop."""

    def __init__(
        self, settings: Settings, address: str, say: Say, children: tuple[Child, ...]
    ) -> None:
        self.settings = settings
        self.address = address
        self.say = say
        self.children = children
        self._announced = False
        self._look_at_cluster_after = 0.0

    def run(self) -> None:
        """Until KeyboardInterrupt, which SIGTERM raises too; the children are ended then."""
        try:
            while True:
                self._tick()
                time.sleep(TICK_S if self._announced else TICK_S / 4)
        finally:
            self.say("stopping")
            _let_nothing_interrupt()
            for child in self.children:
                child.ask_to_end()
            for child in self.children:
                child.end(GRACE_S)

    def _tick(self) -> None:
        self._tend_cluster()
        # The first page waits for the web process alone; the others start when it answers.
        for child in self.children if self._announced else self.children[:1]:
            child.tend(self.say)
        if not self._announced:
            self._announce()

    def _tend_cluster(self) -> None:
        """A killed database is started again; the pools of the children reconnect themselves."""
        now = time.monotonic()
        if self.settings.database_url or now < self._look_at_cluster_after:
            return
        self._look_at_cluster_after = now + CLUSTER_LOOK_S
        if cluster.status(self.settings.home).state != "running":
            self.say("the database has ended; starting it again")
            try:
                cluster.ensure_started(self.settings.home, say=self.say)
            except Unavailable as error:
                self.say(str(error))

    def _announce(self) -> None:
        web = self.children[0]
        if web.early_ends >= EARLY_ENDS_ALLOWED:
            raise Unavailable(
                N_("The web process does not start; its last words are in {log}: {words}"),
                log=web.log_file,
                words=web.last_words[-1] if web.last_words else "-",
                detail="\n".join(web.last_words),
            )
        if answers(self.address, self.settings.port):
            self._announced = True
            self.say(f"serving http://{self.address}:{self.settings.port}  (Ctrl-C stops it)")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _let_nothing_interrupt() -> None:
    """From here to the end takes seconds; a second Ctrl-C would leave half of it running."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def serve(settings: Settings, *, address: str, demo: bool, say: Say) -> None:
    """
    Start all that is needed and serve until told to stop.

    What this call started it stops: the children always, the cluster if it did not run before.
    With `demo`, an empty database first gets the generated district.

    Raises
    ------
    Refused, Unavailable
        Another copy serves this home, the port is taken, the database cannot be reached.
    """
    # SIGINT too: a shell that starts us in the background has it ignored
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    with only_server(settings):
        require_free_port(address, settings.port)
        database = reach_database(settings, say)
        try:
            _fill(settings, database, demo=demo, say=say)
            Supervisor(settings, address, say, make_children(settings, address)).run()
        finally:
            if database.started_cluster:
                _let_nothing_interrupt()
                cluster.stop(settings.home, say=say)


def _fill(settings: Settings, database: Database, *, demo: bool, say: Say) -> None:
    """Schema, code tables and, where nothing is yet, the generated district."""
    migrate(settings, database, say)
    make_first_key(database.app_url, settings.home, now=datetime.now(UTC), say=say)
    if demo and is_empty(database):
        say("the database is empty; loading the demo district")
        # In a process of its own: what the generator imports and allocates goes with it.
        command = [sys.executable, "-m", "gis", "demo", "load"]
        env = {**os.environ, "WANMI_HOME": str(settings.home)}
        if subprocess.run(command, cwd=CHECKOUT, env=env, check=False).returncode != 0:  # noqa: S603
            raise Unavailable(
                N_(
                    "The demo district could not be loaded, the lines above say why: mend it, or "
                    "start with an empty district by script/server --no-demo."
                )
            )
