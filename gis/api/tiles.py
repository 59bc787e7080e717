"""GET /tiles/{layer}/{z}/{x}/{y}: vector tiles of what the person may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection
from starlette.routing import Route
from starlette.types import Receive, Send
from starlette.types import Scope as ASGIScope

from gis.accounts.model import require
from gis.api.parameters import tile_address
from gis.api.session import actor_of
from gis.runtime import runtime
from gis.tiles.render import TileServer, layer_named

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
KEEP = "private, max-age=86400, immutable"
ASK_AGAIN = "private, no-cache"
_ENCODED = ((b"content-type", MEDIA_TYPE.encode()), (b"content-encoding", b"gzip"))


def tile_server(request: HTTPConnection) -> TileServer:
    """The tile server of this process and its database, made at the first tile."""
    url = runtime().url
    held = getattr(request.app.state, "tile_server", None)
    if held is None or held[0] != url:
        held = (url, TileServer(url))
        request.app.state.tile_server = held
    server: TileServer = held[1]
    return server


class TileRoute:
    """
    One tile, gzip, with an ETag; 204 where there is nothing, 304 when the asker has it.

    An address that carries the right `v` (version and scope) may be kept by the browser; any
    other is asked again each time, so that a second person at one browser never sees the first
    one's tiles.

    Spoken in plain ASGI: requests and responses as objects cost a tile more than its query.
    """

    async def __call__(self, scope: ASGIScope, _receive: Receive, send: Send) -> None:
        """Answer one request; errors go on to the table of errors."""
        request = HTTPConnection(scope)
        actor = actor_of(request)
        layer = layer_named(scope["path_params"]["layer"])
        require(actor, layer.permission)
        zoom, column, row = tile_address(request)
        asked = _asked(scope["query_string"])
        found = await tile_server(request).tile(
            layer, zoom, column, row, scope=actor.scope, asked=asked
        )
        etag = f'"{found.etag}"'.encode()
        headers = [
            (b"etag", etag),
            (b"cache-control", (KEEP if asked == found.tag else ASK_AGAIN).encode()),
            (b"vary", b"Cookie"),
        ]
        status, body = 200, found.body
        if (b"if-none-match", etag) in scope["headers"]:
            status, body = 304, b""
        elif not body:
            status = 204
        else:
            headers += [*_ENCODED, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _asked(query: bytes) -> str | None:
    """The version that an address names."""
    if query.startswith(b"v=") and query.count(b"=") == 1 and b"%" not in query:
        return query[2:].decode("ascii", "replace")
    return QueryParams(query).get("v")


@asynccontextmanager
async def lifetime(app: Any) -> AsyncIterator[None]:
    """Close the pool with the process."""
    yield
    held = getattr(app.state, "tile_server", None)
    if held is not None:
        await held[1].close()


routes = [Route("/tiles/{layer}/{z}/{x}/{y}", TileRoute(), methods=["GET"], name="tile")]
