"""How new tiles must be: versions of layers, and the steps of cases for live ones."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic

from gis.accounts.model import Scope
from gis.catalog.layers import Layer
from gis.db.sqlfile import read_sql
from gis.tiles.pool import TilePool

VERSIONS_FRESH_S = 0.25
"""How old the read may be: what was committed shows within a second, in every process."""

_VERSIONS = read_sql(__package__, "versions")


@dataclass(frozen=True)
class Steps:
    """
    What has happened to cases so far: the last event, and how many of the last thousand are seen.

    The count rises when a transaction ends that took its number before the last one: with the
    number alone its event would be missed.
    """

    last: int = 0
    seen: int = 0

    def __str__(self) -> str:
        return f"{self.last}-{self.seen}"


@dataclass(frozen=True)
class Versions:
    """One look at the database."""

    layers: dict[str, int] = field(default_factory=dict)
    steps: Steps = Steps()
    _texts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def of(self, layer: Layer) -> str:
        """The version of what a layer shows: it rises with every batch that changes it."""
        held = self._texts.get(layer.id)
        if held is None:
            total = sum(self.layers.get(key, 1) for key in layer.version_keys)
            held = self._texts[layer.id] = f"{total}-{self.steps}" if layer.live else str(total)
        return held

    def tag_of(self, layer: Layer, scope: Scope) -> str:
        """What pages put into tile addresses: version and scope, equal as long as tiles are."""
        return f"{self.of(layer)}.{scope_key(layer, scope)}"


def scope_key(layer: Layer, scope: Scope) -> str:
    """Equal for persons who see the same rows of the layer: part of cache keys and ETags."""
    return _digest_of(scope) if layer.is_scoped else "all"


@lru_cache(maxsize=4096)
def _digest_of(scope: Scope) -> str:
    return hashlib.sha256(scope.key.encode()).hexdigest()[:12]


def is_newer(asked: str | None, known: str) -> bool:
    """Whether an address claims a version that this process has not seen yet."""
    claimed = _numbers(asked.split(".", 1)[0]) if asked else ()
    return len(claimed) == known.count("-") + 1 and claimed > _numbers(known)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return ()
    return tuple(int(part) for part in parts)


class VersionReader:
    """Asks at most four times a second, and at once when somebody knows of a newer version."""

    def __init__(self, pool: TilePool) -> None:
        self._pool = pool
        self._held = Versions()
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def read(self) -> Versions:
        """The versions, at most `VERSIONS_FRESH_S` old."""
        return await self._read_since(monotonic() - VERSIONS_FRESH_S)

    async def for_tile(self, layer: Layer, asked: str | None) -> Versions:
        """
        The versions for one tile, never older than the one its address names.

        Another process may have told the page of a change that this one has not looked up yet.
        """
        moment = monotonic()
        found = await self.read()
        known = found.of(layer)
        # most addresses name the very version that is known
        if asked and not asked.startswith(f"{known}.") and is_newer(asked, known):
            found = await self._read_since(moment)
        return found

    async def _read_since(self, moment: float) -> Versions:
        """A look that began after `moment`; those who wait for one together share it."""
        if self._asked_at > moment:
            return self._held
        async with self._asking:
            if self._asked_at <= moment:
                began = monotonic()
                rows = await self._pool.fetch(_VERSIONS)
                steps = next(Steps(r["version"], r["seen"]) for r in rows if r["layer"] is None)
                layers = {r["layer"]: r["version"] for r in rows if r["layer"] is not None}
                self._held, self._asked_at = Versions(layers, steps), began
            return self._held
