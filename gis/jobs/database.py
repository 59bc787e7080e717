"""A database that is there, runs and has this version's schema."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from gis.config import Settings
from gis.db import cluster
from gis.db.engine import make_engine, transaction
from gis.db.migrate import current, head, upgrade
from gis.jobs import code_tables

_ANYTHING = text(
    "SELECT EXISTS (SELECT FROM area) OR EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM cases)"
)


@dataclass(frozen=True)
class Database:
    """How to connect, and what it took."""

    app_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    started_cluster: bool
    """Whether this process started the project's own cluster; who started it stops it."""


def reach_database(settings: Settings, say: Callable[[str], None]) -> Database:
    """The server of `DATABASE_URL`, or else the project's own cluster, started if need be."""
    if settings.database_url:
        cluster.prepare_home(cluster.Layout(settings.home))
        owner_url = settings.owner_database_url or settings.database_url
        return Database(settings.database_url, owner_url, started_cluster=False)
    urls = cluster.ensure_started(settings.home, say=say)
    return Database(urls.app_url, urls.owner_url, started_cluster=urls.started)


def migrate(settings: Settings, database: Database, say: Callable[[str], None]) -> str:
    """
    Bring schema and code tables to this version; answers the revision.

    The application role may read what is there; asking first makes it quick when nothing is to do.
    """
    wanted = head()
    found, current_codes = _state(database.app_url, wanted)
    if found != wanted:
        say(f"migrating the database from {found or 'nothing'} to {wanted}")
        upgrade(database.owner_url, database.app_url, work_srid=settings.work_srid)
    if not current_codes:
        say("writing code tables and working calendar")
        with _engine(database.owner_url) as engine, transaction(engine) as conn:
            code_tables.write(conn, now=datetime.now(UTC))
    return wanted


def _state(app_url: str, wanted: str) -> tuple[str | None, bool]:
    """The revision of the database, and whether its code tables are this version's."""
    with _engine(app_url) as engine, transaction(engine) as conn:
        found = current(conn)
        return found, found == wanted and code_tables.are_current(conn)


def is_empty(database: Database) -> bool:
    """Whether nobody has put a district, a person or a case into the database."""
    with _engine(database.app_url) as engine, transaction(engine) as conn:
        return not conn.execute(_ANYTHING).scalar()


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    try:
        yield engine
    finally:
        engine.dispose()
