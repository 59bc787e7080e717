"""Who finds and checks never handles, and some checks are made by another grid's supervisor."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.evidence.draw import other_grid_checks
from gis.cases.model import Move, State
from gis.cases.queries import history
from gis.cases.screen import timeline
from gis.dispatch.offers import offers
from gis.errors import Refused
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, fields_for, make_cast, move, report


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def also_handler(cast: Cast, actor: Actor) -> Actor:
    """The same person with a post in the department as well."""
    return replace(
        actor, roles=actor.roles | {Role.HANDLER}, department_id=cast.department,
        scope=cast.leader.scope,
    )  # fmt: skip


def neighbour(conn: Connection, cast: Cast) -> Actor:
    """A supervisor on duty who walks the next cell."""
    cell = make.make_cell(conn, x=1)
    other = make.make_actor(conn, Role.SUPERVISOR, cells=(cell,))
    assert other.person_id is not None
    make.put_on_duty(conn, other.person_id, shift_id=cast.shift)
    return other


def test_whoever_reported_a_case_does_not_take_it_up(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    with pytest.raises(Refused) as caught:
        move(conn, also_handler(cast, cast.supervisor), number, Move.TAKE_UP)
    assert caught.value.detail == "handler_did_not_find_or_check"
    move(conn, also_handler(cast, cast.second), number, Move.TAKE_UP)


def test_whoever_failed_the_check_does_not_do_the_rework(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    held = case_of(conn, cast, number).supervisor_id
    checker = cast.second if held == cast.second.person_id else cast.supervisor
    fields = fields_for(conn, cast, Move.CHECK_FAILED, make.NOW)
    move(conn, checker, number, Move.CHECK_FAILED, **fields)
    move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
    with pytest.raises(Refused) as caught:
        move(conn, also_handler(cast, checker), number, Move.TAKE_UP)
    assert caught.value.detail == "handler_did_not_find_or_check"


def test_every_handler_of_the_history_and_of_a_sub_task_is_kept_from_the_check(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    case = case_of(conn, cast, number)
    conn.execute(
        text(
            "INSERT INTO case_task (case_id, department_id, state, made_at, taken_by, done_by,"
            " ended_at, changed_at) VALUES (:c, :d, 'done', :now, :p, :p, :now, :now)"
        ),
        {"c": case.id, "d": cast.other_department, "p": cast.supervisor.person_id, "now": make.NOW},
    )
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.supervisor.person_id)
    assert caught.value.detail == "supervisor_did_not_handle"
    conn.execute(
        text(
            "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, actor_id, role)"
            " VALUES (:c, 90, 'take_up', 'PENDING_HANDLE', 'HANDLING', :now, :p, 'handler')"
        ),
        {"c": case.id, "p": cast.second.person_id, "now": make.NOW},
    )
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    assert caught.value.detail == "nobody_on_duty"


def test_nobody_audits_what_he_or_she_put_right_alone(conn: Connection, cast: Cast) -> None:
    make.set_setting(conn, "self_handled_sample_percent", 100)
    number = bring_to(conn, cast, State.SELF_HANDLED)
    both = replace(
        cast.supervisor, roles=cast.supervisor.roles | {Role.ACCEPTOR}, scope=cast.leader.scope
    )
    with pytest.raises(Refused) as caught:
        move(conn, both, number, Move.AUDIT_SELF_HANDLED, result="valid")
    assert caught.value.detail == "auditor_is_not_the_finder"
    move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="valid")


def test_a_drawn_check_goes_to_another_grid_is_offered_so_and_shown_so(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "other_grid_check_percent", 100)
    other = neighbour(conn, cast)
    number = bring_to(conn, cast, State.PENDING_CHECK)
    case = case_of(conn, cast, number)
    found = {str(o.row.move): o for o in offers(conn, actor=cast.acceptor, case=case, now=make.NOW)}
    choices = found["order_check"].fields[0].choices
    assert list(choices) == [other.person_id]
    assert "其他网格" in next(iter(choices.values())).zh
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.second.person_id)
    assert caught.value.detail == "supervisor_is_on_duty"
    assert move(conn, cast.acceptor, number, Move.ORDER_CHECK).supervisor_id == other.person_id
    photo = fields_for(conn, cast, Move.CHECK_PASSED, make.NOW)
    move(conn, other, number, Move.CHECK_PASSED, **photo)
    steps = timeline(history(conn, case.id, scope=cast.leader.scope))
    labels = [label.en for step in steps for label, _ in step.facts]
    assert "checked by a supervisor of another grid" in labels


def test_a_check_that_was_not_drawn_stays_with_the_cell(conn: Connection, cast: Cast) -> None:
    make.set_setting(conn, "other_grid_check_percent", 0)
    neighbour(conn, cast)
    number = bring_to(conn, cast, State.CHECKING)
    own = {cast.supervisor.person_id, cast.second.person_id}
    assert case_of(conn, cast, number).supervisor_id in own


def test_with_nobody_elsewhere_on_duty_a_drawn_check_stays_with_the_cell(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "other_grid_check_percent", 100)
    number = bring_to(conn, cast, State.CHECKING)
    own = {cast.supervisor.person_id, cast.second.person_id}
    assert case_of(conn, cast, number).supervisor_id in own


def test_a_verification_is_never_drawn_for_another_grid(conn: Connection, cast: Cast) -> None:
    make.set_setting(conn, "other_grid_check_percent", 100)
    neighbour(conn, cast)
    number = report(conn, cast.acceptor)
    case = move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    assert case.supervisor_id in {cast.supervisor.person_id, cast.second.person_id}


def test_the_draw_keeps_its_share_and_a_larger_share_holds_the_smaller() -> None:
    numbers = [f"110101001-261118-{n:04d}" for n in range(1, 4001)]
    ten = {n for n in numbers if other_grid_checks(n, 10)}
    half = {n for n in numbers if other_grid_checks(n, 50)}
    assert 320 <= len(ten) <= 480 and ten < half
    assert not any(other_grid_checks(n, 0) for n in numbers)
    assert all(other_grid_checks(n, 100) for n in numbers)
