"""A database that was in use before a migration: its rows are kept, and what is new fits them."""

import json
import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM
from gis.cases.clocks.adoption import adopt_clocks
from gis.db import migrate
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from tests import factories as make
from tests.conftest import SETTINGS


@pytest.fixture
def before_the_life_of_a_case(cluster: ClusterUrls) -> Iterator[ClusterUrls]:
    """A database of the last version that knew no clocks, clusters and desks."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = make_engine(cluster.superuser_url, pool_size=1, statement_timeout_ms=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f'CREATE DATABASE "{name}" OWNER wanmi_owner TEMPLATE wanmi'))
    urls = cluster.to_database(name)
    owner = make_engine(urls.owner_url, pool_size=1, statement_timeout_ms=0)
    with owner.begin() as conn:
        config = migrate._config()
        config.attributes.update(connection=conn, work_srid=SETTINGS.work_srid)
        command.upgrade(config, "0003")
    owner.dispose()
    yield urls
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def merged(conn: Connection, target: int) -> int:
    """A case that an older version merged into `target`."""
    case_id = make.make_case(conn, state="MERGED")
    number = conn.execute(text("SELECT number FROM cases WHERE id = :id"), {"id": target})
    said = json.dumps({"target_case": number.scalar_one()})
    conn.execute(
        text("INSERT INTO case_event"
             " (case_id, seq, move, from_state, to_state, at, role, note, data) VALUES"
             " (:id, 1, 'merge', 'REPORTED', 'MERGED', :at, 'acceptor', '', CAST(:said AS jsonb))"),
        {"id": case_id, "at": make.NOW, "said": said},
    )  # fmt: skip
    return case_id


def test_cases_merges_and_rules_of_the_version_before_are_kept(
    before_the_life_of_a_case: ClusterUrls,
) -> None:
    urls = before_the_life_of_a_case
    owner = make_engine(urls.owner_url, pool_size=1, statement_timeout_ms=0)
    with owner.begin() as conn:
        make.make_cell(conn)
        rule = make.make_dispatch_rule(conn)
        first = make.make_case(conn, description="", due_at=make.NOW)
        second = merged(conn, first)
        third = merged(conn, second)  # that was before the second one went into the first
    owner.dispose()
    migrate.upgrade(urls.owner_url, urls.app_url, work_srid=SETTINGS.work_srid)
    app = make_engine(urls.app_url, pool_size=1)
    with app.begin() as conn:
        kept = conn.execute(text("SELECT case_id, into_id, path FROM case_merge ORDER BY case_id"))
        assert [tuple(row) for row in kept] == [(second, first, []), (third, first, [second])]
        said = conn.execute(text("SELECT id, post, owner, weekdays FROM dispatch_rule")).one()
        assert tuple(said) == (rule, "handler", "", None)
        assert adopt_clocks(conn, actor=SYSTEM, now=make.NOW) == 2, "the case's and its stage's"
    app.dispose()
