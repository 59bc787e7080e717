"""The sweep tells every level of every clock once, whatever happens to it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from gis.accounts.model import SYSTEM, Role
from gis.cases.clocks.adoption import adopt_clocks
from gis.cases.clocks.queries import look_again
from gis.cases.clocks.sweep import sweep
from gis.cases.district_settings import change_setting
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Forbidden
from gis.jobs.clock_keeping import sweep_clocks
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, make_cast, report, step, version_of

NOW = make.NOW
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(conn: Connection, kind: str = "overdue") -> list[tuple[Any, ...]]:
    found = conn.execute(
        text("SELECT level, role FROM case_notice WHERE kind = :kind ORDER BY case_id, id"),
        {"kind": kind},
    )
    return [tuple(row) for row in found]


def handled(conn: Connection, cast: Cast) -> tuple[str, Any]:
    """A case in hand and its end, with every stage looked at."""
    number = bring_to(conn, cast, State.HANDLING)
    sweep(conn, actor=SYSTEM, now=NOW)
    return number, case_of(conn, cast, number).due_at


def test_each_level_is_told_to_its_post_when_it_is_reached(conn: Connection, cast: Cast) -> None:
    number, due = handled(conn, cast)
    assert told(conn) == []
    limit = due - NOW
    assert sweep(conn, actor=SYSTEM, now=NOW + limit * 0.79).told == 0
    assert sweep(conn, actor=SYSTEM, now=due - MINUTE).told == 1
    assert sweep(conn, actor=SYSTEM, now=due).told == 1
    assert sweep(conn, actor=SYSTEM, now=due + HOUR).seen == 0
    assert sweep(conn, actor=SYSTEM, now=due + DAY).told == 1
    assert sweep(conn, actor=SYSTEM, now=due + 30 * DAY).told == 1
    assert sweep(conn, actor=SYSTEM, now=due + 60 * DAY).seen == 0
    assert told(conn) == [
        (1, "handler"), (2, "dispatcher"), (3, "shift_leader"), (4, "centre_leader"),
    ]  # fmt: skip
    row = conn.execute(
        text("SELECT area_code, department_id, person_id FROM case_notice WHERE level = 1")
    ).one()
    assert tuple(row) == (cast.cell, cast.department, cast.handler.person_id), number


def test_after_a_standstill_all_that_was_missed_is_told(conn: Connection, cast: Cast) -> None:
    _, due = handled(conn, cast)
    assert sweep(conn, actor=SYSTEM, now=due + 90 * DAY).told == 4


def test_a_clock_that_jumps_ahead_and_back_tells_nothing_twice(
    conn: Connection, cast: Cast
) -> None:
    _, due = handled(conn, cast)
    for at in (due + DAY, NOW, due, due + DAY, due + 2 * DAY):
        sweep(conn, actor=SYSTEM, now=at)
    assert [level for level, _ in told(conn)] == [1, 2, 3]


def test_a_level_reached_again_after_an_extension_is_not_told_again(
    conn: Connection, cast: Cast
) -> None:
    number, due = handled(conn, cast)
    sweep(conn, actor=SYSTEM, now=due - MINUTE)
    step(conn, cast, number, Move.ASK_EXTENSION, "handler", due - MINUTE)
    step(conn, cast, number, Move.APPROVE_EXTENSION, "leader", due - MINUTE)
    later = case_of(conn, cast, number).due_at
    sweep(conn, actor=SYSTEM, now=due + HOUR)
    assert told(conn) == [(1, "handler")]
    assert later is not None
    sweep(conn, actor=SYSTEM, now=later)
    assert told(conn) == [(1, "handler"), (2, "dispatcher")]


def test_a_case_that_waits_or_has_ended_is_never_overdue(conn: Connection, cast: Cast) -> None:
    for state in (State.SUSPENDED, State.PENDING_CHECK, State.CLOSED, State.FORCED_CLOSED):
        bring_to(conn, cast, state)
    sweep(conn, actor=SYSTEM, now=NOW + 400 * DAY)
    assert told(conn) == []


def test_a_stage_is_overdue_once_for_each_time_it_is_entered(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    sweep(conn, actor=SYSTEM, now=NOW + 15 * MINUTE)
    step(conn, cast, number, Move.REGISTER, "acceptor", NOW + 16 * MINUTE)
    step(conn, cast, number, Move.BACK_TO_ACCEPTOR, "leader", NOW + 17 * MINUTE)
    for minutes in (18, 31, 32, 40):
        sweep(conn, actor=SYSTEM, now=NOW + minutes * MINUTE)
    rows = conn.execute(text("SELECT about, level FROM case_notice WHERE kind = 'stage_overdue'"))
    assert [tuple(row) for row in rows] == [
        ("acceptance:1 red:shift_leader", 1),
        ("acceptance:3 red:shift_leader", 1),
    ]


def test_a_first_stage_in_working_time_gets_its_end(conn: Connection, cast: Cast) -> None:
    make.set_setting(conn, "stage_limit_acceptance", "2 working_hour")
    report(conn, cast.supervisor)  # at 10:30; the sessions end at 12:00 and begin at 14:00
    sweep(conn, actor=SYSTEM, now=NOW + MINUTE)
    due = conn.execute(text("SELECT due_at FROM case_clock WHERE slot = 'stage'")).scalar_one()
    assert due == NOW + 4 * HOUR
    sweep(conn, actor=SYSTEM, now=due)
    assert told(conn, "stage_overdue") == [(1, "shift_leader")]


def test_changed_levels_count_for_clocks_that_run(conn: Connection, cast: Cast) -> None:
    _, due = handled(conn, cast)
    leader = make.make_actor(conn, Role.CENTRE_LEADER)
    change_setting(conn, actor=leader, key="overdue_levels", words="50%:arbiter", now=NOW)
    assert look_again(conn, now=NOW).clocks == 1
    sweep(conn, actor=SYSTEM, now=NOW)
    sweep(conn, actor=SYSTEM, now=due - MINUTE)
    assert told(conn) == [(1, "arbiter")]


def changed(conn: Connection, words: str, now: datetime) -> None:
    """Other levels, and the round that brings them to the clocks that run."""
    leader = make.make_actor(conn, Role.CENTRE_LEADER)
    change_setting(conn, actor=leader, key="overdue_levels", words=words, now=now)
    look_again(conn, now=now)
    sweep(conn, actor=SYSTEM, now=now)


def test_a_level_that_takes_the_place_of_a_told_one_is_told(conn: Connection, cast: Cast) -> None:
    _, due = handled(conn, cast)
    sweep(conn, actor=SYSTEM, now=due - MINUTE)
    assert told(conn) == [(1, "handler")]
    changed(conn, "red:dispatcher, red+1d:shift_leader", due - MINUTE)
    assert told(conn) == [(1, "handler")]
    sweep(conn, actor=SYSTEM, now=due)
    assert told(conn) == [(1, "handler"), (1, "dispatcher")]
    sweep(conn, actor=SYSTEM, now=due + DAY)
    assert told(conn)[2:] == [(2, "shift_leader")]


def test_a_told_level_that_moves_up_for_a_new_one_is_not_told_again(
    conn: Connection, cast: Cast
) -> None:
    _, due = handled(conn, cast)
    sweep(conn, actor=SYSTEM, now=due)
    assert told(conn) == [(1, "handler"), (2, "dispatcher")]
    usual = "yellow:handler, red:dispatcher, red+1d:shift_leader"
    changed(conn, f"50%:arbiter, {usual}", due + HOUR)
    assert told(conn)[2:] == [(1, "arbiter")]
    sweep(conn, actor=SYSTEM, now=due + DAY)
    assert told(conn)[3:] == [(4, "shift_leader")]
    changed(conn, usual, due + DAY)
    assert len(told(conn)) == 4


def test_a_case_that_was_loaded_without_clocks_gets_them(conn: Connection) -> None:
    make.make_cell(conn)
    due = NOW + 4 * HOUR
    conn.execute(text("UPDATE handling_rule SET limit_value = 4, limit_unit = 'urgent_hour'"
                      " WHERE kind = 'event' AND code = '0110'"))  # fmt: skip
    make.make_case(conn, state="HANDLING", filed_at=NOW, due_at=due, class_code="0110")
    make.make_case(conn, state="REPORTED", changed_at=NOW)
    make.make_case(conn, state="CLOSED", due_at=due)
    make.make_case(conn, state="SUSPENDED", clock_left='{"seconds": 60, "unit": "urgent_hour"}')
    assert adopt_clocks(conn, actor=SYSTEM, now=NOW) == 2
    assert adopt_clocks(conn, actor=SYSTEM, now=NOW) == 0
    ends = conn.execute(text("SELECT slot, due_at FROM case_clock ORDER BY slot")).all()
    assert [tuple(row) for row in ends] == [("case", due), ("stage", NOW + 15 * MINUTE)]
    said = conn.execute(text("SELECT slot, operation, seq FROM case_clock_event ORDER BY slot"))
    assert [tuple(row) for row in said] == [("case", "start", None), ("stage", "start", None)]
    sweep(conn, actor=SYSTEM, now=due)
    assert {level for level, _ in told(conn)} == {1, 2}


def test_the_sweep_is_the_systems_own_work(conn: Connection, cast: Cast) -> None:
    for work in (sweep, adopt_clocks):
        with pytest.raises(Forbidden):
            work(conn, actor=cast.centre, now=NOW)


@pytest.fixture
def shared(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url)
    yield engine
    engine.dispose()


def _many(engine: Engine, n: int) -> None:
    with transaction(engine) as conn:
        cast = make_cast(conn)
        for _ in range(n):
            report(conn, cast.supervisor)


def _levels(engine: Engine) -> list[int]:
    with transaction(engine) as conn:
        return [level for level, _ in told(conn, "stage_overdue")]


def test_a_sweep_killed_in_the_middle_is_made_up_for_once(shared: Engine) -> None:
    _many(shared, 5)
    late = NOW + HOUR
    with pytest.raises(DBAPIError), shared.connect() as conn, conn.begin():
        assert sweep(conn, actor=SYSTEM, now=late).told == 5
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with transaction(shared) as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        conn.execute(text("SELECT 1"))
    assert _levels(shared) == []
    assert sweep_clocks(shared, now=late) == 5
    assert sweep_clocks(shared, now=late) == 0
    assert _levels(shared) == [1] * 5


def test_sweeps_at_once_share_the_work(shared: Engine) -> None:
    _many(shared, 12)
    start, found = threading.Barrier(3), []

    def run() -> None:
        start.wait(10)
        found.append(sweep_clocks(shared, now=NOW + HOUR))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    sweep_clocks(shared, now=NOW + HOUR)
    assert sum(found) == 12 and _levels(shared) == [1] * 12


def test_a_move_is_not_refused_while_a_sweep_holds_the_clock(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        number = report(conn, cast.supervisor)
    moved: list[int] = []

    def register() -> None:
        with transaction(shared) as conn:
            step(conn, cast, number, Move.REGISTER, "acceptor", NOW)
        with transaction(shared) as conn:
            moved.append(version_of(conn, number))

    with transaction(shared) as conn:
        assert sweep(conn, actor=SYSTEM, now=NOW + HOUR).told == 1
        thread = threading.Thread(target=register)
        thread.start()
        thread.join(1)
    thread.join(10)
    assert moved == [2]
