"""GET /tiles/{layer}/{z}/{x}/{y}: vector tiles of what the person may see."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import HTTPConnection, Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as ASGIScope

from gis.accounts.model import require
from gis.api.errors import on_gis_error
from gis.api.parameters import tile_address
from gis.api.session import actor_of
from gis.errors import GisError
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


_PATH = re.compile("/tiles/([^/]+)/([^/]+)/([^/]+)/([^/]+)")


class TilesFirst:
    """
    Takes tiles from right behind the gate to their route.

    What Streamlit puts before all routes (its sessions, its gzip, its table of errors) is a
    quarter of the CPU of a light tile. Anything but the GET of a tile goes the long way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.tile = TileRoute()

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        """Answer a tile, an error of ours among it; leave everything else to the others."""
        asks = scope["type"] == "http" and scope["method"] == "GET"
        found = _PATH.fullmatch(scope["path"]) if asks else None
        if found is None:
            await self.app(scope, receive, send)
            return
        scope["path_params"] = dict(zip(("layer", *"zxy"), found.groups(), strict=True))
        try:
            await self.tile(scope, receive, send)
        except GisError as error:
            answer = await on_gis_error(Request(scope), error)
            await answer(scope, receive, send)


@asynccontextmanager
async def lifetime(app: Any) -> AsyncIterator[None]:
    """Close the pool with the process."""
    yield
    held = getattr(app.state, "tile_server", None)
    if held is not None:
        await held[1].close()


routes = [Route("/tiles/{layer}/{z}/{x}/{y}", TileRoute(), methods=["GET"], name="tile")]
