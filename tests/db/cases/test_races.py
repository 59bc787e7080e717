"""Several people at one case at the same moment: one wins, nothing is lost, nothing is doubled."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from gis.accounts.model import Actor, Role
from gis.audit.trail import broken_links
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.dispatch.commands import move_case
from gis.errors import Conflict, GisError
from tests import factories as make
from tests.case_life import bring_to, make_cast, report


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Run all together; answers results and raised errors in order."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        start.wait(10)
        try:
            results[place] = work()
        except GisError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def shared(fresh_database: ClusterUrls):  # type: ignore[no-untyped-def]
    engine = make_engine(fresh_database.app_url)
    yield engine
    engine.dispose()


def moving(engine: Engine, actor: Actor, number: str, what: Move, version: int, **fields: object):  # type: ignore[no-untyped-def]
    def work() -> object:
        with transaction(engine) as conn:
            return move_case(
                conn,
                actor=actor,
                number=number,
                move=what,
                fields=fields,
                expected_version=version,
                now=make.NOW,
            )

    return work


def test_of_two_dispatchers_at_once_one_wins_and_the_other_reads_a_conflict(
    shared: Engine,
) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        second = make.make_actor(conn, Role.DISPATCHER)
        numbers = [bring_to(conn, cast, State.PENDING_DISPATCH) for _ in range(10)]
    for number in numbers:
        results = at_once(
            [
                moving(shared, actor, number, Move.DISPATCH, 3, department=cast.department)
                for actor in (cast.dispatcher, second)
            ]
        )
        assert sorted(isinstance(r, Conflict) for r in results) == [False, True], results
    with transaction(shared) as conn:
        steps = conn.execute(
            text("SELECT count(*) FROM case_event WHERE move = 'dispatch'")
        ).scalar_one()
        assert steps == len(numbers)
        assert broken_links(conn) == []


def test_two_cases_merged_into_each_other_at_once_do_not_both_vanish(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        pairs = [(report(conn, cast.supervisor), report(conn, cast.supervisor)) for _ in range(5)]
    for one, other in pairs:
        at_once(
            [
                moving(shared, cast.acceptor, one, Move.MERGE, 1, target_case=other),
                moving(shared, cast.leader, other, Move.MERGE, 1, target_case=one),
            ]
        )
        with transaction(shared) as conn:
            open_ones = conn.execute(
                text("SELECT count(*) FROM cases WHERE number IN (:a, :b) AND open"),
                {"a": one, "b": other},
            ).scalar_one()
        assert open_ones >= 1


def test_a_case_somebody_holds_answers_at_once_instead_of_waiting(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        number = report(conn, cast.supervisor)
    with transaction(shared) as holder:
        holder.execute(text("SELECT 1 FROM cases WHERE number = :n FOR UPDATE"), {"n": number})
        with pytest.raises(Conflict) as caught:
            moving(shared, cast.acceptor, number, Move.REGISTER, 1)()
    assert number in str(caught.value)


def test_a_move_that_fails_half_way_leaves_nothing(shared: Engine) -> None:
    with transaction(shared) as conn:
        cast = make_cast(conn)
        number = report(conn, cast.supervisor)
    with pytest.raises(RuntimeError), transaction(shared) as conn:
        move_case(
            conn,
            actor=cast.acceptor,
            number=number,
            move=Move.REGISTER,
            fields={},
            expected_version=1,
            key="once",
            now=make.NOW,
        )
        raise RuntimeError
    with transaction(shared) as conn:
        row = conn.execute(text("SELECT state, version FROM cases")).one()
        assert tuple(row) == ("REPORTED", 1)
        kept = conn.execute(text("SELECT count(*) FROM idempotency_key WHERE key = 'once'"))
        assert kept.scalar_one() == 0
