"""Several cases at once: the preview tells the truth and writes nothing; each is moved alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Role
from gis.cases.model import Move, State
from gis.cases.workflow import MOVES
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.dispatch.bulk import BULK_MOST, BULK_MOVES, chosen_cases, make, moves_for, preview
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make_row
from tests.case_life import Cast, bring_to, condition, make_cast, move, report, state_of

NOW = make_row.NOW


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


@pytest.fixture
def shared(fresh_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(fresh_database.app_url)
    yield engine
    engine.dispose()


def counts(conn: Connection) -> list[Any]:
    tables = ("case_event", "audit_event", "outbox", "case_task", "case_notice", "case_clock_event")
    return [conn.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables]


def test_a_preview_says_what_each_case_gets_and_why_others_are_refused_and_writes_nothing(
    conn: Connection, cast: Cast
) -> None:
    ready, ready_too = (bring_to(conn, cast, State.PENDING_DISPATCH) for _ in range(2))
    early = report(conn, cast.supervisor)
    before = counts(conn)
    numbers = [ready, early, ready_too, "110101001-261118-9999", ready]
    found = preview(
        conn, actor=cast.dispatcher, numbers=numbers, move=Move.DISPATCH, fields={}, now=NOW
    )
    assert [o.number for o in found] == [ready, early, ready_too, "110101001-261118-9999"]
    assert [o.will for o in found] == [True, False, True, False]
    assert (found[0].before, found[0].after) == (State.PENDING_DISPATCH, State.PENDING_HANDLE)
    assert found[0].department is not None and found[0].due_at is not None
    assert isinstance(found[1].reason, Refused) and isinstance(found[3].reason, NotFound)
    assert counts(conn) == before
    assert state_of(conn, ready) is State.PENDING_DISPATCH


def test_a_preview_chooses_supervisors_one_after_the_other_as_the_moves_will(
    conn: Connection, cast: Cast
) -> None:
    numbers = [bring_to(conn, cast, State.PENDING_CHECK) for _ in range(2)]
    found = preview(
        conn, actor=cast.acceptor, numbers=numbers, move=Move.ORDER_CHECK, fields={}, now=NOW
    )
    assert {o.supervisor for o in found} == {cast.supervisor.name, cast.second.name}


def test_a_case_without_a_rule_or_with_several_conditions_is_left_to_people(
    conn: Connection, cast: Cast
) -> None:
    dispatchable = bring_to(conn, cast, State.PENDING_DISPATCH)
    conn.execute(text("DELETE FROM dispatch_rule"))
    [found] = preview(
        conn, actor=cast.dispatcher, numbers=[dispatchable], move=Move.DISPATCH, fields={}, now=NOW
    )
    assert not found.will and isinstance(found.reason, Refused)
    filing = bring_to(conn, cast, State.PENDING_FILING)
    ask: dict[str, Any] = {"actor": cast.leader, "numbers": [filing], "move": Move.FILE, "now": NOW}
    [alone] = preview(conn, fields={}, **ask)
    [named] = preview(conn, fields={"condition": condition(conn)}, **ask)
    assert named.will and named.after is State.PENDING_DISPATCH
    assert not alone.will or condition_count(conn) == 1


def condition_count(conn: Connection) -> int:
    return int(
        conn.execute(
            text(
                "SELECT count(*) FROM handling_rule"
                " WHERE kind = 'event' AND code = '0110' AND edition = '2013'"
            )
        ).scalar_one()
    )


def test_the_condition_that_was_ticked_before_is_the_one_it_is_filed_under(
    conn: Connection, cast: Cast
) -> None:
    number = report(conn, cast.supervisor)
    move(conn, cast.acceptor, number, Move.REGISTER, checks=[condition(conn)])
    [found] = preview(conn, actor=cast.leader, numbers=[number], move=Move.FILE, fields={}, now=NOW)
    assert found.will


def test_scope_role_and_number_of_cases_hold_in_bulk_too(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    outside = make_row.make_actor(conn, Role.ACCEPTOR, scope=("110102",))
    assert chosen_cases(conn, actor=outside, numbers=[number]) == []
    [hidden] = preview(
        conn, actor=outside, numbers=[number], move=Move.REGISTER, fields={}, now=NOW
    )
    assert isinstance(hidden.reason, NotFound) and hidden.version is None
    [no] = preview(
        conn, actor=cast.dispatcher, numbers=[number], move=Move.REGISTER, fields={}, now=NOW
    )
    assert isinstance(no.reason, Forbidden)
    planner = make_row.make_actor(conn, Role.PLANNER)
    with pytest.raises(Forbidden):
        preview(conn, actor=planner, numbers=[number], move=Move.REGISTER, fields={}, now=NOW)
    many = [f"110101001-261118-{n:04d}" for n in range(BULK_MOST + 1)]
    with pytest.raises(Invalid):
        chosen_cases(conn, actor=cast.acceptor, numbers=many)
    for wrong in ("report_done", "explode"):
        with pytest.raises(Invalid):
            preview(conn, actor=cast.acceptor, numbers=[number], move=wrong, fields={}, now=NOW)


def test_only_moves_without_photos_and_days_are_made_in_bulk(conn: Connection, cast: Cast) -> None:
    personal = {"photo", "photo_before", "photo_after", "evidence", "until", "resume_on"}
    for what in BULK_MOVES:
        assert not personal & set(MOVES[what].needs)
    chosen = chosen_cases(conn, actor=cast.acceptor, numbers=[report(conn, cast.supervisor)])
    assert moves_for(cast.acceptor, chosen) == [
        Move.REGISTER, Move.ORDER_VERIFICATION, Move.REFUSE, Move.MERGE,
    ]  # fmt: skip
    assert moves_for(cast.dispatcher, chosen) == []


def test_each_case_is_moved_alone_and_one_that_changed_meanwhile_is_refused(
    shared: Engine,
) -> None:
    with shared.begin() as conn:
        cast = make_cast(conn)
        numbers = [report(conn, cast.supervisor) for _ in range(3)]
    ask: dict[str, Any] = {"actor": cast.acceptor, "move": Move.REGISTER, "fields": {}, "now": NOW}
    with shared.begin() as conn:
        decided = preview(conn, numbers=numbers, **ask)
    assert all(o.will for o in decided)
    with shared.begin() as conn:
        move(conn, cast.acceptor, numbers[1], Move.REFUSE, reason="不受理")
    done = make(shared, decided=decided, key="b1", **ask)
    assert [o.will for o in done] == [True, False, True]
    assert isinstance(done[1].reason, Conflict)
    again = make(shared, decided=decided, key="b1", **ask)
    assert [o.will for o in again] == [True, False, True]
    with shared.begin() as conn:
        states = [state_of(conn, number) for number in numbers]
        events = conn.execute(
            text("SELECT count(*) FROM case_event WHERE move = 'register'")
        ).scalar()
    assert states == [State.PENDING_FILING, State.NOT_ACCEPTED, State.PENDING_FILING]
    assert events == 2


@pytest.mark.parametrize(
    ("what", "state", "who"),
    [
        (Move.DISPATCH, State.PENDING_DISPATCH, "dispatcher"),
        (Move.FILE, State.PENDING_FILING, "leader"),
        (Move.ORDER_CHECK, State.PENDING_CHECK, "acceptor"),
    ],
)
def test_a_request_whose_answer_was_lost_is_answered_as_the_first_time(
    shared: Engine, what: Move, state: State, who: str
) -> None:
    with shared.begin() as conn:
        cast = make_cast(conn)
        numbers = [bring_to(conn, cast, state) for _ in range(2)]
    fields: dict[str, object] = {}
    ask: dict[str, Any] = {"actor": getattr(cast, who), "move": what, "fields": fields, "now": NOW}
    with shared.begin() as conn:
        decided = preview(conn, numbers=numbers, **ask)
    first = make(shared, decided=decided, key="b1", **ask)
    assert [one.will for one in first] == [True, True], first
    with shared.begin() as conn:  # the rule that named the department is gone meanwhile
        conn.execute(text("UPDATE dispatch_rule SET valid_to = valid_from"))
        written = counts(conn)
    assert make(shared, decided=decided, key="b1", **ask) == first
    with shared.begin() as conn:
        assert counts(conn) == written


def test_a_key_of_several_cases_is_not_used_for_another_move(shared: Engine) -> None:
    with shared.begin() as conn:
        cast = make_cast(conn)
        number = report(conn, cast.supervisor)
    ask: dict[str, Any] = {"actor": cast.acceptor, "fields": {}, "now": NOW}
    with shared.begin() as conn:
        decided = preview(conn, numbers=[number], move=Move.REGISTER, **ask)
    make(shared, decided=decided, move=Move.REGISTER, key="b1", **ask)
    [again] = make(shared, decided=decided, move=Move.ORDER_VERIFICATION, key="b1", **ask)
    assert isinstance(again.reason, Invalid)
