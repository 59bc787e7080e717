"""The launcher: pages, API, tiles and assets in one process, behind one gate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from gis.api.errors import HANDLERS
from gis.api.routes import before_routes, resources, served
from gis.api.whole_answers import send_whole_answers
from gis.config import CHECKOUT
from gis.log import open_log
from gis.runtime import close_runtime, runtime
from gis.ui.db import on_script_error
from gis.ui.page_table import ADDRESSES
from gis.ui.warm import warm_up


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Open what lives as long as the process; /healthz answers while imports still warm up."""
    open_log(runtime().settings.home, "web")
    async with resources(app):
        warming = asyncio.create_task(asyncio.to_thread(warm_up))
        yield {}
        await warming
    close_runtime()


send_whole_answers()
app = st.App(
    CHECKOUT / "gis" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=served(ADDRESSES),
    middleware=before_routes(),
    on_script_error=on_script_error,
    exception_handlers=HANDLERS,
)
