"""A database that is there, runs and has this version's schema."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gis.config import Settings
from gis.db import cluster
from gis.db.engine import make_engine, transaction
from gis.db.migrate import current, head, upgrade


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
    """Bring the schema to this version; answers its revision. Quick when nothing is to do."""
    wanted = head()
    # The application role may read the revision; asking first spares the migration's lock.
    engine = make_engine(database.app_url, pool_size=1)
    try:
        with transaction(engine) as conn:
            found = current(conn)
    finally:
        engine.dispose()
    if found != wanted:
        say(f"migrating the database from {found or 'nothing'} to {wanted}")
        upgrade(database.owner_url, database.app_url, work_srid=settings.work_srid)
    return wanted
