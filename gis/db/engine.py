"""Engines and transactions."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gis.errors import Unavailable
from gis.i18n import N_

# Streamlit's thread limit is 28 (AnyIO); scripts run in threads of their own. 16 + 8 leaves
# room for the tile pool (8), the worker (10) and psql below the cluster's 100 connections.
POOL_SIZE = 16
POOL_OVERFLOW = 8
STATEMENT_TIMEOUT_MS = 30_000


def make_engine(
    url: str, *, pool_size: int = POOL_SIZE, statement_timeout_ms: int = STATEMENT_TIMEOUT_MS
) -> Engine:
    """
    An engine whose connections have a statement time-out and check themselves before use.

    Set `statement_timeout_ms` to 0 for loads and migrations.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"connect_timeout": 5, "application_name": "wanmi"},
    )

    @event.listens_for(engine, "connect")
    def _limits(dbapi_connection: object, _record: object) -> None:
        with dbapi_connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"SET statement_timeout = {int(statement_timeout_ms)}")
            cursor.execute("SET jit = off")
        dbapi_connection.commit()  # type: ignore[attr-defined]

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """
    One transaction: commits at the end, rolls back on any error, a page's rerun included.

    Raises
    ------
    Unavailable
        When the database cannot be reached, or every connection stays in use for too long.
    """
    try:
        connection = engine.connect()
    except (OperationalError, PoolTimeout) as error:
        raise Unavailable(
            N_("The database does not answer. Try again in a minute."), detail=str(error)
        ) from error
    with connection, connection.begin():
        yield connection
