"""
Cases among five million: report over HTTP, list, inbox, search, likely duplicates, deadlines.

Milliseconds of CPU are those of the application and of PostgreSQL together; `wall` is what a
person waits. Each question is asked in shuffled pairs of the city and of the same city with
100,000 cases; `growth` is the median over the blocks of what it takes here and there.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Actor, Role
from gis.accounts.sessions import actor_of_session
from gis.bench.cases_http import log_http
from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.bench.pairs import (
    WARM_ROUNDS,
    Measured,
    count_statements,
    cpu_ms_of,
    measure_pairs,
    ratio_of_blocks,
    server_pid,
)
from gis.bench.served import bench_database, signed_in
from gis.cases.clusters.queries import likely_duplicates
from gis.cases.desks.filters import CaseFilter, Show
from gis.cases.desks.inbox import read_inbox
from gis.cases.desks.queries import DISTRICT, find_cases
from gis.cases.lists import Page
from gis.cases.model import State
from gis.cases.queues import Order
from gis.db.engine import make_engine, transaction
from gis.standards.model import Kind
from gis.worktime.bulk import deadlines
from gis.worktime.model import Limit, Unit
from gis.worktime.queries import work_calendar

SMALLER = {"city": "city_100k"}
ROUNDS, ROWS = 20, 50
GROWTH_MOST = 1.5
DEADLINES, DEADLINES_LEAST = 20_000, 50_000
_STATES = (State.HANDLING, State.PENDING_DISPATCH, State.PENDING_FILING, State.CHECKING)
_WORDS = ("垃圾", "井盖", "路灯", "破损", "占道", "积水")
_GROUND = text(
    "SELECT (SELECT array_agg(code ORDER BY code) FROM area WHERE level = 3"
    " AND code ^@ ANY(CAST(:scope AS text[]))) AS streets,"
    " (SELECT array_agg(row_to_json(c)) FROM (SELECT kind, class_code, ST_X(geom) AS lon,"
    " ST_Y(geom) AS lat FROM cases WHERE open AND grid_code ^@ ANY(CAST(:scope AS text[]))"
    " ORDER BY id LIMIT 500) c) AS cases"
)


@dataclass(frozen=True)
class Ground:
    """One database and somebody who works there."""

    engine: Engine
    actor: Actor
    streets: list[str]
    cases: list[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """What is asked, and how much it may take."""

    case: str
    ask: Callable[[Connection, Ground, random.Random], object]
    most_ms: float
    of: str
    """`cpu` or `wall`."""
    statements_most: int | None = None
    grows: bool = True
    """Whether the smaller city answers as much, so that the two can be compared."""


def _list(conn: Connection, ground: Ground, draw: random.Random) -> object:
    """A full page in either city: half of the districts, two of the states."""
    districts = sorted({street[:DISTRICT] for street in ground.streets})
    found = _listed(conn, ground, draw, tuple(draw.sample(districts, len(districts) // 2)))
    if len(found.rows) < ROWS:
        msg = f"the list has {len(found.rows)} rows and not {ROWS}"
        raise RuntimeError(msg)
    return found


def _list_of_street(conn: Connection, ground: Ground, draw: random.Random) -> object:
    return _listed(conn, ground, draw, (draw.choice(ground.streets),))


def _listed(conn: Connection, ground: Ground, draw: random.Random, areas: tuple[str, ...]) -> Page:
    wanted = CaseFilter(
        areas=areas,
        states=tuple(draw.sample(_STATES, 2)),
        show=Show.OPEN,
        order=Order.DUE,
    )
    return find_cases(conn, actor=ground.actor, wanted=wanted, now=datetime.now(UTC), limit=ROWS)


def _inbox(conn: Connection, ground: Ground, _draw: random.Random) -> object:
    return read_inbox(conn, actor=ground.actor, wanted=CaseFilter(), now=datetime.now(UTC))


def _search(conn: Connection, ground: Ground, draw: random.Random) -> object:
    wanted = CaseFilter(words=(draw.choice(_WORDS),), show=Show.ALL, order=Order.NEWEST)
    return find_cases(conn, actor=ground.actor, wanted=wanted, now=datetime.now(UTC), limit=ROWS)


def _duplicates(conn: Connection, ground: Ground, draw: random.Random) -> object:
    near = draw.choice(ground.cases)
    return likely_duplicates(
        conn,
        actor=ground.actor,
        kind=Kind(near["kind"]),
        class_code=near["class_code"],
        lon=near["lon"] + draw.uniform(-2e-4, 2e-4),
        lat=near["lat"] + draw.uniform(-2e-4, 2e-4),
        text="路边有垃圾没有清理",
        now=datetime.now(UTC),
    )


QUESTIONS = (
    Question("list", _list, 10, "cpu", statements_most=3),
    Question("list.street", _list_of_street, 10, "cpu", statements_most=3, grows=False),
    Question("inbox", _inbox, 10, "cpu"),
    Question("search", _search, 50, "wall"),
    Question("duplicates", _duplicates, 20, "wall"),
)


def run(options: Options) -> Iterator[Line]:
    """All of them, on the databases of the size and of the smaller one, built when missing."""
    sizes = [options.size, *([SMALLER[options.size]] if options.size in SMALLER else [])]
    with ExitStack() as stack:
        urls = {
            size: stack.enter_context(bench_database(replace(options, size=size))) for size in sizes
        }
        yield from log_http(options, urls)
        grounds = {}
        for size in sizes:
            token = stack.enter_context(signed_in(urls[size], Role.DISPATCHER))
            grounds[size] = _ground(urls[size].app_url, token)
            stack.callback(grounds[size].engine.dispose)
        for question in QUESTIONS:
            yield from _asked(question, grounds)
        yield _deadlines(grounds[options.size])


def _ground(url: str, token: str) -> Ground:
    engine = make_engine(url, pool_size=1)
    with transaction(engine) as conn:
        actor = actor_of_session(conn, token, now=datetime.now(UTC))
        if actor is None:
            msg = "the session of the bench has ended"
            raise RuntimeError(msg)
        found = conn.execute(_GROUND, {"scope": actor.scope.as_list()}).one()
    return Ground(engine, actor, found.streets, found.cases)


def _asked(question: Question, grounds: Mapping[str, Ground]) -> Iterator[Line]:
    """One question here and there; the first database is the one that is judged."""
    here, *there = grounds
    sent = count_statements(grounds[here].engine)
    pids = {size: server_pid(ground.engine) for size, ground in grounds.items()}
    before, began = sent(), {size: cpu_ms_of(pid) for size, pid in pids.items()}
    measured, medians = measure_pairs(_ways(question, grounds), rounds=ROUNDS)
    runs = len(measured[here].wall_ms) + WARM_ROUNDS
    server = {size: (cpu_ms_of(pid) - began[size]) / runs for size, pid in pids.items()}
    yield from _lines(question, measured[here], server[here])
    if question.statements_most is not None:
        yield Line(
            bench="cases",
            case=f"{question.case}.statements",
            unit="statements",
            ours=(sent() - before) / runs,
            target=question.statements_most,
        )
    for size in there if question.grows else ():
        yield Line(
            bench="cases",
            case=f"{question.case}.growth",
            unit="x",
            ours=ratio_of_blocks(medians, here, size),
            reference=measured[size].median_ms,
            reference_name=f"ms at {size}",
            target=GROWTH_MOST,
        )


def _lines(question: Question, mine: Measured, server_ms: float) -> Iterator[Line]:
    cpu = mine.cpu_app_ms + server_ms
    values = {"cpu": cpu, "wall": mine.median_ms}
    other = "wall" if question.of == "cpu" else "cpu"
    yield Line(
        bench="cases",
        case=question.case,
        ours=values[question.of],
        target=question.most_ms,
        p95=p95(mine.wall_ms),
    )
    yield Line(bench="cases", case=f"{question.case}.{other}", ours=values[other])


def _ways(question: Question, grounds: Mapping[str, Ground]) -> dict[str, Callable[[int], object]]:
    def way(ground: Ground) -> Callable[[int], object]:
        def ask(number: int) -> None:
            with transaction(ground.engine) as conn:
                question.ask(conn, ground, random.Random(number))  # noqa: S311  places

        return ask

    return {size: way(ground) for size, ground in grounds.items()}


def _deadlines(ground: Ground) -> Line:
    """Deadlines a second, all units in turn, starts all over the published calendar."""
    with transaction(ground.engine) as conn:
        calendar = work_calendar(conn)
    draw, first = random.Random(5), datetime(2026, 1, 1, tzinfo=UTC)  # noqa: S311  moments
    starts = [
        (
            first + timedelta(minutes=draw.randrange(525_600)),
            Limit(Decimal(draw.randint(1, 40)), draw.choice(list(Unit))),
        )
        for _ in range(DEADLINES)
    ]
    rates = []
    for _ in range(5):
        began = time.perf_counter()
        made = sum(1 for _ in deadlines(calendar, starts))
        rates.append(made / (time.perf_counter() - began))
    return Line(
        bench="cases",
        case="deadlines",
        unit="deadlines/s",
        better="higher",
        ours=median(rates),
        target=DEADLINES_LEAST,
    )
