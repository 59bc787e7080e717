"""The ground that the intake benches stand on: 100,000 cells in 256 streets, made of squares."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role, Scope
from gis.bench.options import Options
from gis.db import cluster
from gis.db.engine import make_engine
from gis.db.migrate import MIGRATIONS, upgrade
from gis.db.settings import read_setting, write_setting
from gis.db.sqlfile import load_sql
from gis.standards.commands import seed_standards

SIDE = 320
"""Cells along one side: 102,400 squares of about 100 m."""
STREETS_SIDE = 16
WEST, SOUTH, STEP = 116.0, 39.6, 0.001
WORK_SRID = 4548
_STATE = "bench_ground"
_CELLS = load_sql(__package__, "intake_cells")
_COMPONENTS = load_sql(__package__, "intake_components")


@dataclass(frozen=True)
class Ground:
    """Where to connect, and who reports."""

    urls: cluster.ClusterUrls
    actor: Actor


@contextmanager
def intake_ground(options: Options) -> Iterator[Ground]:
    """A durable cluster with that database, filled once and kept; stopped if we started it."""
    home = options.home / "intake"
    urls = cluster.ensure_started(home)
    try:
        state = _state()
        if not _is_filled(urls, state):
            cluster.destroy(home)
            urls = cluster.ensure_started(home)
            _fill(urls, state)
        yield Ground(urls, _actor(urls))
    finally:
        if urls.started:
            cluster.stop(home)


def _state() -> str:
    files = [*MIGRATIONS.rglob("*.sql"), *MIGRATIONS.rglob("*.py")]
    digest = hashlib.sha256(f"{SIDE} {STREETS_SIDE} {_CELLS} {_COMPONENTS}".encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_filled(urls: cluster.ClusterUrls, state: str) -> bool:
    engine = make_engine(urls.app_url, pool_size=1)
    try:
        with engine.connect() as conn:
            if conn.execute(text("SELECT to_regclass('setting')")).scalar() is None:
                return False
            return bool(read_setting(conn, _STATE) == state)
    finally:
        engine.dispose()


def _fill(urls: cluster.ClusterUrls, state: str) -> None:
    upgrade(urls.owner_url, urls.app_url, work_srid=WORK_SRID)
    engine = make_engine(urls.owner_url, pool_size=1, statement_timeout_ms=0)
    try:
        with engine.begin() as conn:
            seed_standards(conn)
            _fill_ground(conn)
            write_setting(conn, _STATE, state, datetime.now(UTC), None)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM (ANALYZE) grid_cell, component, area, case_class"))
    finally:
        engine.dispose()


def _fill_ground(conn: Connection) -> None:
    shape = {
        "side": SIDE,
        "per_street": SIDE // STREETS_SIDE,
        "west": WEST,
        "south": SOUTH,
        "step": STEP,
    }
    conn.execute(_CELLS, shape)
    conn.execute(_COMPONENTS, shape)
    conn.execute(
        text(
            "INSERT INTO department (code, kind, name_zh, name_en)"
            " VALUES ('B', 'department', '测', 'B')"
        )
    )
    conn.execute(
        text(
            "INSERT INTO person (login, name, department_id, created_at)"
            " SELECT 'bench', 'bench', id, now() FROM department"
        )
    )


def _actor(urls: cluster.ClusterUrls) -> Actor:
    engine = make_engine(urls.app_url, pool_size=1)
    try:
        with engine.connect() as conn:
            row = conn.execute(text("SELECT id, department_id FROM person LIMIT 1")).one()
    finally:
        engine.dispose()
    return Actor(
        person_id=row.id,
        name="bench",
        login="bench",
        department_id=row.department_id,
        roles=frozenset({Role.SUPERVISOR}),
        scope=Scope(("110101",)),
    )
