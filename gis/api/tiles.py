"""GET /tiles/{layer}/{z}/{x}/{y}: vector tiles of what the person may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.accounts.model import require
from gis.api.session import actor_of
from gis.errors import NotFound
from gis.i18n import N_
from gis.runtime import runtime
from gis.tiles.render import TileServer, layer_named

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
KEEP = "private, max-age=86400, immutable"
ASK_AGAIN = "private, no-cache"
_MAX_DIGITS = 8


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise NotFound(N_("There is no such tile."))
    return int(text)


def tile_server(request: Request) -> TileServer:
    """The tile server of this process and its database, made at the first tile."""
    url = runtime().url
    held = getattr(request.app.state, "tile_server", None)
    if held is None or held[0] != url:
        held = (url, TileServer(url))
        request.app.state.tile_server = held
    server: TileServer = held[1]
    return server


async def tile(request: Request) -> Response:
    """
    One tile, gzip, with an ETag; 204 where there is nothing, 304 when the asker has it.

    An address that carries the right `v` (version and scope) may be kept by the browser; any
    other is asked again each time, so that a second person at one browser never sees the first
    one's tiles.
    """
    actor = actor_of(request)
    layer = layer_named(request.path_params["layer"])
    require(actor, layer.permission)
    zoom, column, row = (_number(request.path_params[name]) for name in ("z", "x", "y"))
    asked = request.query_params.get("v")
    found = await tile_server(request).tile(
        layer, zoom, column, row, scope=actor.scope, asked=asked
    )
    etag = f'"{found.etag}"'
    keep = asked == found.tag
    headers = {"ETag": etag, "Cache-Control": KEEP if keep else ASK_AGAIN, "Vary": "Cookie"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if not found.body:
        return Response(status_code=204, headers=headers)
    return Response(
        found.body, media_type=MEDIA_TYPE, headers=headers | {"Content-Encoding": "gzip"}
    )


@asynccontextmanager
async def lifetime(app: Any) -> AsyncIterator[None]:
    """Close the pool with the process."""
    yield
    held = getattr(app.state, "tile_server", None)
    if held is not None:
        await held[1].close()


routes = [Route("/tiles/{layer}/{z}/{x}/{y}", tile, methods=["GET"])]
