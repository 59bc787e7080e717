"""The table of timed work: every row runs, twice, and the worker has a task of each."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.jobs.timed import TIMED, Moment, Timed
from gis.jobs.worker import tasks

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = CAST('public' AS regnamespace)
    AND relname <> 'spatial_ref_sys' AND has_table_privilege(oid, 'SELECT')
"""


@pytest.mark.parametrize("row", TIMED, ids=lambda row: row.name)
def test_every_row_can_run_again_at_once(row: Timed, engine: Engine, tmp_path: Path) -> None:
    moment = Moment(engine, tmp_path, NOW)
    row.work(moment)
    before = rows(engine)
    assert before
    row.work(moment)
    assert rows(engine) == before


def rows(engine: Engine) -> dict[str, str]:
    """What every table of ours holds, as one mark each."""
    with engine.connect() as conn:
        tables = conn.scalars(text(TABLES)).all()
        mark = "SELECT md5(coalesce(string_agg(one, '' ORDER BY one), ''))"
        return {
            table: conn.scalars(
                text(f"{mark} FROM (SELECT CAST(t AS text) AS one FROM {table} t) AS texts")
            ).one()
            for table in tables
        }


def test_the_worker_has_a_task_of_every_row() -> None:
    assert {row.name for row in TIMED} < set(tasks.tasks)
    assert len({row.name for row in TIMED}) == len(TIMED)
