"""What the product does to cases by itself when their time has come."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.cases.model import State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.dispatch.timed import resume, suspensions_to_end
from gis.errors import Refused
from gis.jobs.case_timers import end_suspensions
from tests import factories as make
from tests.case_life import bring_to, make_cast, state_of

DUE = make.NOW + timedelta(days=20)


def test_a_suspended_case_is_due_on_its_date_and_not_before(conn: Connection) -> None:
    number = bring_to(conn, make_cast(conn), State.SUSPENDED)
    assert suspensions_to_end(conn, now=DUE - timedelta(days=1)) == []
    assert suspensions_to_end(conn, now=DUE) == [number]
    resume(conn, number, now=DUE)
    assert suspensions_to_end(conn, now=DUE) == []
    role = conn.execute(text("SELECT role, actor_id FROM case_event WHERE move = 'resume'")).one()
    assert tuple(role) == ("system", None)
    with pytest.raises(Refused):
        resume(conn, number, now=DUE)


def test_suspensions_end_one_by_one_and_a_held_case_waits_for_the_next_round(
    fresh_database: ClusterUrls,
) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    with transaction(engine) as conn:
        cast = make_cast(conn)
        numbers = [bring_to(conn, cast, State.SUSPENDED) for _ in range(2)]
    with transaction(engine) as holder:
        holder.execute(text("SELECT 1 FROM cases WHERE number = :n FOR UPDATE"), {"n": numbers[0]})
        assert end_suspensions(engine, now=DUE) == 1
    with transaction(engine) as conn:
        assert state_of(conn, numbers[0]) is State.SUSPENDED
        assert state_of(conn, numbers[1]) is State.HANDLING
    assert end_suspensions(engine, now=DUE) == 1
    assert end_suspensions(engine, now=DUE) == 0
    engine.dispose()
