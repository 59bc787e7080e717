"""
Asks as fast as it is answered, or by the clock: a JSON job per line in, a JSON line out.

Raw sockets under asyncio, because the client shares two cores with the server: what it spends is
missing there, so it should be little, and it is counted (`cpu_ms`).
"""

import asyncio
import gzip
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import asyncpg
import uvloop

_END = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"
_EMPTY = frozenset({204, 304})


@dataclass
class Tally:
    """What came of one job; mirrors `gis.bench.load.Pulled`."""

    seconds: float = 0.0
    ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    cpu_ms: float = 0.0
    raw_bytes: list[int] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One connection that is kept alive; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request under way: a server that closes is a server that failed."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self._held += data
        whole = _whole(self._held)
        if whole is not None and self._answer is not None and not self._answer.done():
            self._held.clear()
            self._answer.set_result(whole)

    async def get(self, path: str, head: str) -> tuple[int, bytes]:
        """Status and body."""
        if self._transport is None:
            raise ConnectionError
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._answer = None
            self._transport.close()


def _whole(held: bytearray) -> tuple[int, bytes] | None:
    """Status and body of a complete answer; None: more is coming."""
    end = held.find(_END)
    if end < 0:
        return None
    head = bytes(held[:end]).lower()
    status = int(head[9:12])
    if status in _EMPTY:
        return status, b""
    body = bytes(held[end + 4 :])
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        return (status, body) if len(body) >= length else None
    return (status, body) if body.endswith(_LAST_CHUNK) else None


async def _connected(url: str) -> Client:
    at = urlsplit(url)
    _transport, client = await asyncio.get_running_loop().create_connection(
        Client, at.hostname or "127.0.0.1", at.port or 80
    )
    return client


def _head(url: str, headers: dict[str, str]) -> str:
    lines = {"Host": urlsplit(url).netloc, **headers}
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items())


async def http(job: dict[str, Any], tally: Tally) -> None:
    """See `Load.http`."""
    head = _head(job["url"], job["headers"])
    clients = [await _connected(job["url"]) for _ in range(job["connections"])]
    bodies: list[bytes] = [b""] * len(job["paths"])
    tally.ms = [0.0] * len(job["paths"])
    waiting = iter(enumerate(job["paths"]))

    async def work(client: Client) -> None:
        for number, path in waiting:
            began = time.perf_counter()
            status, body = await client.get(path, head)
            tally.ms[number] = (time.perf_counter() - began) * 1000
            tally.statuses[str(status)] += 1
            tally.bytes += len(body)
            if job["sizes"]:
                bodies[number] = body

    async with _timed(tally), asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(work(client))
    for client in clients:
        client.close()
    if job["sizes"]:
        tally.raw_bytes = [
            len(gzip.decompress(b)) if b[:2] == b"\x1f\x8b" else len(b) for b in bodies
        ]


class Statements:
    """Connections to databases, kept between jobs with their prepared statements."""

    def __init__(self) -> None:
        self._held: dict[str, list[asyncpg.Connection]] = {}

    async def _of(self, dsn: dict[str, Any], count: int) -> list[asyncpg.Connection]:
        held = self._held.setdefault(json.dumps(dsn), [])
        while len(held) < count:
            held.append(await asyncpg.connect(**dsn, server_settings={"jit": "off"}))
        return held[:count]

    async def run(self, job: dict[str, Any], tally: Tally) -> None:
        """See `Load.sql`."""
        connections = await self._of(job["dsn"], job["connections"])
        tally.ms = [0.0] * len(job["calls"])
        waiting = iter(enumerate(job["calls"]))

        async def work(connection: asyncpg.Connection) -> None:
            for number, (text, *args) in waiting:
                began = time.perf_counter()
                value = await connection.fetchval(job["texts"][text], *args)
                tally.ms[number] = (time.perf_counter() - began) * 1000
                tally.bytes += len(value or b"")

        async with _timed(tally), asyncio.TaskGroup() as group:
            for connection in connections:
                group.create_task(work(connection))

    async def close(self) -> None:
        """Hang up."""
        for held in self._held.values():
            for connection in held:
                await connection.close()


async def paced(job: dict[str, Any], tally: Tally) -> None:
    """See `Load.paced`."""
    start = time.perf_counter()

    async def stay(told: dict[str, Any]) -> None:
        client, head = await _connected(job["url"]), _head(job["url"], told["headers"])
        for at, path in told["asks"]:
            await asyncio.sleep(max(0.0, start + at - time.perf_counter()))
            began = time.perf_counter()
            status, body = await client.get(path, head)
            tally.ms.append((time.perf_counter() - began) * 1000)
            tally.statuses[str(status)] += 1
            tally.bytes += len(body)
        client.close()

    async with _timed(tally), asyncio.TaskGroup() as group:
        for told in job["clients"]:
            group.create_task(stay(told))


class _timed:  # noqa: N801  reads as what it is
    """Wall clock and CPU of a block, into the tally."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    async def __aenter__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    async def __aexit__(self, *_: object) -> None:
        self._tally.seconds = time.perf_counter() - self._began
        self._tally.cpu_ms = (time.process_time() - self._cpu) * 1000


async def main() -> None:
    """Jobs until the pipe closes."""
    statements = Statements()
    jobs = {"http": http, "sql": statements.run, "paced": paced}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        job, tally = json.loads(line), Tally()
        await jobs[job["kind"]](job, tally)
        print(json.dumps(vars(tally)), flush=True)
    await statements.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
