"""An edited calendar: running deadlines follow exactly, once, and say so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import SYSTEM, Actor, Role
from gis.audit.trail import broken_links
from gis.cases.clocks.recompute import AGAIN_FOR, follow_calendar
from gis.cases.clocks.sweep import sweep
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Conflict, Forbidden, Invalid, Refused
from gis.jobs.clock_keeping import follow_edits
from gis.worktime.commands import published_years, restore_day, seed_calendar, set_day
from gis.worktime.queries import day_history
from gis.worktime.tables import workday
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, make_cast, step

NOW = make.NOW
DAY = timedelta(days=1)
THURSDAY = make.TODAY + DAY


@pytest.fixture
def centre(conn: Connection) -> Actor:
    return make.make_actor(conn, Role.CENTRE_LEADER)


def working_case(conn: Connection, cast: Cast, *, now: datetime = NOW) -> str:
    """A case in hand with a limit of two working days, whatever its class says."""
    conn.execute(text("UPDATE handling_rule SET limit_value = 2, limit_unit = 'working_day'"
                      " WHERE kind = 'event' AND code = '0110'"))  # fmt: skip
    return bring_to(conn, cast, State.HANDLING, now=now)


def recomputed(conn: Connection) -> list[Any]:
    return list(
        conn.scalars(
            text("SELECT due_at FROM case_clock_event WHERE operation = 'recompute' ORDER BY id")
        )
    )


def close(conn: Connection, centre: Actor, day: date, *, now: datetime = NOW) -> None:
    set_day(conn, actor=centre, day=day, is_workday=False, reason="暴雨红色预警", now=now)


def test_a_day_off_moves_the_deadlines_that_run_over_it(
    conn: Connection, cast: Cast, centre: Actor
) -> None:
    number = working_case(conn, cast)  # Wednesday 10:30 + 2 working days
    assert case_of(conn, cast, number).due_at == NOW + 2 * DAY
    close(conn, centre, THURSDAY)
    done = follow_calendar(conn, actor=SYSTEM, now=NOW)
    moved = case_of(conn, cast, number)
    assert (done.moved, done.last) == (1, None)
    assert moved.due_at == datetime(2026, 11, 23, 2, 30, tzinfo=UTC), "Monday 10:30"
    assert recomputed(conn) == [moved.due_at]
    clock = conn.execute(text("SELECT due_at FROM case_clock WHERE slot = 'case'")).scalar_one()
    assert clock == moved.due_at


def test_following_twice_changes_nothing(conn: Connection, cast: Cast, centre: Actor) -> None:
    working_case(conn, cast)
    close(conn, centre, THURSDAY)
    assert [follow_calendar(conn, actor=SYSTEM, now=NOW).moved for _ in range(3)] == [1, 0, 0]
    assert len(recomputed(conn)) == 1
    restore_day(conn, actor=centre, day=THURSDAY, now=NOW)
    assert follow_calendar(conn, actor=SYSTEM, now=NOW).moved == 1
    assert recomputed(conn)[-1] == NOW + 2 * DAY


def test_a_moved_workday_brings_the_end_nearer(conn: Connection, cast: Cast, centre: Actor) -> None:
    number = working_case(conn, cast, now=NOW + 2 * DAY)  # Friday 10:30, due on Tuesday
    before = case_of(conn, cast, number).due_at
    saturday = make.TODAY + 3 * DAY
    set_day(conn, actor=centre, day=saturday, is_workday=True, reason="调休", now=NOW + 2 * DAY)
    follow_calendar(conn, actor=SYSTEM, now=NOW + 2 * DAY)
    assert before == NOW + 6 * DAY
    assert case_of(conn, cast, number).due_at == NOW + 5 * DAY


def test_what_the_day_does_not_concern_stays(conn: Connection, cast: Cast, centre: Actor) -> None:
    number = working_case(conn, cast)
    step(conn, cast, number, Move.ASK_EXTENSION, "handler", NOW)
    step(conn, cast, number, Move.APPROVE_EXTENSION, "leader", NOW)
    agreed = case_of(conn, cast, number).due_at
    done = working_case(conn, cast)
    step(conn, cast, done, Move.REPORT_DONE, "handler", NOW)
    stopped = case_of(conn, cast, done).due_at
    close(conn, centre, THURSDAY)
    far = working_case(conn, cast, now=NOW + 5 * DAY)
    later = case_of(conn, cast, far).due_at
    assert follow_calendar(conn, actor=SYSTEM, now=NOW).moved == 0
    assert [case_of(conn, cast, n).due_at for n in (number, done, far)] == [agreed, stopped, later]


def test_a_resumed_clock_follows_from_where_it_went_on(
    conn: Connection, cast: Cast, centre: Actor
) -> None:
    number = working_case(conn, cast)
    step(conn, cast, number, Move.ASK_SUSPENSION, "handler", NOW + DAY)
    step(conn, cast, number, Move.APPROVE_SUSPENSION, "dispatcher", NOW + DAY)
    step(conn, cast, number, Move.RESUME, "dispatcher", NOW + 5 * DAY)  # Monday 10:30, a day left
    assert case_of(conn, cast, number).due_at == NOW + 6 * DAY
    close(conn, centre, THURSDAY, now=NOW + 5 * DAY)  # lies in the pause
    assert follow_calendar(conn, actor=SYSTEM, now=NOW + 5 * DAY).moved == 0
    close(conn, centre, make.TODAY + 6 * DAY, now=NOW + 5 * DAY)
    assert follow_calendar(conn, actor=SYSTEM, now=NOW + 5 * DAY).moved == 1
    assert case_of(conn, cast, number).due_at == NOW + 7 * DAY


def test_a_year_without_a_calendar_is_provisional_until_it_is_published(
    conn: Connection, cast: Cast
) -> None:
    conn.execute(workday.delete())
    seed_calendar(conn, [2025])
    number = working_case(conn, cast, now=datetime(2026, 9, 30, 2, 30, tzinfo=UTC))
    before = case_of(conn, cast, number)
    assert before.due_provisional and before.due_at == datetime(2026, 10, 2, 2, 30, tzinfo=UTC)
    seed_calendar(conn, [2026], now=NOW)
    assert follow_calendar(conn, actor=SYSTEM, now=NOW).moved == 1
    after = case_of(conn, cast, number)
    assert not after.due_provisional
    assert after.due_at == datetime(2026, 10, 9, 2, 30, tzinfo=UTC), "the National Day is skipped"
    assert seed_calendar(conn, [2026], now=NOW) == 365
    edits = conn.execute(text("SELECT first_day, last_day FROM calendar_edit")).all()
    assert [tuple(e) for e in edits] == [(date(2026, 1, 1), date(2026, 12, 31))]


def test_an_edit_is_settled_when_no_move_can_have_missed_it(
    conn: Connection, centre: Actor
) -> None:
    close(conn, centre, THURSDAY)
    left = text("SELECT count(*) FROM calendar_edit WHERE settled_at IS NULL")
    follow_calendar(conn, actor=SYSTEM, now=NOW + AGAIN_FOR / 2)
    assert conn.execute(left).scalar_one() == 1
    follow_calendar(conn, actor=SYSTEM, now=NOW + AGAIN_FOR)
    assert conn.execute(left).scalar_one() == 0


def test_the_sweep_tells_levels_by_the_new_end(conn: Connection, cast: Cast, centre: Actor) -> None:
    working_case(conn, cast)
    sweep(conn, actor=SYSTEM, now=NOW)
    close(conn, centre, THURSDAY)
    follow_calendar(conn, actor=SYSTEM, now=NOW)
    sweep(conn, actor=SYSTEM, now=NOW + 2 * DAY)
    counted = text("SELECT count(*) FROM case_notice WHERE kind = 'overdue' AND level > 1")
    assert conn.execute(counted).scalar_one() == 0
    sweep(conn, actor=SYSTEM, now=NOW + 5 * DAY)
    assert conn.execute(counted).scalar_one() == 1


def test_an_edit_stands_on_the_trail_with_what_was_before(conn: Connection, centre: Actor) -> None:
    seed_calendar(conn, [2026])
    close(conn, centre, THURSDAY)
    restore_day(conn, actor=centre, day=THURSDAY, now=NOW + DAY)
    newest, first = day_history(conn, actor=centre, year=2026)
    assert (first.day, first.was, first.now, first.who) == (THURSDAY, True, False, centre.name)
    assert first.source == "OWN · 暴雨红色预警"
    assert (newest.was, newest.now, newest.source) == (False, True, "C01")
    assert broken_links(conn, subject_type="calendar") == []


def test_an_edit_needs_the_right_a_reason_and_the_newest_sight(
    conn: Connection, centre: Actor, cast: Cast
) -> None:
    with pytest.raises(Forbidden):
        close(conn, cast.dispatcher, THURSDAY)
    with pytest.raises(Invalid) as caught:
        set_day(
            conn, actor=centre, day=THURSDAY, is_workday=False, reason=" ", source="C01 x", now=NOW
        )
    assert [f.field for f in caught.value.faults] == ["reason", "source"]
    close(conn, centre, THURSDAY)
    with pytest.raises(Conflict, match="暴雨红色预警"):
        set_day(
            conn, actor=centre, day=THURSDAY, is_workday=True, reason="x", now=NOW,
            expected_source="C01",
        )  # fmt: skip
    with pytest.raises(Refused, match="No holiday notice"):
        restore_day(conn, actor=centre, day=date(published_years()[-1] + 1, 5, 1), now=NOW)
    with pytest.raises(Forbidden):
        follow_calendar(conn, actor=centre, now=NOW)


@pytest.fixture
def shared(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url)
    yield engine
    engine.dispose()


def test_batches_leave_no_clock_out(shared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(shared) as conn:
        conn.execute(text("SELECT 1"))
        cast = make_cast(conn)
        centre = make.make_actor(conn, Role.CENTRE_LEADER)
        make.set_setting(conn, "stage_limit_dispatch", "2 working_day")
        for _ in range(4):
            bring_to(conn, cast, State.PENDING_DISPATCH)
        conn.execute(
            text("UPDATE case_clock SET limit_unit = 'working_day', limit_value = 2,"
                 " base_left_s = 57600 WHERE slot = 'case'")
        )  # fmt: skip
        close(conn, centre, THURSDAY)
    monkeypatch.setattr("gis.jobs.clock_keeping.FOLLOWED", 3)
    assert follow_edits(shared, now=NOW) == 8
    assert follow_edits(shared, now=NOW) == 0
