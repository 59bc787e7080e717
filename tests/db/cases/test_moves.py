"""The moves of a case through the commands, on a real database."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.audit.trail import broken_links
from gis.cases import guards
from gis.cases.model import Move, State
from gis.cases.queries import history
from gis.cases.workflow import GUARDS, MOVES, guards_without
from gis.dispatch.commands import move_case
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    case_of,
    fields_for,
    move,
    report,
    state_of,
    supervisor_of,
)

NOW = make.NOW


def test_every_guard_of_the_table_is_evaluated_and_no_other() -> None:
    assert guards_without(guards.EVALUATED) == ()
    assert set(guards.EVALUATED) <= set(GUARDS)


def test_a_case_goes_the_straight_way_from_report_to_closed(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CLOSED)
    case = case_of(conn, cast, number)
    assert (case.state, case.open, case.version) == (State.CLOSED, False, 9)
    assert case.filed_at == case.dispatched_at == case.handled_at == case.closed_at == NOW
    assert (case.department_id, case.dispatch_rule_id) == (cast.department, cast.rule)
    assert case.handler_id == cast.handler.person_id
    steps = history(conn, case.id, scope=cast.leader.scope)
    assert [s.move for s in steps] == [
        Move.REPORT, Move.REGISTER, Move.FILE, Move.DISPATCH, Move.TAKE_UP, Move.REPORT_DONE,
        Move.ORDER_CHECK, Move.CHECK_PASSED, Move.CLOSE,
    ]  # fmt: skip
    assert [s.seq for s in steps] == list(range(1, 10))
    assert [p.purpose for s in steps for p in s.photos] == ["after", "check"]
    assert steps[5].note == "已清理"
    assert broken_links(conn, subject_type="case", subject_id=case.id) == []
    moved = conn.execute(
        text("SELECT payload->>'move' FROM outbox WHERE topic = 'case.moved' ORDER BY id")
    ).scalars()
    assert [Move(m) for m in moved] == [s.move for s in steps]


def test_every_move_of_the_table_can_be_made_and_leads_where_the_table_says(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "self_handled_sample_percent", 100)
    make.set_setting(conn, "sources_to_verify", ["citizen"])
    for what, row in MOVES.items():
        for source in row.sources:
            if source is None:
                continue
            number = ready_for(conn, cast, what, source)
            done = move(
                conn, actor_for(conn, cast, what, number), number, what,
                **fields_for_move(conn, cast, what),
            )  # fmt: skip
            assert done.state is row.target(source), what
            assert state_of(conn, number) is row.target(source), what


def ready_for(conn: Connection, cast: Cast, what: Move, source: State) -> str:
    """A case in the state, so that the move's guards hold."""
    if what is Move.WITHDRAW and source is State.REPORTED:
        return report(conn, cast.acceptor)
    if what is Move.ORDER_VERIFICATION:
        return report(conn, cast.acceptor)
    number = bring_to(conn, cast, source)
    if what is Move.TAKE_BACK and source is State.PENDING_HANDLE:
        move(conn, cast.handler, number, Move.ASSIGN, handler=cast.handler.person_id)
    if what is Move.TO_ARBITRATION:
        conn.execute(text("UPDATE cases SET bounce_count = 2 WHERE number = :n"), {"n": number})
    return number


def actor_for(conn: Connection, cast: Cast, what: Move, number: str):  # type: ignore[no-untyped-def]
    if "is_the_assigned_supervisor" in MOVES[what].guards:
        return supervisor_of(conn, cast, number)
    return next(cast.by_role[r] for r in Role if r in cast.by_role and r in MOVES[what].roles)


def fields_for_move(conn: Connection, cast: Cast, what: Move):  # type: ignore[no-untyped-def]
    if what is Move.MERGE:
        return {"target_case": report(conn, cast.supervisor)}
    return fields_for(conn, cast, what, NOW)


# ------------------------------------------------------------------ who, when, twice


def test_a_stranger_to_the_area_learns_nothing(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    outside = make.make_actor(conn, Role.ACCEPTOR, scope=("110102",))
    for actor, named in ((outside, number), (cast.acceptor, "110101001-261118-9999")):
        with pytest.raises(NotFound):
            move_case(
                conn,
                actor=actor,
                number=named,
                move=Move.REGISTER,
                fields={},
                expected_version=1,
                now=NOW,
            )


def test_a_handler_of_another_department_does_not_find_the_case(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    with pytest.raises(NotFound):
        move(conn, cast.other_handler, number, Move.TAKE_UP)


def test_a_role_that_the_table_does_not_name_is_forbidden(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    for actor in (cast.supervisor, cast.dispatcher, cast.leader):
        with pytest.raises(Forbidden):
            move(conn, actor, number, Move.REGISTER)
    planner = make.make_actor(conn, Role.PLANNER)
    with pytest.raises(Forbidden):
        move(conn, planner, number, Move.REGISTER)


def test_a_move_that_the_state_does_not_allow_is_refused_with_what_is_possible(
    conn: Connection, cast: Cast
) -> None:
    number = report(conn, cast.supervisor)
    with pytest.raises(Refused) as caught:
        move(conn, cast.leader, number, Move.FILE, condition=1)
    assert "merge" in caught.value.text("en").lower()


def test_missing_and_unknown_fields_are_all_named(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.REPORT_DONE)
    assert {f.field for f in caught.value.faults} == {"text", "photo"}
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.REPORT_DONE, text="x", photo=["no"], colour="red")
    assert {f.field for f in caught.value.faults} == {"photo", "colour"}
    with pytest.raises(Invalid):
        move(conn, cast.handler, number, Move.REPORT_DONE, text="x", photo=["0" * 64])


def test_an_unknown_move_is_refused(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    with pytest.raises(Invalid):
        move(conn, cast.acceptor, number, "explode")  # type: ignore[arg-type]


def test_a_stale_version_reads_who_changed_it_and_when(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    move(conn, cast.acceptor, number, Move.REGISTER)
    with pytest.raises(Conflict) as caught:
        move_case(
            conn, actor=cast.leader, number=number, move=Move.FILE, fields={"condition": 1},
            expected_version=1, now=NOW,
        )  # fmt: skip
    words = caught.value.text("en")
    assert cast.acceptor.name in words and "2026-11-18 10:30" in words
    zh = caught.value.text("zh-CN")
    assert cast.acceptor.name in zh and "版本" in zh


def test_only_the_system_may_leave_the_version_out(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    common = {"number": number, "move": Move.ORDER_CHECK, "fields": {}, "now": NOW}
    with pytest.raises(Invalid):
        move_case(conn, actor=cast.acceptor, expected_version=None, **common)
    assert move_case(conn, actor=SYSTEM, expected_version=None, **common).state is State.CHECKING


def test_a_repeated_move_with_its_key_moves_once(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    common = {"actor": cast.acceptor, "number": number, "move": Move.REGISTER, "now": NOW}
    first = move_case(conn, fields={}, expected_version=1, key="m1", **common)
    again = move_case(conn, fields={}, expected_version=1, key="m1", **common)
    assert first.version == again.version == 2
    with pytest.raises(Invalid):
        move_case(conn, fields={}, expected_version=2, key="m1", **common)


def test_words_of_a_move_are_kept_as_they_came(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    words = "<img onerror=x> `${1}` %s :a \\ '\" 😀"
    case = move(conn, cast.acceptor, number, Move.REFUSE, reason=words)
    assert history(conn, case.id, scope=cast.leader.scope)[-1].note == words
