"""Tiles as bytes: asked from PostGIS on the event loop, packed, kept by version."""

import asyncio
import hashlib
import time
from dataclasses import dataclass

import asyncpg
from isal import isal_zlib

from gis.accounts.model import Scope
from gis.catalog.layers import MAX_ZOOM, MIN_ZOOM, Layer, layers
from gis.errors import GisError, Invalid, NotFound, Unavailable
from gis.i18n import N_
from gis.log import LOGGER
from gis.tiles.cache import TileCache
from gis.tiles.pool import TilePool
from gis.tiles.sql import tile_statement
from gis.tiles.versions import VersionReader

CACHE_BYTES = 96 * 1024 * 1024
TILE_BYTES_MOST = 2_000_000
"""Raw. The worst tile of a city has an eighth; above it a browser would stand still."""
FOREVER_S = 86_400.0
TOO_MUCH_S = 60.0
"""How long it is remembered that a tile holds too much."""
_PACK_LEVEL = 1
"""As small as zlib's level 1; 0 takes half the time and a quarter more bytes."""
_AS_GZIP = 31
"""Window bits of a gzip stream with the largest window."""
Key = tuple[str, str, int, int, int]
"""Layer, tag of version and scope, zoom, column, row."""
NAMES_MISSING = "42"
"""Class of SQL states: a table, column or function is not there, or not ours to read."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile ready to send: gzip bytes (empty: nothing there), ETag without quotes."""

    body: bytes
    etag: str
    tag: str
    """What an address of exactly this tile carries as `v`."""

    def __len__(self) -> int:
        return len(self.body)


_TOO_MUCH = Tile(b"", "", "")
"""In place of a tile that holds more than a browser can draw."""


def pack(raw: bytes) -> bytes:
    """Gzip without a time stamp: equal tiles are equal bytes."""
    return isal_zlib.compress(raw, _PACK_LEVEL, _AS_GZIP)


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


def cannot_draw(layer: Layer, error: asyncpg.PostgresError) -> GisError:
    """What is said of a layer whose table or rows are damaged; other layers go on."""
    state = str(getattr(error, "sqlstate", ""))
    LOGGER.error(
        "a layer cannot be drawn", extra={"facts": {"layer": layer.id, "detail": repr(error)}}
    )
    if state.startswith(NAMES_MISSING):
        return Unavailable(
            N_(
                "“{layer}” cannot be drawn: its table or a column is missing. "
                "“script/gis layers check” says which."
            ),
            layer=layer.title,
            detail=repr(error),
        )
    return Invalid(
        N_("“{layer}” cannot be drawn here: a shape or value in its table is damaged."),
        layer=layer.title,
        detail=repr(error),
    )


class TileServer:
    """One per process: the connections, the cache, and what is being rendered right now."""

    def __init__(self, url: str, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.pool = TilePool(url)
        self.versions = VersionReader(self.pool)
        self._cache: TileCache[Tile] = TileCache(cache_bytes)
        self._rendering: dict[Key, asyncio.Future[Tile | None]] = {}

    async def close(self) -> None:
        """Close the connections; a later request opens them again."""
        await self.pool.close()

    async def tile(
        self,
        layer: Layer,
        zoom: int,
        column: int,
        row: int,
        *,
        scope: Scope,
        asked: str | None = None,
    ) -> Tile:
        """
        One tile for a person of `scope`, never older than the version that `asked` names.

        Requests for the same tile that come together wait for one rendering.

        Raises
        ------
        NotFound
            For an address outside the map.
        Unavailable
            When the database does not answer in time, or the layer's table is not there.
        Invalid
            When a row cannot be drawn, or the tile would hold too much.
        """
        check_address(zoom, column, row)
        found = await self.versions.for_tile(layer, asked)
        key = (layer.id, found.tag_of(layer, scope), zoom, column, row)
        made = self._cache.get(key, time.monotonic())
        if made is None:
            made = await self._once(key, layer, scope)
        if made is _TOO_MUCH:
            raise Invalid(
                N_("“{layer}” holds too much here to be drawn at once. Zoom in."),
                layer=layer.title,
            )
        return made

    async def _once(self, key: Key, layer: Layer, scope: Scope) -> Tile:
        """The first to ask renders, without a task of its own; who comes meanwhile waits for it."""
        while (begun := self._rendering.get(key)) is not None:
            # shielded: one of several who wait may go away while others still do
            shared = await asyncio.shield(begun)
            kept = self._cache.get(key, time.monotonic()) if shared is None else shared
            if kept is not None:
                return kept
        begun = self._rendering[key] = asyncio.get_running_loop().create_future()
        try:
            made = await self._render(key, layer, scope)
        except Exception as error:
            begun.set_exception(error)
            begun.exception()  # looked at: nobody else may be waiting
            raise
        else:
            begun.set_result(made)
            return made
        finally:
            del self._rendering[key]
            if not begun.done():  # the first went away: somebody else begins again
                begun.set_result(None)

    async def _render(self, key: Key, layer: Layer, scope: Scope) -> Tile:
        _, tag, zoom, column, row = key
        raw = await self._raw(layer, zoom, column, row, scope)
        if raw is None or len(raw) > TILE_BYTES_MOST:
            self._cache.put(key, _TOO_MUCH, time.monotonic() + TOO_MUCH_S)
            return _TOO_MUCH
        body = pack(raw) if raw else b""
        version, digest = tag.split(".")[0], hashlib.blake2b(body, digest_size=8).hexdigest()
        made = Tile(body, f"{version}-{digest}", tag)
        self._cache.put(key, made, time.monotonic() + FOREVER_S)
        return made

    async def _raw(
        self, layer: Layer, zoom: int, column: int, row: int, scope: Scope
    ) -> bytes | None:
        """The tile as PostGIS makes it; None: some source holds too many features."""
        statement = tile_statement(
            layer.id,
            zoom,
            scoped="" not in scope.prefixes,
            by_department=scope.department_id is not None,
        )
        if statement is None:
            return b""
        given = {"scope": scope.as_list(), "department": scope.department_id}
        args = [given[name] for name in statement.takes]
        try:
            raw: bytes | None = await self.pool.value(statement.sql, zoom, column, row, *args)
        except asyncpg.PostgresError as error:
            raise cannot_draw(layer, error) from error
        return raw
