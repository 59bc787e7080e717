"""
The worker: delivers outbox messages, runs queued jobs and does timed work.

May be killed at any moment and run several times at once: messages and jobs live in the
database, and what was begun is begun again.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from procrastinate import App, Blueprint, JobContext, PsycopgConnector
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from gis.cases.clusters.repeats import refresh_repeat_places
from gis.db.engine import transaction
from gis.errors import Unavailable
from gis.files.store import FOLDER
from gis.jobs.caller_keeping import forget_all_old
from gis.jobs.case_timers import end_suspensions
from gis.jobs.cleanup import clean_up
from gis.jobs.clock_keeping import adopt_all, follow_edits, sweep_clocks
from gis.jobs.file_keeping import check_due_files, remove_unattached_files
from gis.jobs.relay import BATCH, Handler, deliver
from gis.log import report
from gis.runtime import runtime

POLL_S = 0.5
"""How long a message waits at most when all is quiet; asking costs the database 0.1 ms."""
HEARTBEAT_S = 5.0
STALLED_S = 30.0
"""A worker silent for longer than this is dead, and its jobs are begun again."""
GRACE_S = 8.0
"""Less than the supervisor waits before it kills."""
KEEP_JOBS_H = 7 * 24

tasks = Blueprint()


@tasks.periodic(cron="* * * * *")
@tasks.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Begin the jobs of killed workers again; the library finds them and leaves them alone."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        await manager.retry_job(job)


@tasks.periodic(cron="17 * * * *")
@tasks.task(name="remove_what_is_done", queueing_lock="remove_what_is_done", pass_context=True)
async def remove_what_is_done(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Sessions, keys, messages and jobs that have done their work."""
    await asyncio.to_thread(_clean_up)
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_H, include_failed=False)


@tasks.periodic(cron="*/10 * * * *")
@tasks.task(name="end_suspensions", queueing_lock="end_suspensions", pass_context=True)
async def end_suspensions_now(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Cases whose suspension is over go on by themselves."""
    await asyncio.to_thread(_end_suspensions)


@tasks.periodic(cron="41 * * * *")
@tasks.task(name="check_files", queueing_lock="check_files", pass_context=True)
async def check_stored_files(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Stored files are compared with their names, some at every round."""
    await asyncio.to_thread(_check_files)


@tasks.periodic(cron="53 3 * * *")
@tasks.task(name="remove_unattached", queueing_lock="remove_unattached", pass_context=True)
async def remove_unattached(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Files that no case has, once no waiting report can need them."""
    await asyncio.to_thread(_remove_unattached)


@tasks.periodic(cron="* * * * *")
@tasks.task(name="keep_clocks", queueing_lock="keep_clocks", pass_context=True)
async def keep_clocks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Deadlines follow the calendar, and every level that is reached is told once."""
    await asyncio.to_thread(_keep_clocks)


@tasks.periodic(cron="*/10 * * * *")
@tasks.task(name="adopt_clocks", queueing_lock="adopt_clocks", pass_context=True)
async def adopt_clocks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Cases that were loaded without clocks get theirs."""
    await asyncio.to_thread(_adopt_clocks)


def _check_files() -> None:
    check_due_files(runtime().engine, runtime().settings.home / FOLDER, now=datetime.now(UTC))


def _remove_unattached() -> None:
    root = runtime().settings.home / FOLDER
    remove_unattached_files(runtime().engine, root, now=datetime.now(UTC))


def _keep_clocks() -> None:
    follow_edits(runtime().engine, now=datetime.now(UTC))
    sweep_clocks(runtime().engine, now=datetime.now(UTC))


def _adopt_clocks() -> None:
    adopt_all(runtime().engine, now=datetime.now(UTC))


@tasks.periodic(cron="41 3 * * *")
@tasks.task(name="forget_callers", queueing_lock="forget_callers", pass_context=True)
async def forget_callers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Callers whose last case ended long ago lose name and number; their cases stay."""
    await asyncio.to_thread(_forget_callers)


def _forget_callers() -> None:
    forget_all_old(runtime().engine, now=datetime.now(UTC))


@tasks.periodic(cron="41 * * * *")
@tasks.task(name="find_repeats", queueing_lock="find_repeats", pass_context=True)
async def find_repeats(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Places that come back are those of the reports until now."""
    await asyncio.to_thread(_find_repeats)


def _find_repeats() -> None:
    with transaction(runtime().engine) as conn:
        refresh_repeat_places(conn, now=datetime.now(UTC))


def _end_suspensions() -> None:
    end_suspensions(runtime().engine, now=datetime.now(UTC))


def _clean_up() -> None:
    with transaction(runtime().engine) as conn:
        clean_up(conn, now=datetime.now(UTC))


def make_app(url: str) -> App:
    """The queue in the database of `url`, with all tasks."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=4))
    app.add_tasks_from(tasks, namespace="wanmi")
    return app


async def relay(engine: Engine, handlers: Mapping[str, Handler]) -> None:
    """Deliver for ever; a database that is away for a while is asked again."""
    while True:
        pause = POLL_S
        try:
            done = await asyncio.to_thread(deliver, engine, handlers, now=datetime.now(UTC))
            pause = 0.0 if done.seen == BATCH else POLL_S
        except (SQLAlchemyError, Unavailable) as error:
            report(error, work="outbox")
            pause = 5.0
        await asyncio.sleep(pause)


async def work(url: str, engine: Engine, handlers: Mapping[str, Handler]) -> None:
    """Until SIGTERM or Ctrl-C: running jobs then get a few seconds to end."""
    app = make_app(url)
    async with app.open_async():
        delivering = asyncio.create_task(relay(engine, handlers))
        working = asyncio.create_task(
            app.run_worker_async(
                name="wanmi",
                concurrency=2,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
                shutdown_graceful_timeout=GRACE_S,
            )
        )
        # Whichever ends first ends the other; the supervisor starts a worker that failed again.
        ended, going = await asyncio.wait(
            {delivering, working}, return_when=asyncio.FIRST_COMPLETED
        )
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        for task in ended:
            task.result()
