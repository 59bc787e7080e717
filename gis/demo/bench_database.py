"""Databases of the benchmarks: one per size, reused until schema or generator change."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from gis.config import CHECKOUT
from gis.db.cluster import ClusterUrls
from gis.db.cluster.layout import APP_ROLE, OWNER_ROLE
from gis.db.engine import make_engine
from gis.db.migrate import MIGRATIONS, upgrade
from gis.demo.city_ground import CITY_SIZES
from gis.demo.load import load_demo
from gis.demo.sizes import DEFAULT_SEED
from gis.files.store import FOLDER

_LOCK = 0x42454E43  # "BENC": two benches at once build once
_COMMENT = text(
    "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :name"
)
_EXTENSIONS = text("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")


def name_of(size: str) -> str:
    """The database of one size: `wanmi_bench_pilot`, `wanmi_bench_city`."""
    return f"wanmi_bench_{size}"


def ensure_bench_database(
    cluster: ClusterUrls,
    size: str,
    *,
    work_srid: int,
    now: datetime,
    progress: Callable[[str], None],
    home: Path | None = None,
    seed: int = DEFAULT_SEED,
) -> ClusterUrls:
    """
    How to connect to the database of `size`, built first if it is missing or out of date.

    It is out of date when a migration, the generator or its data changed; then it is made anew.
    The comment of the database holds the state it was built from, so a build that was
    interrupted is never taken for a whole one.

    Parameters
    ----------
    home
        Where the drawn photos go (`WANMI_HOME`); None leaves them away.

    Notes
    -----
    `pilot` takes about a minute, `city` about ten (docs/performance.md).
    """
    name, state = name_of(size), _state(size, seed)
    admin = make_engine(cluster.superuser_url, pool_size=1, statement_timeout_ms=0)
    try:
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("SELECT pg_advisory_lock(:k)"), {"k": _LOCK})
            if conn.execute(_COMMENT, {"name": name}).scalar() != state:
                progress(f"building {name}")
                building = _empty_database(conn, cluster)
                urls = cluster.to_database(building)
                upgrade(urls.owner_url, urls.app_url, work_srid=work_srid)
                _load(urls, size, now, progress, home, seed)
                _take_over(conn, building, name, state)
            conn.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": _LOCK})
    finally:
        admin.dispose()
    return cluster.to_database(name)


def _empty_database(conn: Connection, cluster: ClusterUrls) -> str:
    """A new database with the extensions and rights of the product's own, and nothing in it."""
    name = f"building_{uuid.uuid4().hex[:8]}"
    conn.exec_driver_sql(f"CREATE DATABASE {name} OWNER {OWNER_ROLE} TEMPLATE template0")
    conn.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {APP_ROLE}")
    inside = make_engine(cluster.to_database(name).superuser_url, pool_size=1)
    own = make_engine(cluster.owner_url, pool_size=1)
    try:
        with own.connect() as source, inside.begin() as target:
            for (extension,) in source.execute(_EXTENSIONS):
                target.exec_driver_sql(f'CREATE EXTENSION IF NOT EXISTS "{extension}"')
            target.exec_driver_sql(f"GRANT CREATE, USAGE ON SCHEMA public TO {OWNER_ROLE}")
            target.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    finally:
        inside.dispose()
        own.dispose()
    return name


def _load(
    urls: ClusterUrls,
    size: str,
    now: datetime,
    progress: Callable[[str], None],
    home: Path | None,
    seed: int,
) -> None:
    engine = make_engine(urls.owner_url, pool_size=2, statement_timeout_ms=0)
    files = None if home is None else home / FOLDER
    try:
        load_demo(engine, size=size, seed=seed, now=now, progress=progress, files=files)
    finally:
        engine.dispose()
    _vacuum(urls)


def _vacuum(urls: ClusterUrls) -> None:
    """Visibility maps and statistics as a database has that has lived for a while."""
    engine = make_engine(urls.superuser_url, pool_size=1, statement_timeout_ms=0)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM (ANALYZE)")
    finally:
        engine.dispose()


def _take_over(conn: Connection, building: str, name: str, state: str) -> None:
    conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    conn.exec_driver_sql(f"ALTER DATABASE {building} RENAME TO {name}")
    conn.exec_driver_sql(f"COMMENT ON DATABASE {name} IS '{state}'")


def _state(size: str, seed: int) -> str:
    """A hash of everything that shapes the database; what the map is painted with does not."""
    package = CHECKOUT / "gis"
    files = [
        *MIGRATIONS.rglob("*.sql"),
        *MIGRATIONS.rglob("*.py"),
        *(package / "demo").rglob("*.py"),
        *(package / "pipelines").rglob("*.sql"),
        *(f for f in (CHECKOUT / "data").rglob("*.csv") if f.parent.name != "catalog"),
    ]
    if size not in CITY_SIZES:  # the city's cells are a lattice of its own
        files += (package / "grids").rglob("*.py")
    digest = hashlib.sha256(f"{size} {seed}".encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()
