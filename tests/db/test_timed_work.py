"""The table of timed work: every row runs, twice, and the worker has a task of each."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gis.jobs.timed import TIMED, Moment, Timed
from gis.jobs.worker import tasks

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("row", TIMED, ids=lambda row: row.name)
def test_every_row_can_run_again_at_once(row: Timed, engine: Engine, tmp_path: Path) -> None:
    moment = Moment(engine, tmp_path, NOW)
    row.work(moment)
    row.work(moment)


def test_the_worker_has_a_task_of_every_row() -> None:
    assert {row.name for row in TIMED} < set(tasks.tasks)
    assert len({row.name for row in TIMED}) == len(TIMED)
