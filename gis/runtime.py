"""The one engine and the one Settings of a process."""

from dataclasses import dataclass
from threading import Lock

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


# Two first requests at once must not make two pools: functools.cache would let both through.
_LOCK = Lock()
_held: list[Runtime] = []


def runtime() -> Runtime:
    """Made at first use; `close_runtime` undoes it."""
    with _LOCK:
        if not _held:
            settings = read_settings()
            url = settings.database_url or app_url(settings.home)
            _held.append(Runtime(settings, url, make_engine(url)))
        return _held[0]


def close_runtime() -> None:
    """Close the pool; the next `runtime()` reads the settings again."""
    with _LOCK:
        if _held:
            _held.pop().engine.dispose()
