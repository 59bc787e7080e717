"""
Intake: what a report costs beside one statement by hand, numbers, locating.

Durable commits, one cluster on this machine, 102,400 cells in 256 streets. Every way runs on a
connection of its own, so that the CPU of its server process is its own.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, TextClause, text

from gis.accounts.model import Role
from gis.bench.intake_ground import SIDE, SOUTH, STEP, WEST, Ground, intake_ground
from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.bench.pairs import (
    WARM_ROUNDS,
    count_statements,
    cpu_ms_of,
    measure_pairs,
    ratio_of_blocks,
    server_pid,
)
from gis.cases.intake import report_case, report_params
from gis.cases.model import Move
from gis.cases.records import NewCase
from gis.cases.workflow import MOVES
from gis.db.engine import make_engine, transaction
from gis.db.sqlfile import load_sql, read_sql
from gis.standards.model import Kind

ROUNDS = 60
CLIENTS = 8
CLIENT_SECONDS = 2.0
CLIENT_BLOCKS = 5
COMMAND_RATIO_MOST = 1.5
NUMBERS_RATIO_LEAST = 0.8
LOCATE_MOST_MS = 0.2
STATEMENTS_MOST = 4
LOCATIONS = 400
OURS, BY_HAND = "ours", "one statement by hand"
_BY_HAND = load_sql(__package__, "report_by_hand")
"""The reference: the same writes in one statement."""


def run(options: Options) -> Iterator[Line]:
    """All cases of this bench, one line each."""
    with intake_ground(options) as ground:
        yield from _command(ground)
        yield from _numbers(ground)
        yield from _locate(ground)


def _report(number: int) -> NewCase:
    """A report somewhere, never twice at the same place."""
    draw = random.Random(number)  # noqa: S311  places, not secrets
    return NewCase(
        kind=Kind.COMPONENT,
        class_code="0101",
        lon=WEST + draw.random() * SIDE * STEP,
        lat=SOUTH + draw.random() * SIDE * STEP,
        text="井盖缺失",
    )


def _command(ground: Ground) -> Iterator[Line]:
    """The command as a route calls it, beside one statement by hand in a transaction of its own."""
    engines = {name: make_engine(ground.urls.app_url, pool_size=1) for name in (OURS, BY_HAND)}
    pids = {name: server_pid(engine) for name, engine in engines.items()}
    sent = count_statements(engines[OURS])
    began = {name: cpu_ms_of(pid) for name, pid in pids.items()}
    measured, medians = measure_pairs(_ways(ground, engines), rounds=ROUNDS)
    runs = len(measured[OURS].wall_ms) + WARM_ROUNDS
    server = {name: (cpu_ms_of(pid) - began[name]) / runs for name, pid in pids.items()}
    for engine in engines.values():
        engine.dispose()
    mine = measured[OURS]
    yield Line(
        bench="intake",
        case="command",
        ours=mine.median_ms,
        reference=mine.median_ms / ratio_of_blocks(medians, OURS, BY_HAND),
        reference_name=BY_HAND,
        target=COMMAND_RATIO_MOST,
        judged="ratio_reference",
        p95=p95(mine.wall_ms),
    )
    app = {name: way.cpu_app_ms for name, way in measured.items()}
    for case, cpu in (("command.cpu_app", app), ("command.cpu_postgres", server)):
        yield Line(
            bench="intake",
            case=case,
            ours=cpu[OURS],
            reference=cpu[BY_HAND],
            reference_name=BY_HAND,
        )
    yield Line(
        bench="intake",
        case="command.statements",
        ours=sent() / runs,
        unit="statements",
        target=STATEMENTS_MOST,
    )


def _ways(ground: Ground, engines: Mapping[str, Engine]) -> dict[str, Callable[[int], object]]:
    """Both ways to report number n; keys differ from run to run, the ground stays."""
    run = time.time_ns()

    def ours(number: int) -> None:
        with transaction(engines[OURS]) as conn:
            report_case(
                conn,
                actor=ground.actor,
                report=_report(number),
                key=f"ours-{run}-{number}",
                now=datetime.now(UTC),
            )

    def by_hand(number: int) -> None:
        report = _report(number)
        values = {
            "lon": report.lon,
            "lat": report.lat,
            "person": ground.actor.person_id,
            "key": f"hand-{run}-{number}",
            "request_hash": b"0" * 32,
            "now": datetime.now(UTC),
        }
        with transaction(engines[BY_HAND]) as conn:
            conn.execute(_BY_HAND, values).scalar_one()

    return {OURS: ours, BY_HAND: by_hand}


def _numbers(ground: Ground) -> Iterator[Line]:
    """
    Numbers without gaps per street, beside a plain sequence, in the product's own statement.

    Eight clients report all over the 256 streets at the same time; the reference differs in
    nothing but where the number comes from. Reports per second, blocks in turn.
    """
    owner = make_engine(ground.urls.owner_url, pool_size=1)
    with owner.begin() as conn:
        conn.execute(text("CREATE SEQUENCE IF NOT EXISTS bench_number START 1000000"))
        conn.execute(text("GRANT USAGE ON SEQUENCE bench_number TO PUBLIC"))
    owner.dispose()
    product = read_sql("gis.cases", "report_case")
    began, ended = product.index("counted AS ("), product.index("made AS (")
    plain = "counted AS (SELECT nextval('bench_number') AS last FROM fit),\n"
    statements = {
        "counter": text(product),
        "sequence": text(product[:began] + plain + product[ended:]),
    }
    engine = make_engine(ground.urls.app_url, pool_size=CLIENTS)
    rates: dict[str, list[float]] = {name: [] for name in statements}
    draw = random.Random(2)  # noqa: S311  an order, not a secret
    for statement in statements.values():
        _rate(engine, ground, statement, seconds=CLIENT_SECONDS / 2)
    for _ in range(CLIENT_BLOCKS):
        for name in draw.sample(list(statements), len(statements)):
            rates[name].append(_rate(engine, ground, statements[name], seconds=CLIENT_SECONDS))
    engine.dispose()
    ratio = median(a / b for a, b in zip(rates["counter"], rates["sequence"], strict=True))
    ours = median(rates["counter"])
    yield Line(
        bench="intake",
        case="numbers",
        ours=ours,
        unit="reports/s",
        better="higher",
        reference=ours / ratio,
        reference_name="a plain sequence",
        target=NUMBERS_RATIO_LEAST,
        judged="ratio_reference",
    )


def _rate(engine: Engine, ground: Ground, statement: TextClause, *, seconds: float) -> float:
    """Reports per second of eight clients; each commits every report."""
    row, end = MOVES[Move.REPORT], time.monotonic() + seconds
    done = [0] * CLIENTS

    def client(place: int) -> None:
        number = place * 1_000_000 + time.time_ns() % 1_000_000
        with engine.connect() as conn:
            while time.monotonic() < end:
                number += 1
                params = report_params(
                    ground.actor, Role.SUPERVISOR, row, _report(number), "-", datetime.now(UTC)
                )
                with conn.begin():
                    conn.execute(statement, params).scalar_one()
                done[place] += 1

    clients = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    began = time.monotonic()
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    return sum(done) / (time.monotonic() - began)


def _locate(ground: Ground) -> Iterator[Line]:
    """The cell of a point, as the server itself counts its work, planning left out."""
    engine = make_engine(ground.urls.app_url, pool_size=1)
    statement = text(
        "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + read_sql("gis.grids", "cell_at")
    )
    with engine.connect() as conn:
        times = [_execution_ms(conn, statement, _report(n)) for n in range(LOCATIONS)]
    engine.dispose()
    yield Line(
        bench="intake",
        case="locate",
        ours=median(times),
        target=LOCATE_MOST_MS,
        p95=p95(times),
    )


def _execution_ms(conn: Connection, statement: TextClause, report: NewCase) -> float:
    plan = conn.execute(statement, {"lon": report.lon, "lat": report.lat}).scalar_one()
    return float(plan[0]["Execution Time"])
