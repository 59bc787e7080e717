"""The connections of the tile server: asyncpg on the event loop, errors as our own."""

import asyncio
from typing import Any

import asyncpg
from sqlalchemy import make_url

from gis.errors import Unavailable
from gis.i18n import N_

POOL_SIZE = 8
STATEMENT_TIMEOUT_S = 10
_STATEMENTS_KEPT = 600
"""Prepared per connection: layers × zooms × kinds of scope."""
_DOWN = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,
    TimeoutError,
)


async def _nothing_to_reset(_connection: Any) -> None:
    """Every statement here only reads: a round trip for each tile would be for nothing."""


class TilePool:
    """A pool that opens at the first question, and again after the database was away."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Close the pool; a later question opens it again."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.terminate()

    async def _opened(self) -> asyncpg.Pool:
        if self._pool is not None:
            return self._pool
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
                    # the server cancels first, and says why
                    command_timeout=STATEMENT_TIMEOUT_S + 2,
                    statement_cache_size=_STATEMENTS_KEPT,
                    reset=_nothing_to_reset,
                    server_settings={
                        "application_name": "wanmi-tiles",
                        "default_transaction_read_only": "on",
                        "jit": "off",
                        "statement_timeout": str(STATEMENT_TIMEOUT_S * 1000),
                    },
                )
            return self._pool

    async def fetch(self, sql: str, *args: Any) -> Any:
        """
        The rows of a statement.

        Raises
        ------
        Unavailable
            When the database is away, or cannot answer within `STATEMENT_TIMEOUT_S`.
        """
        return await self._ask("fetch", sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row; raises as `fetch` does."""
        return await self._ask("fetchval", sql, *args)

    async def _ask(self, method: str, sql: str, *args: Any) -> Any:
        try:
            pool = await self._opened()
            return await getattr(pool, method)(sql, *args)
        except asyncpg.QueryCanceledError as error:
            raise Unavailable(
                N_("This takes the database too long. Zoom in, or try again later."),
                detail=repr(error),
            ) from error
        except _DOWN as error:
            raise Unavailable(
                N_("The database does not answer. Try again in a minute."), detail=repr(error)
            ) from error
