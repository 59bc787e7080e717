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

from gis.errors import Unavailable
from gis.jobs.relay import BATCH, Handler, deliver
from gis.jobs.timed import TIMED, Moment, Timed
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


@tasks.periodic(cron="47 * * * *")
@tasks.task(name="remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Jobs that ended a week ago go; those that failed stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_H, include_failed=False)


def _enter(row: Timed) -> None:
    """Make a task of a row of the table; it runs beside the event loop."""

    async def begin(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        held = runtime()
        moment = Moment(held.engine, held.settings.home, datetime.now(UTC))
        await asyncio.to_thread(row.work, moment)

    named = tasks.task(name=row.name, queueing_lock=row.name, pass_context=True)(begin)
    tasks.periodic(cron=row.cron)(named)


for _row in TIMED:
    _enter(_row)


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
