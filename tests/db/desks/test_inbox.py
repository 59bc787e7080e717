"""The inbox: whose tasks stand in it, what is unread, which notices it shows, saved filters."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.desks.commands import (
    FilterDraft,
    delete_filter,
    filters_for,
    mark_seen,
    note_export,
    save_filter,
)
from gis.cases.desks.filters import CaseFilter, filter_from
from gis.cases.desks.inbox import read_inbox, task_queues
from gis.cases.model import Move, State
from gis.cases.queries import queue
from gis.cases.tasks.commands import give_task
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, move

NOW = make.NOW
USUAL = CaseFilter()


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def tasks(conn: Connection, actor: Actor, **asked: str) -> list[str]:
    found = read_inbox(conn, actor=actor, wanted=filter_from(asked), now=NOW)
    return [row.number for row in found.rows]


def id_of(conn: Connection, number: str) -> int:
    statement = text("SELECT id FROM cases WHERE number = :n")
    return int(conn.execute(statement, {"n": number}).scalar_one())


def test_every_open_case_is_a_task_of_somebody_and_of_the_right_one(
    conn: Connection, cast: Cast
) -> None:
    expected = {
        State.REPORTED: cast.acceptor, State.PENDING_CHECK: cast.acceptor,
        State.PENDING_FILING: cast.leader, State.PENDING_CLOSE: cast.leader,
        State.PENDING_DISPATCH: cast.dispatcher, State.RETURN_REVIEW: cast.dispatcher,
        State.PENDING_HANDLE: cast.handler, State.HANDLING: cast.handler,
        State.ARBITRATION: cast.arbiter,
    }  # fmt: skip
    made = {state: bring_to(conn, cast, state) for state in expected}
    for actor in set(expected.values()):
        own = {made[state] for state, who in expected.items() if who == actor}
        assert set(tasks(conn, actor)) == own
        wide = replace(actor, scope=replace(actor.scope, prefixes=("",)))
        assert set(tasks(conn, wide)) == own
        assert tasks(conn, replace(actor, scope=replace(actor.scope, prefixes=("110102",)))) == []
    assert tasks(conn, cast.other_handler) == []


def test_several_posts_bring_all_their_tasks_once_and_by_deadline(
    conn: Connection, cast: Cast
) -> None:
    both = make.make_actor(conn, Role.ACCEPTOR, Role.DISPATCHER)
    for state in ("REPORTED", "PENDING_DISPATCH", "PENDING_CHECK", "RETURN_REVIEW"):
        for hours in (3, -1, 2):
            make.make_case(conn, state=state, due_at=NOW + timedelta(hours=hours))
    found = read_inbox(conn, actor=both, wanted=USUAL, now=NOW).rows
    assert len(found) == len({row.number for row in found}) == 12
    due = [row.due_at for row in found if row.due_at]
    assert due == sorted(due)
    one_by_one = {
        row.number
        for one in task_queues(both)
        for row in queue(conn, queue_id=one.id, actor=both, scope=both.scope, now=NOW).rows
    }
    assert one_by_one == {row.number for row in found}


def test_a_supervisor_finds_the_own_tasks_and_those_of_the_absent(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    holder = conn.execute(
        text("SELECT supervisor_id FROM cases WHERE number = :n"), {"n": number}
    ).scalar_one()
    mine, other = cast.supervisor, cast.second
    if holder != mine.person_id:
        mine, other = other, mine
    assert tasks(conn, mine) == [number]
    assert tasks(conn, other) == []
    assert tasks(conn, make.standing_in(other, holder)) == [number]


def test_a_filter_narrows_the_tasks(conn: Connection, cast: Cast) -> None:
    a = bring_to(conn, cast, State.REPORTED)
    b = bring_to(conn, cast, State.PENDING_CHECK)
    assert tasks(conn, cast.acceptor, state="PENDING_CHECK") == [b]
    assert tasks(conn, cast.acceptor, area=make.STREET) == tasks(conn, cast.acceptor)
    assert set(tasks(conn, cast.acceptor)) == {a, b}
    assert tasks(conn, cast.acceptor, area="110102") == []


def test_a_case_is_unread_until_looked_at_and_again_when_it_moves(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_FILING)
    leader = cast.leader

    def unread() -> frozenset[str]:
        return read_inbox(conn, actor=leader, wanted=USUAL, now=NOW).unread

    assert unread() == {number}
    mark_seen(conn, actor=leader, numbers=[number], now=NOW)
    assert unread() == frozenset()
    assert read_inbox(conn, actor=cast.second_leader, wanted=USUAL, now=NOW).unread == {number}
    move(conn, leader, number, Move.BACK_TO_ACCEPTOR, reason="不清楚")
    move(conn, cast.acceptor, number, Move.REGISTER)
    assert unread() == {number}


def test_a_department_that_assists_notes_what_it_has_read(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    give_task(
        conn, actor=cast.handler, number=number, department_id=cast.other_department, now=NOW,
        today=make.TODAY,
    )  # fmt: skip
    helper = cast.other_handler
    assert read_inbox(conn, actor=helper, wanted=USUAL, now=NOW).unread == {number}
    mark_seen(conn, actor=helper, numbers=[number], now=NOW)
    assert read_inbox(conn, actor=helper, wanted=USUAL, now=NOW).unread == frozenset()


def test_who_takes_a_list_out_can_work_meanwhile(fresh_database: ClusterUrls) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=2)
    with transaction(engine) as conn:
        cast = make_cast(conn)
        number = bring_to(conn, cast, State.HANDLING)
    with transaction(engine) as taking:
        note_export(taking, actor=cast.leader, wanted=USUAL, form="csv", rows=1, now=NOW)
        with transaction(engine) as conn:
            conn.execute(text("SET LOCAL lock_timeout = '2s'"))
            mark_seen(conn, actor=cast.leader, numbers=[number], now=NOW)
        with transaction(engine) as conn:  # read and kept while the list is still being taken
            seen = conn.execute(
                text("SELECT person_id, number FROM case_seen JOIN cases ON id = case_id")
            ).all()
    engine.dispose()
    assert seen == [(cast.leader.person_id, number)]


def test_nobody_notes_a_case_of_elsewhere_as_read(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    mark_seen(conn, actor=cast.other_handler, numbers=[number], now=NOW)
    assert conn.execute(text("SELECT count(*) FROM case_seen")).scalar() == 0


def test_notices_are_for_the_post_the_area_the_department_and_the_person(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    case_id = id_of(conn, number)
    for level, role in enumerate((Role.HANDLER, Role.DISPATCHER), start=1):
        notify(
            conn, case_id=case_id, kind=NoticeKind.OVERDUE, level=level, role=role, about=role,
            now=NOW,
        )  # fmt: skip

    def told(actor: Actor) -> list[tuple[str, int | None, bool]]:
        found = read_inbox(conn, actor=actor, wanted=USUAL, now=NOW).notices
        return [(n.number, n.level, n.unread) for n in found]

    assert told(cast.handler) == [(number, 1, True)]
    assert told(cast.dispatcher) == [(number, 2, True)]
    for other in (cast.other_handler, cast.acceptor, cast.leader):
        assert told(other) == []
    elsewhere = replace(cast.dispatcher, scope=replace(cast.dispatcher.scope, prefixes=("12",)))
    assert told(elsewhere) == []
    mark_seen(conn, actor=cast.handler, numbers=[number], now=NOW)
    assert told(cast.handler) == [(number, 1, False)]


def test_what_is_told_to_the_one_who_has_a_case_is_seen_by_the_department_after_its_own(
    conn: Connection, cast: Cast
) -> None:
    held, free = bring_to(conn, cast, State.HANDLING), bring_to(conn, cast, State.PENDING_HANDLE)
    colleague = make.make_actor(conn, Role.HANDLER, department_id=cast.department)
    tell = {"kind": NoticeKind.OVERDUE, "level": 1, "role": Role.HANDLER}
    notify(conn, case_id=id_of(conn, free), now=NOW - timedelta(days=1), **tell)
    notify(conn, case_id=id_of(conn, held), now=NOW, **tell)

    def told(actor: Actor) -> list[tuple[str, bool, str | None]]:
        found = read_inbox(conn, actor=actor, wanted=USUAL, now=NOW).notices
        return [(n.number, n.unread, n.colleague) for n in found]

    assert told(cast.handler) == [(held, True, None), (free, True, None)]
    assert told(colleague) == [(free, True, None), (held, False, cast.handler.name)]
    standing_in = make.standing_in(colleague, cast.handler.person_id or 0)
    assert told(standing_in) == [(held, True, None), (free, True, None)]
    assert told(cast.other_handler) == []
    for now_with in (colleague.person_id, None):  # handed on, then in nobody's hands
        conn.execute(
            text("UPDATE cases SET handler_id = :id WHERE number = :n"),
            {"id": now_with, "n": held},
        )
        assert told(colleague) == [(held, True, None), (free, True, None)]


def test_what_concerns_one_person_is_told_to_that_one_only(conn: Connection, cast: Cast) -> None:
    held, checked = bring_to(conn, cast, State.HANDLING), bring_to(conn, cast, State.CHECKING)
    colleague = make.make_actor(conn, Role.HANDLER, department_id=cast.department)
    notify(conn, case_id=id_of(conn, held), kind=NoticeKind.ASSIGNED, role=Role.HANDLER, now=NOW)
    notify(
        conn, case_id=id_of(conn, checked), kind=NoticeKind.STAGE_OVERDUE, level=1,
        role=Role.SUPERVISOR, now=NOW,
    )  # fmt: skip
    sent = conn.execute(
        text("SELECT supervisor_id FROM cases WHERE number = :n"), {"n": checked}
    ).scalar_one()

    def told(actor: Actor) -> list[str]:
        return [n.number for n in read_inbox(conn, actor=actor, wanted=USUAL, now=NOW).notices]

    assert told(cast.handler) == [held] and told(colleague) == []
    for supervisor in (cast.supervisor, cast.second):
        assert told(supervisor) == ([checked] if supervisor.person_id == sent else [])


def test_saved_filters_are_ones_own_or_shared_with_the_area(conn: Connection, cast: Cast) -> None:
    wanted = filter_from({"state": "HANDLING", "area": make.STREET})

    def keep(actor: Actor, title: str, shared: str | None) -> int:
        return save_filter(
            conn, actor=actor, draft=FilterDraft("list", title, wanted, shared), now=NOW
        )

    keep(cast.leader, "处置中", None)
    shared = keep(cast.leader, " 本街道 ", make.STREET)
    elsewhere = make.make_actor(conn, Role.ACCEPTOR, scope=("110102",))

    def titles(actor: Actor, desk: str = "list") -> list[str]:
        return [one.title for one in filters_for(conn, actor=actor, desk=desk)]

    assert titles(cast.leader) == ["处置中", "本街道"]
    assert titles(cast.acceptor) == ["本街道"]
    assert titles(elsewhere) == [] and titles(cast.leader, "inbox") == []
    assert keep(cast.leader, "本街道", None) == shared, "the same name replaces"
    assert titles(cast.acceptor) == []
    with pytest.raises(Forbidden):
        keep(elsewhere, "x", make.STREET)
    for title in ("", "x" * 61, "a\nb"):
        with pytest.raises(Invalid):
            keep(cast.leader, title, None)
    with pytest.raises(NotFound):
        delete_filter(conn, actor=cast.acceptor, filter_id=shared, expected_version=2, now=NOW)
    with pytest.raises(Conflict):
        delete_filter(conn, actor=cast.leader, filter_id=shared, expected_version=1, now=NOW)
    delete_filter(conn, actor=cast.leader, filter_id=shared, expected_version=2, now=NOW)
    assert titles(cast.leader) == ["处置中"]


def test_a_file_leaves_its_filter_and_its_rows_on_the_trail(conn: Connection, cast: Cast) -> None:
    wanted = filter_from({"state": "HANDLING"})
    note_export(conn, actor=cast.leader, wanted=wanted, form="csv", rows=7, now=NOW)
    data = conn.execute(
        text("SELECT data FROM audit_event WHERE subject_type = 'case_export'")
    ).scalar_one()
    assert data == {"filter": "state=HANDLING", "form": "csv", "rows": 7}
    with pytest.raises(Forbidden):
        note_export(conn, actor=cast.handler, wanted=wanted, form="csv", rows=1, now=NOW)
