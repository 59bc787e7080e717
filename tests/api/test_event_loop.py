"""The event loop under the web process: small answers leave at once."""

import asyncio
import socket

import uvicorn
import uvloop
from streamlit.web.server.starlette.starlette_server import _bind_socket


def test_the_web_process_runs_on_uvloop() -> None:
    config = uvicorn.Config(app="nothing:here")
    assert config.get_loop_factory() is uvloop.new_event_loop


def test_an_accepted_connection_does_not_wait_for_acknowledgements() -> None:
    """
    Headers and body are two writes: without TCP_NODELAY the second waits 40 ms for the peer.

    asyncio's own loop sets it only on sockets made with an explicit protocol number, and Streamlit
    binds its socket without one.
    """
    seen: list[int] = []

    class Look(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            seen.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def connect() -> None:
        bound = _bind_socket("127.0.0.1", 0, 8)
        server = await asyncio.get_running_loop().create_server(Look, sock=bound)
        reader, writer = await asyncio.open_connection(*bound.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(connect())
    assert seen == [1]
