"""The launcher of `tiles.cached`: the product as it is, and one route that answers fixed bytes."""

import random
from functools import cache

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.routes import routes
from gis.api.tiles import KEEP, MEDIA_TYPE
from gis.config import CHECKOUT
from streamlit_app import lifespan


@cache
def _bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)  # noqa: S311  anything that is not all zeros


async def constant(request: Request) -> Response:
    """As many bytes as asked for, always the same, with the headers of a tile."""
    return Response(
        _bytes(request.path_params["count"]),
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": KEEP, "Content-Encoding": "gzip"},
    )


app = st.App(
    CHECKOUT / "gis" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=[Route("/bench/constant/{count:int}", constant), *routes],
    middleware=[Middleware(Gate)],
    exception_handlers=HANDLERS,
)
