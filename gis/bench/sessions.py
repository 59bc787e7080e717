"""
Fifty people keep a page open, each rerunning it every five seconds: `sessions.50` their queue.

`sessions.map50` the map, with the tiles they move to and the question for changes that each open
map asks every two seconds.
"""

import json
import random
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from gis.accounts.sessions import COOKIE, end_sessions_of, open_session
from gis.bench.line import Line, median, p95
from gis.bench.load import Pulled, load_process
from gis.bench.options import Options
from gis.bench.places import Bounds, city_bounds, tile_at
from gis.bench.served import bench_database, rss_mb, web_process
from gis.bench.visitors import EVERY_S, WARM_UP_S, PageFailed, Visitor, measure
from gis.db.engine import make_engine, transaction

SESSIONS = 50
SECONDS = 60.0
MEDIAN_MOST_MS = 100
P95_MOST_MS = 300
QUEUES = {"acceptor": "acceptance", "dispatcher": "dispatch"}
"""The queue page of a role."""
MAPS = {"planner": "map", "dispatcher": "map"}
TILE_P95_MOST_MS = 150
POLL_EVERY_S = 2.0
TILES_A_MOVE = 6
"""What a move of a third of the screen brings into view, of one layer."""
LOOKED_AT = ("grids", "components", "roads", "pipelines")

_PERSONS = text(
    "SELECT p.id FROM person p JOIN post o ON o.person_id = p.id"
    " WHERE p.active AND o.role = :role AND o.valid_from <= CAST(:now AS date)"
    " AND (o.valid_to IS NULL OR o.valid_to > CAST(:now AS date)) ORDER BY o.id LIMIT 50"
)


def run(options: Options) -> Iterator[Line]:
    """
    A web process on the demo district of the size, fifty at their queues, then fifty at the map.

    Measured is the time from the browser's wish to the end of the script, by clients on the same
    two cores. `rss_mb` is the web process with all sessions open.
    """
    with bench_database(options) as urls:
        engine = make_engine(urls.app_url, pool_size=2)
        try:
            with web_process(options.home, urls) as (url, process):
                yield from _queues(engine, url, process.pid)
            with web_process(options.home, urls) as (url, process):
                yield from _maps(engine, url, process.pid)
        finally:
            engine.dispose()


def _queues(engine: Engine, url: str, pid: int) -> Iterator[Line]:
    with visitors(engine, QUEUES, count=SESSIONS, now=datetime.now(UTC)) as people:
        times = measure(people, url, seconds=SECONDS).rerun_ms
        rss = rss_mb(pid)
    yield from _lines(str(SESSIONS), times, rss)


def _lines(case: str, times: list[float], rss: float) -> Iterator[Line]:
    yield Line(
        bench="sessions",
        case=case,
        ours=median(times),
        p95=p95(times),
        target=MEDIAN_MOST_MS,
        rss_mb=rss,
    )
    yield Line(bench="sessions", case=f"{case}.p95", ours=p95(times), target=P95_MOST_MS)


def _maps(engine: Engine, url: str, pid: int) -> Iterator[Line]:
    """Pages, tiles and polls from three processes at once, over the same minute."""
    with transaction(engine) as conn:
        bounds = city_bounds(conn)
    with (
        visitors(engine, MAPS, count=SESSIONS, now=datetime.now(UTC)) as people,
        load_process() as tiles,
        load_process() as polls,
        ThreadPoolExecutor(2) as pool,
    ):
        told = _changes(url, people[0])
        moving = pool.submit(tiles.paced, url, _moves(people, bounds, told["layers"]))
        polling = pool.submit(polls.paced, url, _polls(people, told["tag"]))
        times = measure(people, url, seconds=SECONDS).rerun_ms
        rss = rss_mb(pid)
        moved, polled = moving.result(), polling.result()
    moved.check(200, 204)
    polled.check(200)
    yield from _lines(f"map{SESSIONS}", times, rss)
    yield _asked("tiles.p95", moved, TILE_P95_MOST_MS)
    yield _asked("polls.p95", polled, None)


def _asked(case: str, pulled: Pulled, target: float | None) -> Line:
    return Line(bench="sessions", case=f"map{SESSIONS}.{case}", ours=p95(pulled.ms), target=target)


def _changes(url: str, person: Visitor) -> Any:
    """What an open map asks first: the tags of its layers, and the one for later questions."""
    headers = {"Cookie": f"{COOKIE}={person.token}"}
    request = urllib.request.Request(f"{url}/map/changes", headers=headers)  # noqa: S310  our own
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def _by_the_clock(
    people: Sequence[Visitor], every_s: float, paths: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """Each person asks their next paths every so often, all of them spread over that time."""
    start = EVERY_S + WARM_UP_S
    return [
        {
            "headers": {"Cookie": f"{COOKIE}={person.token}", "Accept-Encoding": "gzip"},
            "asks": [
                [start + every_s * (number / len(people) + step), path]
                for step in range(int(SECONDS / every_s))
                for path in paths[number * int(SECONDS / every_s) + step]
            ],
        }
        for number, person in enumerate(people)
    ]


def _moves(
    people: Sequence[Visitor], bounds: Bounds, tags: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Every five seconds somewhere else: tiles side by side, at the zooms of daily work."""
    draw, inner = random.Random(17), bounds.inner()  # noqa: S311  places, no secrets
    paths = []
    for _ in range(len(people) * int(SECONDS / EVERY_S)):
        lon, lat = draw.uniform(inner.west, inner.east), draw.uniform(inner.south, inner.north)
        zoom, x, y = tile_at(lon, lat, draw.choice((14, 15, 16)))
        layer = draw.choice(LOOKED_AT)
        side = range(TILES_A_MOVE)
        paths.append([f"/tiles/{layer}/{zoom}/{x + i}/{y}?v={tags[layer]}" for i in side])
    return _by_the_clock(people, EVERY_S, paths)


def _polls(people: Sequence[Visitor], tag: str) -> list[dict[str, Any]]:
    path = [f"/map/changes?since={tag}"]
    return _by_the_clock(people, POLL_EVERY_S, [path] * len(people) * int(SECONDS / POLL_EVERY_S))


@contextmanager
def visitors(
    engine: Engine, pages: Mapping[str, str], *, count: int, now: datetime
) -> Iterator[list[Visitor]]:
    """
    `count` sessions of the roles of `pages` in turn, ended afterwards.

    With fewer persons than sessions, persons have several: the cost of a run is the same.

    Raises
    ------
    PageFailed
        When the database holds nobody of a role.
    """
    people: dict[str, list[int]] = {}
    made: list[Visitor] = []
    with transaction(engine) as conn:
        for role in pages:
            found = [row.id for row in conn.execute(_PERSONS, {"role": role, "now": now})]
            if not found:
                msg = f"nobody is {role} in this database; load a demo district first"
                raise PageFailed(msg)
            people[role] = found
        roles = list(pages)
        for number in range(count):
            role = roles[number % len(roles)]
            persons = people[role]
            person_id = persons[number // len(roles) % len(persons)]
            token, _ends = open_session(conn, person_id=person_id, now=now, demo=True)
            made.append(Visitor(token, pages[role]))
    try:
        yield made
    finally:
        with transaction(engine) as conn:
            for person_id in {one for found in people.values() for one in found}:
                end_sessions_of(conn, person_id, now=now)
