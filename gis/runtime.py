"""The one engine and the one Settings of a process."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine

from gis.config import Settings, read_settings
from gis.db.cluster import app_url
from gis.db.engine import make_engine


@dataclass(frozen=True)
class Runtime:
    """What the borders of a process share."""

    settings: Settings
    url: str
    engine: Engine


@cache
def runtime() -> Runtime:
    """Made at first use; `close_runtime` undoes it."""
    settings = read_settings()
    url = settings.database_url or app_url(settings.home)
    return Runtime(settings, url, make_engine(url))


def close_runtime() -> None:
    """Close the pool; the next `runtime()` reads the settings again."""
    if runtime.cache_info().currsize:
        runtime().engine.dispose()
        runtime.cache_clear()
