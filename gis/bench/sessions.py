"""`sessions.50`: fifty people keep their queue page open, each rerunning it every five seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from gis.accounts.sessions import end_sessions_of, open_session
from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.bench.served import bench_database, rss_mb, web_process
from gis.bench.visitors import PageFailed, Visitor, measure
from gis.db.engine import make_engine, transaction

SESSIONS = 50
SECONDS = 60.0
MEDIAN_MOST_MS = 100
P95_MOST_MS = 300
QUEUES = {"acceptor": "acceptance", "dispatcher": "dispatch"}
"""The queue page of a role."""

_PERSONS = text(
    "SELECT p.id FROM person p JOIN post o ON o.person_id = p.id"
    " WHERE p.active AND o.role = :role AND o.valid_from <= CAST(:now AS date)"
    " AND (o.valid_to IS NULL OR o.valid_to > CAST(:now AS date)) ORDER BY o.id LIMIT 50"
)


def run(options: Options) -> Iterator[Line]:
    """
    A demo district of the size in a home of its own, kept between runs, and a web process on it.

    Measured is the time from the browser's wish to the end of the script, by clients on the same
    two cores. `rss_mb` is the web process with all sessions open.
    """
    with bench_database(options) as urls, web_process(options.home, urls) as web:
        url, process = web
        engine = make_engine(urls.app_url, pool_size=2)
        with visitors(engine, count=SESSIONS, now=datetime.now(UTC)) as people:
            measured = measure(people, url, seconds=SECONDS)
            rss = rss_mb(process.pid)
        engine.dispose()
    times = measured.rerun_ms
    yield Line(
        bench="sessions",
        case=str(SESSIONS),
        ours=median(times),
        p95=p95(times),
        target=MEDIAN_MOST_MS,
        rss_mb=rss,
    )
    yield Line(bench="sessions", case=f"{SESSIONS}.p95", ours=p95(times), target=P95_MOST_MS)


@contextmanager
def visitors(engine: Engine, *, count: int, now: datetime) -> Iterator[list[Visitor]]:
    """
    `count` sessions of acceptors and dispatchers in turn, ended afterwards.

    With fewer persons than sessions, persons have several: the cost of a run is the same.

    Raises
    ------
    PageFailed
        When the database holds nobody of a role.
    """
    people: dict[str, list[int]] = {}
    made: list[Visitor] = []
    with transaction(engine) as conn:
        for role in QUEUES:
            found = [row.id for row in conn.execute(_PERSONS, {"role": role, "now": now})]
            if not found:
                msg = f"nobody is {role} in this database; load a demo district first"
                raise PageFailed(msg)
            people[role] = found
        roles = list(QUEUES)
        for number in range(count):
            role = roles[number % len(roles)]
            persons = people[role]
            person_id = persons[number // len(roles) % len(persons)]
            token, _ends = open_session(conn, person_id=person_id, now=now, demo=True)
            made.append(Visitor(token, QUEUES[role]))
    try:
        yield made
    finally:
        with transaction(engine) as conn:
            for person_id in {one for found in people.values() for one in found}:
                end_sessions_of(conn, person_id, now=now)
