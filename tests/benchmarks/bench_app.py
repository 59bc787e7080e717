"""
The launcher of benches that need more routes than the product has: the product, and these.

`/bench/constant/N` answers N bytes, always the same, right behind what answers tiles;
`/bench/statements` how many statements the engine of pages and routes has sent. With BENCH_CATALOG
the layers of that folder take the place of data/catalog.
"""

import os
import random
from functools import cache
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine, event
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gis.api.errors import HANDLERS
from gis.api.routes import before_routes, served
from gis.catalog import layers as catalogue
from gis.config import CHECKOUT
from gis.ui.db import on_script_error
from gis.ui.page_table import ADDRESSES
from streamlit_app import lifespan

_FOLDER = os.environ.get("BENCH_CATALOG")
if _FOLDER:
    catalogue.LAYERS_FILE = Path(_FOLDER) / "layers.json"
    catalogue.STYLES_FILE = Path(_FOLDER) / "styles.json"
    catalogue.layers.cache_clear()

CONSTANT = "/bench/constant/"
_AS_A_TILE = (
    (b"cache-control", b"private, max-age=86400"),
    (b"content-type", b"application/vnd.mapbox-vector-tile"),
    (b"content-encoding", b"gzip"),
)


@cache
def _bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


class ConstantsFirst:
    """
    As many bytes as asked for, always the same, with the headers of a tile.

    It answers where the product answers tiles, and in plain ASGI as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the address of a constant; leave everything else to the others."""
        if scope["type"] != "http" or not scope["path"].startswith(CONSTANT):
            await self.app(scope, receive, send)
            return
        body = _bytes(int(scope["path"].removeprefix(CONSTANT)))
        headers = [*_AS_A_TILE, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


_SENT = [0]


@event.listens_for(Engine, "before_cursor_execute")
def _note(*_args: object) -> None:
    _SENT[0] += 1


async def statements(_request: Request) -> Response:
    """How many there were so far."""
    return Response(str(_SENT[0]))


app = st.App(
    CHECKOUT / "gis" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=[Route("/bench/statements", statements), *served(ADDRESSES)],
    middleware=[*before_routes(), Middleware(ConstantsFirst)],
    on_script_error=on_script_error,
    exception_handlers=HANDLERS,
)
