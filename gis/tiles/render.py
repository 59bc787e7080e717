"""Tiles as bytes: asked from PostGIS on the event loop, packed, kept, versioned."""

import asyncio
import hashlib
import time
import zlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import make_url

from gis.accounts.model import Scope
from gis.catalog.layers import MAX_ZOOM, MIN_ZOOM, Layer, layers
from gis.errors import NotFound, Unavailable
from gis.i18n import N_
from gis.tiles.cache import TileCache
from gis.tiles.sql import tile_statement

CACHE_BYTES = 96 * 1024 * 1024
POOL_SIZE = 8
STATEMENT_TIMEOUT_S = 10
VERSIONS_FRESH_S = 0.5
"""How old the read of `layer_version` may be: an edit shows within a second."""
LIVE_FRESH_S = 2.0
"""How old a tile of a live layer (cases) may be."""
FOREVER_S = 86_400.0
_DOWN = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    TimeoutError,
)
_VERSIONS = "SELECT layer, version FROM layer_version"


@dataclass(frozen=True)
class Tile:
    """A tile ready to send: gzip bytes (empty: nothing there), ETag without quotes."""

    body: bytes
    etag: str


def pack(raw: bytes) -> bytes:
    """Gzip at the fastest level without a time stamp: equal tiles are equal bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(raw) + packer.flush()


def check_address(zoom: int, column: int, row: int) -> None:
    """
    Refuse a tile that cannot exist.

    Raises
    ------
    NotFound
        Outside the zooms of the map or of the world at that zoom.
    """
    if not (MIN_ZOOM <= zoom <= MAX_ZOOM and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom):
        raise NotFound(N_("There is no such tile."))


def layer_named(name: str) -> Layer:
    """
    The layer with this id.

    Raises
    ------
    NotFound
        For an unknown name; the name itself is not repeated.
    """
    found = layers().get(name)
    if found is None:
        raise NotFound(N_("There is no such layer."))
    return found


def scope_key(layer: Layer, scope: Scope) -> str:
    """Equal for persons who see the same rows of the layer: part of cache keys and ETags."""
    if not layer.is_scoped:
        return "all"
    return hashlib.sha256(scope.key.encode()).hexdigest()[:12]


class TileServer:
    """One per process: a connection pool, the cache, and what is being rendered right now."""

    def __init__(self, url: str, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._url = make_url(url)
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._cache = TileCache(cache_bytes)
        self._rendering: dict[Hashable, asyncio.Task[bytes]] = {}
        self._versions: dict[str, int] = {}
        self._versions_until = 0.0

    async def close(self) -> None:
        """Close the pool; a later request opens it again."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.terminate()

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                url = self._url
                self._pool = await asyncpg.create_pool(
                    host=url.query.get("host") or url.host,
                    port=int(str(url.query.get("port") or url.port or 5432)),
                    user=url.username,
                    password=url.password,
                    database=url.database,
                    min_size=1,
                    max_size=POOL_SIZE,
                    timeout=5,
                    command_timeout=STATEMENT_TIMEOUT_S,
                    server_settings={
                        "application_name": "wanmi-tiles",
                        "jit": "off",
                        "statement_timeout": str(STATEMENT_TIMEOUT_S * 1000),
                    },
                )
            return self._pool

    async def _fetch(self, method: str, *args: Any) -> Any:
        try:
            pool = await self._opened()
            return await getattr(pool, method)(*args)
        except _DOWN as error:
            raise Unavailable(
                N_("The database does not answer. Try again in a minute."), detail=repr(error)
            ) from error

    async def version_of(self, layer: Layer) -> int:
        """The version of what the layer shows: it rises with every batch that changes it."""
        if time.monotonic() >= self._versions_until:
            rows = await self._fetch("fetch", _VERSIONS)
            self._versions = {row["layer"]: row["version"] for row in rows}
            self._versions_until = time.monotonic() + VERSIONS_FRESH_S
        return sum(self._versions.get(key, 1) for key in layer.version_keys)

    async def tag_of(self, layer: Layer, scope: Scope) -> str:
        """What pages put into tile addresses: version and scope, equal as long as tiles are."""
        return f"{await self.version_of(layer)}.{scope_key(layer, scope)}"

    async def tile(self, layer: Layer, zoom: int, column: int, row: int, *, scope: Scope) -> Tile:
        """
        One tile for a person of `scope`.

        Requests for the same tile that come together wait for one rendering.

        Raises
        ------
        NotFound
            For an address outside the map.
        Unavailable
            When the database does not answer in time.
        """
        check_address(zoom, column, row)
        version = 0 if layer.live else await self.version_of(layer)
        key = (layer.id, version, scope_key(layer, scope), zoom, column, row)
        body = self._cache.get(key, time.monotonic())
        if body is None:
            body = await self._once(key, layer, zoom, column, row, scope)
        return Tile(body, f"{version}-{hashlib.blake2b(body, digest_size=8).hexdigest()}")

    async def _once(
        self, key: Hashable, layer: Layer, zoom: int, column: int, row: int, scope: Scope
    ) -> bytes:
        task = self._rendering.get(key)
        if task is None:
            task = asyncio.create_task(self._render(key, layer, zoom, column, row, scope))
            self._rendering[key] = task
            task.add_done_callback(lambda _: self._rendering.pop(key, None))
        # shielded: the first to ask may go away (an aborted request) while others still wait
        return await asyncio.shield(task)

    async def _render(
        self, key: Hashable, layer: Layer, zoom: int, column: int, row: int, scope: Scope
    ) -> bytes:
        statement = tile_statement(
            layer.id,
            zoom,
            scoped="" not in scope.prefixes,
            by_department=scope.department_id is not None,
        )
        raw = b""
        if statement is not None:
            given = {"scope": scope.as_list(), "department": scope.department_id}
            args = [given[name] for name in statement.takes]
            raw = await self._fetch("fetchval", statement.sql, zoom, column, row, *args) or b""
        body = pack(raw) if raw else b""
        kept_s = LIVE_FRESH_S if layer.live else FOREVER_S
        self._cache.put(key, body, time.monotonic() + kept_s)
        return body
