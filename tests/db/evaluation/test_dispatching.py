"""Correct dispatch: a case went wrong when it was returned and went to another department."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Scope
from gis.cases.model import Move, State
from gis.dispatch.commands import move_case
from gis.evaluation.dispatching import DispatchQuality, dispatch_quality, dispatched_wrongly
from gis.evaluation.model import period_of
from tests import factories as make
from tests.case_life import Cast, bring_to, make_cast, move, step

PERIOD = period_of(date(2026, 11, 18), date(2026, 11, 18), ZoneInfo("Asia/Shanghai"))
EVERYTHING = Scope((make.DISTRICT,))


def returned(conn: Connection, cast: Cast) -> str:
    """A case that a dispatcher sent and its department asked to return."""
    number = bring_to(conn, cast, State.RETURN_REVIEW)
    move(conn, cast.dispatcher, number, Move.APPROVE_RETURN)
    return number


def test_automatic_and_manual_dispatches_are_counted_apart(conn: Connection) -> None:
    cast = make_cast(conn)
    bring_to(conn, cast, State.HANDLING)
    wrong = returned(conn, cast)
    move(conn, cast.dispatcher, wrong, Move.DISPATCH, department=cast.other_department,
         reason="应由其处置")  # fmt: skip
    same = returned(conn, cast)
    move(conn, cast.dispatcher, same, Move.DISPATCH, department=cast.department)
    waiting = returned(conn, cast)
    refused = bring_to(conn, cast, State.RETURN_REVIEW)
    step(conn, cast, refused, Move.REJECT_RETURN, "dispatcher", make.NOW)
    for _ in range(2):
        number = bring_to(conn, cast, State.PENDING_DISPATCH)
        move_case(
            conn, actor=SYSTEM, number=number, move=Move.DISPATCH, fields={},
            expected_version=None, now=make.NOW,
        )  # fmt: skip
    found = dispatch_quality(conn, period=PERIOD, scope=EVERYTHING)
    assert found == {False: DispatchQuality(5, 1), True: DispatchQuality(2, 0)}
    assert found[False].share == 0.8 and found[True].share == 1
    listed = dispatched_wrongly(conn, period=PERIOD, scope=EVERYTHING)
    assert list(listed["number"]) == [wrong] and waiting != wrong
    assert not listed["automatic"].any()


def test_the_arbiters_other_department_counts_and_another_day_does_not(conn: Connection) -> None:
    cast = make_cast(conn)
    number = bring_to(conn, cast, State.ARBITRATION)
    move(conn, cast.arbiter, number, Move.ARBITRATE, department=cast.other_department,
         reason="职责")  # fmt: skip
    found = dispatch_quality(conn, period=PERIOD, scope=EVERYTHING)
    assert found[False] == DispatchQuality(1, 1) and found[True].share is None
    later = period_of(date(2026, 11, 19), date(2026, 11, 19), ZoneInfo("Asia/Shanghai"))
    assert dispatch_quality(conn, period=later, scope=EVERYTHING)[False].dispatched == 0
    elsewhere = Scope(("110102",))
    assert dispatch_quality(conn, period=PERIOD, scope=elsewhere)[False].dispatched == 0


def test_a_case_counts_once_on_the_day_of_its_first_dispatch(conn: Connection) -> None:
    cast = make_cast(conn)
    number = returned(conn, cast)
    tomorrow = make.NOW + timedelta(days=1)
    move(conn, cast.dispatcher, number, Move.DISPATCH, now=tomorrow,
         department=cast.other_department, reason="应由其处置")  # fmt: skip
    assert conn.scalar(text("SELECT count(*) FROM case_event WHERE move = 'dispatch'")) == 2
    both = period_of(date(2026, 11, 18), date(2026, 11, 19), ZoneInfo("Asia/Shanghai"))
    assert dispatch_quality(conn, period=both, scope=EVERYTHING)[False] == DispatchQuality(1, 1)
    last = period_of(date(2026, 11, 19), date(2026, 11, 19), ZoneInfo("Asia/Shanghai"))
    assert dispatch_quality(conn, period=last, scope=EVERYTHING)[False].dispatched == 0
