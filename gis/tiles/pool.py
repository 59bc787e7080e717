"""The connections of the tile server: asyncpg on the event loop, errors as our own."""

import asyncio
from typing import Any

import asyncpg
from sqlalchemy import make_url

from gis.errors import Unavailable
from gis.i18n import N_

POOL_SIZE = 8
STATEMENT_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 5
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


class TilePool:
    """
    Connections that open when they are needed and stay; after the database was away, anew.

    Not `asyncpg.Pool`: what that does around each statement (a reset, tasks for acquiring and
    releasing) costs a small tile as much as its query, and all that is run here only reads.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._idle: list[asyncpg.Connection] = []
        self._slots = asyncio.Semaphore(POOL_SIZE)

    async def close(self) -> None:
        """Close what is idle; a later question opens it again."""
        while self._idle:
            self._idle.pop().terminate()

    async def _connect(self) -> asyncpg.Connection:
        url = self._url
        return await asyncpg.connect(
            host=url.query.get("host") or url.host,
            port=int(str(url.query.get("port") or url.port or 5432)),
            user=url.username,
            password=url.password,
            database=url.database,
            timeout=CONNECT_TIMEOUT_S,
            # the server cancels first, and says why
            command_timeout=STATEMENT_TIMEOUT_S + 2,
            statement_cache_size=_STATEMENTS_KEPT,
            server_settings={
                "application_name": "wanmi-tiles",
                "default_transaction_read_only": "on",
                "jit": "off",
                "statement_timeout": str(STATEMENT_TIMEOUT_S * 1000),
            },
        )

    async def fetch(self, sql: str, *args: Any) -> Any:
        """
        The rows of a statement that only reads.

        Raises
        ------
        Unavailable
            When the database is away, or cannot answer within `STATEMENT_TIMEOUT_S`.
        """
        return await self._ask("fetch", sql, args)

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row; raises as `fetch` does."""
        return await self._ask("fetchval", sql, args)

    async def _ask(self, method: str, sql: str, args: tuple[Any, ...]) -> Any:
        try:
            async with self._slots:
                used = self._kept()
                if used is not None:
                    try:
                        return await self._run(used, method, sql, args)
                    except TimeoutError:
                        raise
                    except _DOWN:  # the server went away behind it: a new one may be there
                        await self.close()
                return await self._run(await self._connect(), method, sql, args)
        except asyncpg.QueryCanceledError as error:
            raise Unavailable(
                N_("This takes the database too long. Zoom in, or try again later."),
                detail=repr(error),
            ) from error
        except _DOWN as error:
            raise Unavailable(
                N_("The database does not answer. Try again in a minute."), detail=repr(error)
            ) from error

    def _kept(self) -> asyncpg.Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _run(
        self, connection: asyncpg.Connection, method: str, sql: str, args: tuple[Any, ...]
    ) -> Any:
        """One statement; the connection is kept unless it was interrupted in the middle of one."""
        try:
            answer = await getattr(connection, method)(sql, *args)
        except asyncpg.PostgresError:
            self._idle.append(connection)
            raise
        except BaseException:
            connection.terminate()
            raise
        self._idle.append(connection)
        return answer
