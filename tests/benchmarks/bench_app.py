"""
The launcher of benches that need more routes than the product has: the product, and these.

`/bench/constant/N` answers N bytes, always the same; `/bench/statements` how many statements the
engine of pages and routes has sent. With BENCH_CATALOG the layers of that
folder take the place of data/catalog.
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

import streamlit_app as product
from gis.catalog import layers as catalogue
from gis.config import CHECKOUT

_FOLDER = os.environ.get("BENCH_CATALOG")
if _FOLDER:
    catalogue.LAYERS_FILE = Path(_FOLDER) / "layers.json"
    catalogue.STYLES_FILE = Path(_FOLDER) / "styles.json"
    catalogue.layers.cache_clear()


@cache
def _bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


async def constant(request: Request) -> Response:
    """As many bytes as asked for, always the same, with the headers of a tile."""
    return Response(
        _bytes(request.path_params["count"]),
        media_type="application/vnd.mapbox-vector-tile",
        headers={"Cache-Control": "private, max-age=86400", "Content-Encoding": "gzip"},
    )


_SENT = [0]


@event.listens_for(Engine, "before_cursor_execute")
def _note(*_args: object) -> None:
    _SENT[0] += 1


async def statements(_request: Request) -> Response:
    """How many there were so far."""
    return Response(str(_SENT[0]))


app = st.App(
    CHECKOUT / "gis" / "ui" / "shell.py",
    lifespan=product.lifespan,
    routes=[
        Route("/bench/constant/{count:int}", constant),
        Route("/bench/statements", statements),
        *product.routes,
        *product.page_routes(product.ADDRESSES),
    ],
    middleware=[Middleware(product.Gate), Middleware(product.TilesFirst)],
    on_script_error=product.on_script_error,
    exception_handlers=product.HANDLERS,
)
