"""The launcher of pages that the map is compared with: no sign-in, no gate, our assets only."""

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gis.api import assets


async def healthz(_request: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


app = st.App(
    Path(__file__).with_name("peer_page.py"),
    routes=[Route("/healthz", healthz), *assets.routes],
)
