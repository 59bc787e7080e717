"""All HTTP routes of the web process, in front of Streamlit's own."""

import importlib
import importlib.util
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute

from gis.api import assets, auth, health

MODULES: list[Any] = [health, auth, assets]
for _name in ("cases", "tiles", "files", "log_page", "print_page"):
    if importlib.util.find_spec(f"gis.api.{_name}"):
        MODULES.append(importlib.import_module(f"gis.api.{_name}"))

routes: list[BaseRoute] = [route for module in MODULES for route in module.routes]


@asynccontextmanager
async def resources(app: Any) -> AsyncIterator[None]:
    """Open what modules keep for the life of the process (`lifetime(app)`), close it at the end."""
    async with AsyncExitStack() as stack:
        for module in MODULES:
            if hasattr(module, "lifetime"):
                await stack.enter_async_context(module.lifetime(app))
        yield
