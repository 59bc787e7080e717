"""People at their screens: clients that speak Streamlit's websocket protocol as a browser does."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from gis.accounts.sessions import COOKIE

EVERY_S = 5.0
WARM_UP_S = 10.0
ANSWER_MOST_S = 60.0


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session and the page they keep open."""

    token: str
    page: str


@dataclass
class Measured:
    """What the visitors saw: durations in milliseconds, without the warm-up."""

    first_ms: list[float] = field(default_factory=list)
    rerun_ms: list[float] = field(default_factory=list)
    late: int = 0
    """Reruns that began late, or not at all, because the one before had not ended."""
    received_bytes: int = 0


class PageFailed(RuntimeError):
    """A page answered with an error: its speed means nothing."""


def rerun_request(visitor: Visitor, url: str, page_script_hash: str) -> bytes:
    """What a browser sends when its page is to run again; the hash is empty the first time."""
    message = BackMsg()
    state = message.rerun_script
    state.page_script_hash = page_script_hash
    if not page_script_hash:
        state.page_name = visitor.page
    state.context_info.timezone = "Asia/Shanghai"
    state.context_info.timezone_offset = -480
    state.context_info.locale = "zh-CN"
    state.context_info.url = f"{url}/{visitor.page}"
    return bytes(message.SerializeToString())


def check_delta(message: ForwardMsg, visitor: Visitor) -> None:
    """
    Let a message pass unless it shows an error.

    Raises
    ------
    PageFailed
        When the page shows an exception or a red box.
    """
    if message.WhichOneof("type") == "page_not_found":
        msg = f"there is no page {visitor.page} for this role"
        raise PageFailed(msg)
    if not message.HasField("delta"):
        return
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        msg = f"{visitor.page}: {element.exception.message}"
        raise PageFailed(msg)
    if kind == "alert" and element.alert.format == element.alert.ERROR:
        msg = f"{visitor.page}: {element.alert.body}"
        raise PageFailed(msg)


async def _run_once(
    socket: ClientConnection, visitor: Visitor, url: str, page: str, measured: Measured
) -> tuple[float, str]:
    """One rerun: milliseconds from the request to the end of the script, and the page's hash."""
    begin = time.perf_counter()
    await socket.send(rerun_request(visitor, url, page))
    while True:
        data = await asyncio.wait_for(socket.recv(decode=False), ANSWER_MOST_S)
        measured.received_bytes += len(data)
        message = ForwardMsg()
        message.ParseFromString(bytes(data))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            page = message.new_session.page_script_hash or page
        elif kind == "navigation":
            page = message.navigation.page_script_hash or page
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return (time.perf_counter() - begin) * 1_000, page
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                msg = f"{visitor.page} does not compile"
                raise PageFailed(msg)
        else:
            check_delta(message, visitor)


def _connected(visitor: Visitor, url: str) -> connect:
    """The websocket of a browser tab; the session is in the cookie of the handshake."""
    return connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        additional_headers={"Cookie": f"{COOKIE}={visitor.token}"},
        compression=None,
        max_size=None,
        proxy=None,
    )


async def _stay(
    visitor: Visitor, url: str, offset_s: float, start: float, end: float, measured: Measured
) -> None:
    """Open the page, then rerun it in the rhythm until `end`; counts from `start` on."""
    await asyncio.sleep(offset_s)
    async with _connected(visitor, url) as socket:
        took_ms, page = await _run_once(socket, visitor, url, "", measured)
        measured.first_ms.append(took_ms)
        due = time.perf_counter() + EVERY_S
        while due < end:
            measured.late += time.perf_counter() > due > start
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            took_ms, page = await _run_once(socket, visitor, url, page, measured)
            if due >= start:
                measured.rerun_ms.append(took_ms)
            missed = max(0.0, time.perf_counter() - due) // EVERY_S
            due += EVERY_S * (1 + missed)  # nobody makes up for clicks they had to wait with


async def _open_once(visitor: Visitor, url: str) -> None:
    """The first visitor of a page waits for what it imports; nobody is measured meanwhile."""
    async with _connected(visitor, url) as socket:
        await _run_once(socket, visitor, url, "", Measured())


async def _all_stay(people: Sequence[Visitor], url: str, seconds: float) -> Measured:
    measured = Measured()
    for page in dict.fromkeys(person.page for person in people):
        await _open_once(next(person for person in people if person.page == page), url)
    start = time.perf_counter() + EVERY_S + WARM_UP_S
    offsets = [EVERY_S * number / len(people) for number in range(len(people))]
    async with asyncio.TaskGroup() as group:
        for visitor, offset in zip(people, offsets, strict=True):
            group.create_task(_stay(visitor, url, offset, start, start + seconds, measured))
    return measured


def measure(people: Sequence[Visitor], url: str, *, seconds: float) -> Measured:
    """
    Let everybody keep their page open for `seconds` after a warm-up.

    The starts are spread evenly over the five seconds: people do not click in step. The
    visitors speak Streamlit's websocket protocol as a browser does, on the same two cores as
    the process they measure.

    Raises
    ------
    PageFailed
        When any page answers with an error.
    """
    try:
        return asyncio.run(_all_stay(people, url, seconds))
    except* PageFailed as failures:
        raise failures.exceptions[0] from None
