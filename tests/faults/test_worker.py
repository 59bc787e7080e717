"""The worker is killed in the middle, again and again, and nothing is lost or done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gis.audit import outbox
from gis.config import CHECKOUT
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.jobs.worker import make_app, retry_stalled_jobs
from tests.apart import run_apart

pytestmark = pytest.mark.faults

MESSAGES = 150

# A worker whose handler leaves a row for each message, slowly enough to be killed in the middle.
WORKER = """
import asyncio, sys, time
from gis.audit import outbox
from gis.db.engine import make_engine
from gis.jobs.worker import work

def note(conn, message, now):
    time.sleep(0.02)
    outbox.put(conn, "noted", now=now, subject_id=message.subject_id)

asyncio.run(work(sys.argv[1], make_engine(sys.argv[1]), {"a": note, "noted": lambda *_: None}))
"""


@pytest.fixture
def app(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    yield engine
    engine.dispose()


def _start(url: str, home: Path) -> subprocess.Popen[bytes]:
    env = {**os.environ, "WANMI_HOME": str(home), "DATABASE_URL": url}
    return subprocess.Popen([sys.executable, "-c", WORKER, url], cwd=CHECKOUT, env=env)


def _count(engine: Engine, where: str) -> int:
    with engine.connect() as conn:
        return conn.execute(text(f"SELECT count(*) FROM outbox WHERE {where}")).scalar_one()


def test_messages_survive_kills_of_the_worker_and_take_effect_once(
    app: Engine, fresh_database: ClusterUrls, tmp_path: Path
) -> None:
    with app.begin() as conn:
        for number in range(MESSAGES):
            outbox.put(conn, "a", now=datetime.now(UTC), subject_id=number)
    kills, until = 0, time.monotonic() + 60
    worker = _start(fresh_database.app_url, tmp_path)
    try:
        while _count(app, "topic = 'a' AND delivered_at IS NULL"):
            assert time.monotonic() < until
            time.sleep(0.1 if kills >= 3 else 1.5)  # three are killed, the fourth may finish
            if kills < 3:
                worker.kill()
                worker.wait()
                kills += 1
                worker = _start(fresh_database.app_url, tmp_path)
        assert kills == 3
        assert _count(app, "topic = 'noted'") == MESSAGES
        with app.connect() as conn:
            once = conn.execute(
                text("SELECT count(DISTINCT subject_id) FROM outbox WHERE topic = 'noted'")
            ).scalar_one()
        assert once == MESSAGES
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0


def test_a_worker_says_that_it_lives_and_signs_off(
    app: Engine, fresh_database: ClusterUrls, tmp_path: Path
) -> None:
    beats = text("SELECT count(*) FROM procrastinate_workers")
    worker = _start(fresh_database.app_url, tmp_path)
    until = time.monotonic() + 20
    try:
        with app.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            while not conn.execute(beats).scalar():
                assert time.monotonic() < until
                time.sleep(0.1)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(15) == 0
            assert conn.execute(beats).scalar() == 0
    finally:
        worker.kill()
        worker.wait()


def test_the_job_of_a_killed_worker_is_begun_again(
    app: Engine, fresh_database: ClusterUrls
) -> None:
    async def play() -> list[str]:
        queue = make_app(fresh_database.app_url)
        ran: list[str] = []

        @queue.task(name="import_file", queue="long")
        def import_file(name: str) -> None:
            ran.append(name)

        async with queue.open_async():
            await import_file.defer_async(name="roads.gpkg")
            # as a worker that takes the job and is killed before it ends
            dead = await queue.job_manager.register_worker()
            job = await queue.job_manager.fetch_job(queues=["long"], worker_id=dead)
            assert job is not None
            with app.begin() as conn:
                conn.execute(
                    text(
                        "UPDATE procrastinate_workers"
                        " SET last_heartbeat = now() - interval '1 minute'"
                    )
                )
            await queue.tasks["wanmi:retry_stalled_jobs"].defer_async(timestamp=0)
            await queue.run_worker_async(wait=False, install_signal_handlers=False)
            await queue.run_worker_async(wait=False, install_signal_handlers=False)
        return ran

    assert retry_stalled_jobs.queueing_lock == "retry_stalled_jobs"
    assert run_apart(play()) == ["roads.gpkg"]
