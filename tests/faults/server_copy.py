"""A copy of Wanmi in a home of its own, whose processes may be killed at will."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gis.config import CHECKOUT
from gis.jobs.serve import answers

PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
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

    def has_replaced(self, name: str, before: int) -> bool:
        """Whether another process has come in the place of one that was killed."""
        return self.children().get(name) not in {None, before}
