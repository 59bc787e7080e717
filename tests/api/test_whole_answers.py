"""Answers leave in one write; long, unknown, broken and empty ones arrive as before."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http import httptools_impl
from uvicorn.server import ServerState

from gis.api.whole_answers import JOINED_MOST, HeldHead, WholeAnswer, send_whole_answers
from tests.apart import run_apart


class Wire(asyncio.Transport):
    """Notes what is written; as uvloop's, it takes nothing after its end."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 50_000)})
        self.writes: list[bytes] = []
        self.closed_after: int | None = None
        self.lost: Callable[[Exception | None], None] = lambda _: None

    def write(self, data: Any) -> None:
        if self.closed_after is not None:
            msg = "unable to perform operation on a closed handle"
            raise RuntimeError(msg)
        if data:
            self.writes.append(bytes(data))

    def close(self) -> None:
        if self.closed_after is None:
            self.closed_after = len(self.writes)

    def is_closing(self) -> bool:
        return self.closed_after is not None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def app_of(status: int, *bodies: bytes, length: bool = True, breaks: bool = False) -> Any:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        size = str(sum(map(len, bodies))).encode()
        headers = [(b"content-length", size)] if length else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if breaks:
            raise ValueError
        for number, body in enumerate(bodies, 1):
            more = number < len(bodies)
            await send({"type": "http.response.body", "body": body, "more_body": more})

    return app


def answered(app: Any, method: str = "GET", version: str = "1.1", wire: Wire | None = None) -> Wire:
    """What goes over the wire for one request."""
    wire = wire or Wire()

    async def ask() -> None:
        config = Config(app, http="httptools", lifespan="off", access_log=False, log_config=None)
        config.load()
        protocol = httptools_impl.HttpToolsProtocol(config, ServerState(), {})
        protocol.connection_made(wire)
        wire.lost = protocol.connection_lost
        protocol.data_received(f"{method} / HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        await asyncio.gather(*protocol.tasks)
        protocol.connection_lost(None)

    run_apart(ask())
    return wire


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httptools_impl, "RequestResponseCycle", WholeAnswer)


def test_a_small_answer_is_one_write() -> None:
    [written] = answered(app_of(200, b"tile")).writes
    assert written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert written.endswith(b"\r\n\r\ntile")


def test_a_long_body_is_not_copied() -> None:
    head, body = answered(app_of(200, b"x" * (JOINED_MOST + 1))).writes
    assert head.endswith(b"\r\n\r\n")
    assert len(body) == JOINED_MOST + 1


def test_a_body_of_parts_follows_its_head_in_order() -> None:
    first, *others = answered(app_of(200, b"one", b"two", b"", length=False)).writes
    assert first.endswith(b"\r\n\r\n3\r\none\r\n")
    assert others == [b"3\r\ntwo\r\n", b"0\r\n\r\n"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_a_head_alone_arrives(method: str, status: int) -> None:
    bodies = (b"",) if method == "GET" else (b"tile",)
    [written] = answered(app_of(status, *bodies, length=method == "HEAD"), method).writes
    assert written.startswith(f"HTTP/1.1 {status} ".encode())
    assert written.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_written_arrives_before_the_connection_is_closed(method: str) -> None:
    wire = answered(app_of(200, b"tile"), method, version="1.0")
    assert len(wire.writes) == 1
    assert wire.closed_after == 1


def test_an_answer_that_breaks_off_after_its_head_closes_the_connection() -> None:
    wire = answered(app_of(200, b"tile", breaks=True))
    assert [w.split(b"\r\n", 1)[0] for w in wire.writes] == [b"HTTP/1.1 200 OK"]
    assert wire.closed_after == 1


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("size", [0, 4, JOINED_MOST + 1])
def test_who_hangs_up_after_the_head_is_sent_nothing_more(
    told: bool, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    wire, ended = Wire(), []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", str(size).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        wire.close()
        if told:
            wire.lost(None)
        await send({"type": "http.response.body", "body": b"x" * size})
        ended.append(size)

    assert answered(app, wire=wire).writes == []
    assert ended == [size]
    assert caplog.records == []


def test_whatever_else_is_asked_of_the_wire_is_its_own_answer() -> None:
    assert HeldHead(Wire()).get_extra_info("peername") == ("192.0.2.7", 50_000)


def test_uvicorn_takes_it_for_every_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httptools_impl, "RequestResponseCycle", None)
    send_whole_answers()
    assert httptools_impl.RequestResponseCycle is WholeAnswer
