"""Substitutes: whose tasks they see and work, for how long, and what the trail says."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, TextClause, text

from gis.accounts.model import Actor, Role
from gis.accounts.sessions import actor_of_session, open_session
from gis.accounts.substitutes import end_substitute, name_substitute, who_fits, windows_of
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.desks.commands import mark_seen
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.inbox import read_inbox
from gis.cases.fieldwork.queries import my_work
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number, history
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Forbidden, GisError, Invalid, NotFound, Refused
from gis.files.queries import readable_file
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, move

NOW, TODAY = make.NOW, make.TODAY
DAY = timedelta(days=1)


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def hand_over(conn: Connection, absent: Actor, other: Actor, **more: Any) -> int:
    asked: dict[str, Any] = {
        "actor": absent, "person_id": absent.person_id, "substitute_id": other.person_id,
        "first_day": TODAY, "last_day": TODAY + DAY, "today": TODAY, "now": NOW,
    }  # fmt: skip
    return name_substitute(conn, **{**asked, **more})


def at(conn: Connection, actor: Actor, moment: datetime) -> Actor:
    """The person as a session of this moment finds them."""
    assert actor.person_id is not None
    token, _until = open_session(conn, person_id=actor.person_id, now=moment)
    found = actor_of_session(conn, token, now=moment)
    assert found is not None
    return found


def test_a_substitute_works_the_tasks_of_the_absent_and_the_trail_names_both(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    holder_id = conn.execute(
        text("SELECT supervisor_id FROM cases WHERE number = :n"), {"n": number}
    ).scalar_one()
    both = {cast.supervisor.person_id: cast.supervisor, cast.second.person_id: cast.second}
    absent = both.pop(holder_id)
    [other] = both.values()
    photo = make.make_file(conn)
    with pytest.raises(Refused):
        move(conn, other, number, Move.CHECK_PASSED, photo=[photo])
    assert my_work(conn, actor=other, now=NOW).tasks == ()
    hand_over(conn, absent, other)
    assert [task.number for task in my_work(conn, actor=at(conn, other, NOW), now=NOW).tasks] == [
        number
    ]
    move(conn, at(conn, other, NOW), number, Move.CHECK_PASSED, photo=[photo])
    for table, column in (("case_event", "move"), ("audit_event", "action")):
        row = conn.execute(
            text(
                f"SELECT actor_id, data FROM {table} WHERE {column} = 'check_passed'"
                " ORDER BY id DESC LIMIT 1"
            )
        ).one()
        assert row.actor_id == other.person_id
        assert row.data["stands_for"] == f"{absent.name} (#{absent.person_id})"


def test_a_substitute_opens_and_makes_a_check_in_an_area_that_is_no_own(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    case = conn.execute(text("SELECT * FROM cases WHERE number = :n"), {"n": number}).one()
    far = make.make_actor(conn, Role.SUPERVISOR, scope=("110101009",))
    other = make.standing_in(far, case.supervisor_id)
    level: dict[str, Any] = {"level": 1, "role": Role.SUPERVISOR, "now": NOW}
    notify(conn, case_id=case.id, kind=NoticeKind.STAGE_OVERDUE, **level)
    sha = conn.execute(text("SELECT sha256 FROM attachment LIMIT 1")).scalar_one()
    asked: dict[str, Any] = {"person_id": far.person_id, "areas": far.scope.as_list()}
    who: dict[str, Any] = {"scope": other.scope, "person_id": other.person_id}
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=far.scope, person_id=far.person_id)
    with pytest.raises(NotFound):
        readable_file(conn, sha, **asked)
    assert read_inbox(conn, actor=far, wanted=CaseFilter(), now=NOW).notices == ()

    found = read_inbox(conn, actor=other, wanted=CaseFilter(), now=NOW)
    assert [row.number for row in found.rows] == [number]
    assert [notice.number for notice in found.notices] == [number]
    assert case_by_number(conn, number, **who).case.id == case.id
    assert history(conn, case.id, **who)
    assert readable_file(conn, sha, stands_for=other.stands_for, **asked).sha256 == sha
    mark_seen(conn, actor=other, numbers=[number], now=NOW)
    assert not read_inbox(conn, actor=other, wanted=CaseFilter(), now=NOW).unread
    photo = [make.make_file(conn)]
    with pytest.raises(NotFound):
        move(conn, far, number, Move.CHECK_PASSED, photo=photo)
    assert move(conn, other, number, Move.CHECK_PASSED, photo=photo).state is State.PENDING_CLOSE


def test_nobody_checks_a_case_they_handled_as_a_substitute_either(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    case = conn.execute(text("SELECT * FROM cases WHERE number = :n"), {"n": number}).one()
    handler = replace(make.standing_in(cast.second, case.supervisor_id), person_id=case.handler_id)
    with pytest.raises(Refused):
        move(conn, handler, number, Move.CHECK_PASSED, photo=[make.make_file(conn)])


def test_a_window_begins_and_ends_by_itself(conn: Connection, cast: Cast) -> None:
    hand_over(conn, cast.supervisor, cast.second, first_day=TODAY + DAY, last_day=TODAY + 2 * DAY)
    seen = [
        cast.supervisor.person_id in at(conn, cast.second, NOW + days * DAY).stands_for
        for days in range(4)
    ]
    assert seen == [False, True, True, False]


def test_a_window_that_was_ended_gives_nothing_any_more(conn: Connection, cast: Cast) -> None:
    window = hand_over(conn, cast.supervisor, cast.second)
    assert [w.id for w in windows_of(conn, actor=cast.second, today=TODAY)] == [window]
    end_substitute(conn, actor=cast.second, window_id=window, now=NOW)
    assert at(conn, cast.second, NOW).stands_for == frozenset()
    assert windows_of(conn, actor=cast.supervisor, today=TODAY) == []
    with pytest.raises(NotFound):
        end_substitute(conn, actor=cast.second, window_id=window, now=NOW)


def test_only_somebody_of_the_same_post_and_area_fits(conn: Connection, cast: Cast) -> None:
    fitting = who_fits(conn, actor=cast.supervisor, today=TODAY)
    assert set(fitting) == {cast.second.person_id}
    far_id = make.make_person(conn, roles=(Role.SUPERVISOR,), area_code="110102")
    far = replace(cast.second, person_id=far_id)
    for other in (cast.acceptor, far):
        with pytest.raises(Refused):
            hand_over(conn, cast.supervisor, other)
    with pytest.raises(Refused):
        hand_over(conn, cast.handler, cast.other_handler)
    colleague = make.make_actor(conn, Role.HANDLER, department_id=cast.department)
    assert set(who_fits(conn, actor=cast.handler, today=TODAY)) == {colleague.person_id}
    hand_over(conn, cast.handler, colleague)


def test_the_post_must_hold_for_all_days(conn: Connection, cast: Cast) -> None:
    conn.execute(
        text("UPDATE post SET valid_to = :day WHERE person_id = :id"),
        {"day": TODAY + DAY, "id": cast.second.person_id},
    )
    with pytest.raises(Refused):
        hand_over(conn, cast.supervisor, cast.second)
    hand_over(conn, cast.supervisor, cast.second, last_day=TODAY)


@pytest.mark.parametrize(
    ("first", "last"), [(-1, 1), (2, 1), (0, 92)], ids=["past", "reversed", "too long"]
)
def test_days_that_make_no_sense_are_refused(
    conn: Connection, cast: Cast, first: int, last: int
) -> None:
    days = {"first_day": TODAY + first * DAY, "last_day": TODAY + last * DAY}
    with pytest.raises(Invalid):
        hand_over(conn, cast.supervisor, cast.second, **days)


def test_one_substitute_at_a_time(conn: Connection, cast: Cast) -> None:
    hand_over(conn, cast.supervisor, cast.second)
    third = make.make_actor(conn, Role.SUPERVISOR)
    with pytest.raises(Refused):
        hand_over(conn, cast.supervisor, third, first_day=TODAY + DAY, last_day=TODAY + 5 * DAY)


def test_nobody_hands_over_the_tasks_of_others_without_the_right(
    conn: Connection, cast: Cast
) -> None:
    asked: list[tuple[Actor, type[GisError]]] = [
        (cast.second, Forbidden),
        (make.make_actor(conn, Role.SHIFT_LEADER, scope=("110102",)), NotFound),
    ]
    for who, error in asked:
        with pytest.raises(error):
            hand_over(conn, cast.supervisor, cast.second, actor=who)
    window = hand_over(conn, cast.supervisor, cast.second, actor=cast.leader)
    with pytest.raises(Forbidden):
        end_substitute(conn, actor=cast.acceptor, window_id=window, now=datetime.now(UTC))


def held(engine: Engine, waits: TextClause) -> bool:
    with transaction(engine) as conn:
        return bool(conn.execute(waits).scalar_one())


def test_hand_overs_by_a_manager_take_both_persons_in_the_same_order(
    fresh_database: ClusterUrls,
) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=3)
    hold = text("SELECT FROM person WHERE id = :id FOR NO KEY UPDATE NOWAIT")
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid"
                 " FROM pg_stat_activity WHERE datname = current_database())")  # fmt: skip
    with transaction(engine) as conn:
        cast = make_cast(conn)
    two = [cast.supervisor, cast.second]
    first, later = sorted(two, key=lambda actor: actor.person_id or 0)

    def give() -> int:
        with transaction(engine) as conn:
            return hand_over(conn, later, first, actor=cast.leader)

    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as other:  # another one, that has the first person already
            other.execute(hold, {"id": first.person_id})
            given = pool.submit(give)
            while not held(engine, waits):
                assert not given.done()
            other.execute(hold, {"id": later.person_id})
        assert given.result() > 0
    engine.dispose()
