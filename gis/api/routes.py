"""All HTTP routes of the web process in front of Streamlit's own, and what stands before them."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

import gis.api
from gis.api.gate import Gate
from gis.api.nothing_here import NothingHere
from gis.api.session import SESSIONS, SessionReader
from gis.api.streamlit_page import page_routes
from gis.api.tiles import TilesFirst

FIRST = "tiles"
"""Routes are compared in their order, and a view of the map asks a hundred tiles at once."""
_NAMES = [found.name for found in pkgutil.iter_modules(gis.api.__path__) if found.name != "routes"]

MODULES: tuple[Any, ...] = tuple(
    importlib.import_module(f"gis.api.{name}")
    for name in sorted(_NAMES, key=lambda name: (name != FIRST, name))
)
"""The modules of this folder; one with HTTP paths exports `routes`."""

routes: list[BaseRoute] = [route for module in MODULES for route in getattr(module, "routes", ())]


def served(pages: Iterable[str]) -> list[BaseRoute]:
    """These routes, the pages at their addresses, and nothing anywhere else."""
    return [*routes, *page_routes(pages), NothingHere()]


def before_routes(sessions: SessionReader = SESSIONS) -> list[Middleware]:
    """What each request passes before Streamlit's middleware and the routes, in this order."""
    return [Middleware(Gate, sessions=sessions), Middleware(TilesFirst)]


@asynccontextmanager
async def resources(app: Any) -> AsyncIterator[None]:
    """Open what modules keep for the life of the process (`lifetime(app)`), close it at the end."""
    async with AsyncExitStack() as stack:
        for module in MODULES:
            if hasattr(module, "lifetime"):
                await stack.enter_async_context(module.lifetime(app))
        yield
