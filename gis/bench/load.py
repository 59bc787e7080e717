"""The load of the tile benches: requests and statements from a process of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import make_url

from gis.config import CHECKOUT

MODULE = "gis.bench.load_process"


@dataclass(frozen=True)
class Pulled:
    """What one job took and brought."""

    seconds: float
    ms: list[float]
    """Of each request, in the order of the paths."""
    statuses: dict[str, int]
    bytes: int
    """Of bodies as they came over the wire."""
    cpu_ms: float
    """What the asking itself cost: it runs on the same cores as what answers."""
    raw_bytes: list[int]
    """Of each body after gunzip; only when asked for."""

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.ms) / self.seconds

    def check(self, *allowed: int) -> None:
        """
        Let a job pass whose answers all have an allowed status.

        Raises
        ------
        RuntimeError
            For any other: the speed of errors means nothing.
        """
        wrong = {s: n for s, n in self.statuses.items() if int(s) not in allowed}
        if wrong:
            msg = f"answers that should not be: {wrong}"
            raise RuntimeError(msg)


class Load:
    """The other end of the process; one job at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _ask(self, job: Mapping[str, Any]) -> Pulled:
        if self._process.stdin is None or self._process.stdout is None:
            msg = "the load process has no pipes"
            raise RuntimeError(msg)
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            msg = "the load process ended; its last words stand above"
            raise RuntimeError(msg)
        return Pulled(**json.loads(answer))

    def http(
        self,
        url: str,
        paths: Sequence[str],
        *,
        headers: Mapping[str, str],
        connections: int,
        sizes: bool = False,
    ) -> Pulled:
        """Ask all paths over so many connections, each asking again as soon as it is answered."""
        return self._ask(
            {
                "kind": "http",
                "url": url,
                "paths": list(paths),
                "headers": dict(headers),
                "connections": connections,
                "sizes": sizes,
            }
        )

    def sql(
        self, database_url: str, calls: Sequence[tuple[str, Sequence[Any]]], *, connections: int
    ) -> Pulled:
        """Run statements with their arguments on asyncpg, in the same manner."""
        texts = list(dict.fromkeys(sql for sql, _ in calls))
        return self._ask(
            {
                "kind": "sql",
                "dsn": asyncpg_arguments(database_url),
                "texts": texts,
                "calls": [[texts.index(sql), *args] for sql, args in calls],
                "connections": connections,
            }
        )

    def paced(self, url: str, clients: Sequence[Mapping[str, Any]]) -> Pulled:
        """
        Let clients ask by the clock, one connection each.

        A client is `{"headers": {…}, "asks": [[seconds after the start, path], …]}`. One that
        is kept waiting asks late and does not catch up.
        """
        return self._ask({"kind": "paced", "url": url, "clients": list(clients)})


@contextmanager
def load_process() -> Iterator[Load]:
    """The process, ended afterwards."""
    process = subprocess.Popen(  # noqa: S603  ourselves
        [sys.executable, "-m", MODULE],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Load(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(10)


def asyncpg_arguments(database_url: str) -> dict[str, Any]:
    """What `asyncpg.connect` takes, from one of our addresses."""
    url = make_url(database_url)
    return {
        "host": str(url.query.get("host") or url.host),
        "port": int(str(url.query.get("port") or url.port or 5432)),
        "user": url.username,
        "password": url.password,
        "database": url.database,
    }
