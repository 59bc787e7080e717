"""Classes that the product dispatches by itself after filing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Role
from gis.cases.model import Move, State
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.dispatch.automatic import (
    Answer,
    Outcome,
    answers,
    dispatch_filed,
    is_automatic,
    set_automatic,
)
from gis.errors import Conflict, Forbidden, Invalid
from gis.jobs.handlers import HANDLERS
from gis.jobs.relay import deliver
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import CLASS, Cast, bring_to, make_cast, move, state_of, version_of

LATER = make.NOW + timedelta(minutes=1)


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def switch(conn: Connection, cast: Cast, code: str = CLASS, *, on: bool = True) -> None:
    set_automatic(
        conn, actor=cast.centre, kind="event", class_code=code, automatic=on,
        starts_at=make.NOW, now=make.NOW,
    )  # fmt: skip


def filed(conn: Connection, number: str) -> Outcome:
    return dispatch_filed(
        conn, number=number, version=version_of(conn, number), filed_at=make.NOW, now=LATER
    )


def test_a_filed_case_of_such_a_class_goes_to_the_department_of_the_rule(
    conn: Connection, cast: Cast
) -> None:
    switch(conn, cast)
    helper = make.make_department(conn)
    conn.execute(
        text("INSERT INTO dispatch_rule_assistant VALUES (:r, :d, 1)"),
        {"r": cast.rule, "d": helper},
    )
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    assert filed(conn, number) is Outcome.DISPATCHED
    case = conn.execute(
        text("SELECT state, department_id, dispatch_rule_id, changed_by FROM cases")
    ).one()
    assert tuple(case) == ("PENDING_HANDLE", cast.department, cast.rule, None)
    event = conn.execute(text("SELECT role, actor_id FROM case_event WHERE move = 'dispatch'"))
    assert tuple(event.one()) == ("system", None)


def test_other_classes_are_left_to_dispatchers(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    assert filed(conn, number) is Outcome.BY_HAND
    switch(conn, cast, "02")
    assert filed(conn, number) is Outcome.BY_HAND
    switch(conn, cast, "")
    switch(conn, cast, "01", on=False)
    assert filed(conn, number) is Outcome.BY_HAND
    assert state_of(conn, number) is State.PENDING_DISPATCH


def test_without_a_rule_or_with_a_faulty_one_the_case_waits(conn: Connection, cast: Cast) -> None:
    switch(conn, cast)
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    conn.execute(text("UPDATE department SET valid_to = '2026-01-01' WHERE id = :d"),
                 {"d": cast.department})  # fmt: skip
    assert filed(conn, number) is Outcome.REFUSED
    conn.execute(text("DELETE FROM dispatch_rule"))
    assert filed(conn, number) is Outcome.REFUSED
    assert state_of(conn, number) is State.PENDING_DISPATCH


def test_a_second_delivery_and_a_faster_dispatcher_leave_the_case_alone(
    conn: Connection, cast: Cast
) -> None:
    switch(conn, cast)
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    version = version_of(conn, number)
    move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
    again = dispatch_filed(conn, number=number, version=version, filed_at=make.NOW, now=LATER)
    assert again is Outcome.MOVED_ON
    back = bring_to(conn, cast, State.PENDING_DISPATCH)
    move(conn, cast.dispatcher, back, Move.BACK_TO_FILING, reason="不清楚")
    assert filed(conn, back) is Outcome.MOVED_ON


@pytest.mark.parametrize(
    ("code", "minutes", "automatic"),
    [("0110", 0, True), ("0110", -1, False), ("0111", 0, False), ("0111", 10, True),
     ("0210", 10, False)],
)  # fmt: skip
def test_the_narrowest_class_decides_and_of_it_the_newest_answer(
    code: str, minutes: int, automatic: bool
) -> None:
    at = make.NOW
    known = [
        Answer(Kind.EVENT, "0110", True, at),
        Answer(Kind.EVENT, "01", False, at - timedelta(days=1)),
        Answer(Kind.EVENT, "01", True, at + timedelta(minutes=10)),
        Answer(Kind.COMPONENT, "", True, at - timedelta(days=1)),
    ]
    asked = at + timedelta(minutes=minutes)
    assert is_automatic(known, kind="event", class_code=code, at=asked) is automatic


def test_who_sets_it_is_on_the_trail_and_wrong_answers_are_refused(
    conn: Connection, cast: Cast
) -> None:
    switch(conn, cast)
    switch(conn, cast, on=False)
    (only,) = answers(conn, "2013")
    assert (only.automatic, only.set_by) == (False, cast.centre.name)
    trail = text("SELECT data ->> 'automatic' FROM audit_event"
                 " WHERE subject_type = 'dispatch_automatic' ORDER BY seq")  # fmt: skip
    assert conn.scalars(trail).all() == ["true", "false"]
    with pytest.raises(Invalid, match="99"):
        switch(conn, cast, "99")
    with pytest.raises(Invalid, match="past"):
        set_automatic(
            conn, actor=cast.centre, kind="event", class_code="", automatic=True,
            starts_at=make.NOW - timedelta(days=1), now=make.NOW,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        set_automatic(
            conn, actor=make.make_actor(conn, Role.DISPATCHER), kind="event", class_code="",
            automatic=True, starts_at=make.NOW, now=make.NOW,
        )  # fmt: skip


@pytest.fixture
def app(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url, pool_size=4)
    yield engine
    engine.dispose()


def test_the_worker_dispatches_each_filed_case_once_whatever_dies_in_the_middle(
    app: Engine,
) -> None:
    with transaction(app) as conn:
        cast = make_cast(conn)
        switch(conn, cast)
        numbers = [bring_to(conn, cast, State.PENDING_DISPATCH) for _ in range(5)]

    class Killed(BaseException):
        """As a process that ends before its transaction does."""

    def dies(conn: Connection, message: object, now: object) -> None:
        HANDLERS["case.moved"](conn, message, now)  # type: ignore[arg-type]
        if getattr(message, "payload", {}).get("number") == numbers[3]:
            raise Killed

    with pytest.raises(Killed):
        deliver(app, {"case.moved": dies}, now=LATER)
    with transaction(app) as conn:
        assert {state_of(conn, number) for number in numbers} == {State.PENDING_DISPATCH}
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _n: deliver(app, HANDLERS, now=LATER), range(2)))
    deliver(app, HANDLERS, now=LATER)
    with transaction(app) as conn:
        assert {state_of(conn, number) for number in numbers} == {State.PENDING_HANDLE}
        dispatched = conn.scalar(text("SELECT count(*) FROM case_event WHERE move = 'dispatch'"))
        assert dispatched == len(numbers)


def test_a_case_that_somebody_holds_waits_for_the_next_delivery(app: Engine) -> None:
    with transaction(app) as conn:
        cast = make_cast(conn)
        switch(conn, cast)
        number = bring_to(conn, cast, State.PENDING_DISPATCH)
    with transaction(app) as holder:
        holder.execute(text("SELECT 1 FROM cases WHERE number = :n FOR UPDATE"), {"n": number})
        with transaction(app) as conn, pytest.raises(Conflict):
            filed(conn, number)
    with transaction(app) as conn:
        assert filed(conn, number) is Outcome.DISPATCHED
