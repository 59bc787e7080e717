"""All HTTP routes of the web process, in front of Streamlit's own."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute

import gis.api

FIRST = "tiles"
"""Routes are compared in their order, and a view of the map asks a hundred tiles at once."""
_NAMES = [found.name for found in pkgutil.iter_modules(gis.api.__path__) if found.name != "routes"]

MODULES: tuple[Any, ...] = tuple(
    importlib.import_module(f"gis.api.{name}")
    for name in sorted(_NAMES, key=lambda name: (name != FIRST, name))
)
"""The modules of this folder; one with HTTP paths exports `routes`."""

routes: list[BaseRoute] = [route for module in MODULES for route in getattr(module, "routes", ())]


@asynccontextmanager
async def resources(app: Any) -> AsyncIterator[None]:
    """Open what modules keep for the life of the process (`lifetime(app)`), close it at the end."""
    async with AsyncExitStack() as stack:
        for module in MODULES:
            if hasattr(module, "lifetime"):
                await stack.enter_async_context(module.lifetime(app))
        yield
