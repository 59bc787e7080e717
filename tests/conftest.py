"""The database of the tests: real PostGIS, a template per schema, clones or roll-backs per test."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from gis.config import CHECKOUT, read_settings
from gis.db.cluster import ClusterUrls, ensure_started
from gis.db.engine import make_engine
from gis.db.migrate import MIGRATIONS, upgrade
from gis.demo.load import load_demo
from gis.standards.commands import seed_standards
from tests.ground import claim, claim_alone, claim_with_others, ground

SETTINGS = read_settings()
DEMO_FILES = "demo-files"


def _schema_hash(*more: Path) -> str:
    """Changes with every file that shapes the template."""
    files = [
        *MIGRATIONS.rglob("*.sql"),
        *MIGRATIONS.rglob("*.py"),
        *(CHECKOUT / "data").rglob("*.csv"),
        *more,
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def cluster() -> Iterator[ClusterUrls]:
    """A cluster of the tests' own: fast, not durable, kept between runs."""
    with claim() as file:
        alone = claim_alone(file)
        if not alone:
            claim_with_others(file)
        urls = ensure_started(ground(), durable=False)
        _tidy(urls, alone=alone)
        claim_with_others(file)
        yield urls


def _tidy(urls: ClusterUrls, *, alone: bool) -> None:
    """Drop what nobody needs any more: the templates only if no other test run may use them."""
    admin = make_engine(urls.superuser_url, pool_size=1, statement_timeout_ms=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("SELECT pg_advisory_lock(7)"))
        # `empty_out` deletes without asking who refers to what
        conn.exec_driver_sql("GRANT SET ON PARAMETER session_replication_role TO wanmi_owner")
        for name in conn.scalars(text(_LEFT_BEHIND), {"alive": _alive(), "alone": alone}).all():
            conn.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        kept = set(conn.scalars(text("SELECT datname FROM pg_database")).all())
        conn.execute(text("SELECT pg_advisory_unlock(7)"))
    admin.dispose()
    if alone:
        for folder in (ground() / DEMO_FILES).glob("*"):
            if folder.name not in kept:
                shutil.rmtree(folder)


# templates of yesterday's code, and what a test run that was killed could not drop
_LEFT_BEHIND = """
    SELECT datname FROM pg_database
    WHERE (:alone AND datname ~ '^(template|demo|building)_' AND
      (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 day')
    OR (datname ~ '^test_[0-9]+_' AND split_part(datname, '_', 2) <> ALL (:alive))
"""


def _alive() -> list[str]:
    """The processes of this machine."""
    return [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]


@pytest.fixture(scope="session")
def template(cluster: ClusterUrls) -> str:
    """A migrated database with the code tables, made once per state of the schema."""
    name = f"template_{_schema_hash()}"

    def fill(urls: ClusterUrls) -> None:
        upgrade(urls.owner_url, urls.app_url, work_srid=SETTINGS.work_srid)
        owner = make_engine(urls.owner_url, pool_size=1)
        with owner.begin() as inner:
            seed_standards(inner)
        owner.dispose()

    return _built_once(cluster, name, "wanmi", fill)


def _built_once(
    cluster: ClusterUrls, name: str, source: str, fill: Callable[[ClusterUrls], None]
) -> str:
    """A database made from `source` and filled, unless one of that name is there already."""
    admin = make_engine(cluster.superuser_url, pool_size=2, statement_timeout_ms=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("SELECT pg_advisory_lock(7)"))
        exists = conn.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}
        ).scalar()
        if not exists:
            building = f"building_{uuid.uuid4().hex[:8]}"
            conn.execute(
                text(f'CREATE DATABASE "{building}" OWNER wanmi_owner TEMPLATE "{source}"')
            )
            fill(cluster.to_database(building))
            conn.execute(text(f'ALTER DATABASE "{building}" RENAME TO "{name}"'))
        conn.execute(text("SELECT pg_advisory_unlock(7)"))
    admin.dispose()
    return name


@pytest.fixture(scope="session")
def demo_files(cluster: ClusterUrls) -> Path:
    """The folder with the drawn photos of the tiny demo district, named like its template."""
    made_by = [
        Path(__file__),
        *(CHECKOUT / "gis" / "demo").rglob("*.py"),
        *(CHECKOUT / "gis" / "grids").glob("*.py"),
    ]
    return ground() / DEMO_FILES / f"demo_{datetime.now(UTC):%y%m%d}_{_schema_hash(*made_by)}"


@pytest.fixture(scope="session")
def demo_template(cluster: ClusterUrls, template: str, demo_files: Path) -> str:
    """The tiny demo district, made once per state of schema and generator, anew every day."""
    now = datetime.now(UTC)

    def fill(urls: ClusterUrls) -> None:
        owner = make_engine(urls.owner_url, pool_size=2, statement_timeout_ms=0)
        load_demo(owner, size="tiny", now=now, progress=lambda _: None, files=demo_files)
        owner.dispose()

    return _built_once(cluster, demo_files.name, template, fill)


@pytest.fixture(scope="session")
def demo_database(cluster: ClusterUrls, demo_template: str) -> Iterator[ClusterUrls]:
    """
    The tiny demo district of this test run: for pages and browsers.

    One street, about 30 cells, 60 cases with something in every queue, a guest per role whose
    login is `demo.<role>`.
    """
    yield from _clone(cluster, demo_template)


@pytest.fixture
def fresh_demo_database(cluster: ClusterUrls, demo_template: str) -> Iterator[ClusterUrls]:
    """The same for one test that changes it."""
    yield from _clone(cluster, demo_template)


def _clone(cluster: ClusterUrls, template: str) -> Iterator[ClusterUrls]:
    name = f"test_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    admin = make_engine(cluster.superuser_url, pool_size=1, statement_timeout_ms=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        made = f'CREATE DATABASE "{name}" OWNER wanmi_owner TEMPLATE "{template}"'
        conn.execute(text(f"{made} STRATEGY = file_copy"))  # a third of the work of the usual one
    yield cluster.to_database(name)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def database(cluster: ClusterUrls, template: str) -> Iterator[ClusterUrls]:
    """One database for all tests that roll back."""
    yield from _clone(cluster, template)


@pytest.fixture
def fresh_database(cluster: ClusterUrls, template: str) -> Iterator[ClusterUrls]:
    """A database of the test's own: for commits, races and other processes."""
    yield from _clone(cluster, template)


@pytest.fixture(scope="module")
def module_database(cluster: ClusterUrls, template: str) -> Iterator[ClusterUrls]:
    """A database of one module: for tests that commit and then empty what they used."""
    yield from _clone(cluster, template)


@pytest.fixture(scope="session")
def engine(database: ClusterUrls) -> Iterator[Engine]:
    """The application role on the shared database; leave nothing behind."""
    made = make_engine(database.app_url, pool_size=4)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def owner_engine(database: ClusterUrls) -> Iterator[Engine]:
    """The owner on the shared database."""
    made = make_engine(database.owner_url, pool_size=2)
    yield made
    made.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A connection of the application role whose work is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real data sets; the test is left out, by name, where there is none."""
    if SETTINGS.real_data is None or not SETTINGS.real_data.is_dir():
        pytest.skip("real data left out: set WANMI_REAL_DATA to the folder that holds it")
    return SETTINGS.real_data
