"""The moves on offer, with what may be chosen."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number
from gis.dispatch.offers import Offer, offers
from tests import factories as make
from tests.case_life import Cast, bring_to, condition, make_cast, report, supervisor_of


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def offered(conn: Connection, actor: Actor, number: str) -> dict[Move, Offer]:
    detail = case_by_number(conn, number, scope=actor.scope, person_id=actor.person_id)
    found = offers(conn, actor=actor, case=detail.case, now=make.NOW)
    return {offer.row.move: offer for offer in found}


def test_a_dispatch_offers_the_proposed_department_first_and_says_why(
    conn: Connection, cast: Cast
) -> None:
    found = offered(conn, cast.dispatcher, bring_to(conn, cast, State.PENDING_DISPATCH))
    dispatch = found[Move.DISPATCH]
    assert dispatch.proposal is not None and dispatch.proposal.rule.id == cast.rule
    assert next(iter(dispatch.fields[0].choices)) == cast.department
    assert cast.other_department in dispatch.fields[0].choices
    required = {f.name: f.required for f in dispatch.fields}
    assert required == {"department": True, "reason": False, "assistants": False}


def test_a_check_offers_the_supervisors_on_duty_and_nobody_at_night(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    field = offered(conn, cast.acceptor, number)[Move.ORDER_CHECK].fields[0]
    assert set(field.choices) == {cast.supervisor.person_id, cast.second.person_id}
    conn.execute(text("DELETE FROM duty"))
    assert not offered(conn, cast.acceptor, number)[Move.ORDER_CHECK].fields[0].choices


def test_filing_offers_the_conditions_and_closing_the_one_filed_under(
    conn: Connection, cast: Cast
) -> None:
    filing = offered(conn, cast.leader, bring_to(conn, cast, State.PENDING_FILING))
    conditions = filing[Move.FILE].fields[0].choices
    assert condition(conn) in conditions
    closing = offered(conn, cast.leader, bring_to(conn, cast, State.PENDING_CLOSE))
    assert list(closing[Move.CLOSE].fields[0].choices) == [condition(conn)]


def test_a_rule_that_stands_against_a_move_is_said_beside_it(conn: Connection, cast: Cast) -> None:
    found = offered(conn, cast.acceptor, report(conn, cast.acceptor))
    blocked = found[Move.REGISTER].blocked_by
    assert blocked is not None and "verification" in blocked.en
    assert found[Move.ORDER_VERIFICATION].blocked_by is None


def test_people_of_the_street_and_of_departments_are_offered_their_own_tasks_only(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    mine = supervisor_of(conn, cast, number)
    other = cast.second if mine is cast.supervisor else cast.supervisor
    assert set(offered(conn, mine, number)) == {Move.CHECK_PASSED, Move.CHECK_FAILED}
    assert offered(conn, other, number) == {}
    assert Move.REPORT_DONE in offered(conn, cast.handler, bring_to(conn, cast, State.HANDLING))
