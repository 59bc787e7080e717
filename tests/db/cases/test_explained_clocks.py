"""A case explains its time limits in words, to those who may see it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.cases.clocks.explained import clocks_body, clocks_of_case, taken
from gis.cases.clocks.recompute import follow_calendar
from gis.cases.clocks.sweep import sweep
from gis.cases.model import Move, State
from gis.cases.tasks.commands import give_task
from gis.worktime.commands import seed_calendar, set_day
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, report, step

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FILED = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)


def four_hours(conn: Connection) -> None:
    seed_calendar(conn, [2026])
    conn.execute(text("UPDATE handling_rule SET limit_value = 4, limit_unit = 'working_hour'"
                      " WHERE kind = 'event' AND code = '0110'"))  # fmt: skip


def said(conn: Connection, cast: Cast, number: str) -> list[str]:
    case = case_of(conn, cast, number)
    return [t.en for t in clocks_of_case(conn, case.id, scope=cast.leader.scope).limit]


def test_the_end_names_the_days_it_skipped(conn: Connection, cast: Cast) -> None:
    four_hours(conn)
    number = bring_to(conn, cast, State.HANDLING, now=FILED)
    case = case_of(conn, cast, number)
    [sentence] = clocks_of_case(conn, case.id, scope=cast.leader.scope).limit
    assert sentence.en == (
        "Wed 30 Sept 16:30 + 4 working hours, National Day 1–7 Oct skipped → Thu 8 Oct 10:30"
    )
    assert (
        sentence.zh == "9月30日 周三 16:30 起 4 工作时，跳过国庆节 10月1日–7日 → 10月8日 周四 10:30"
    )


def test_pauses_extensions_edits_and_the_end_have_their_sentences(
    conn: Connection, cast: Cast
) -> None:
    four_hours(conn)
    number = bring_to(conn, cast, State.HANDLING, now=FILED)
    step(conn, cast, number, Move.ASK_SUSPENSION, "handler", FILED + 30 * MINUTE)
    step(conn, cast, number, Move.APPROVE_SUSPENSION, "dispatcher", FILED + 30 * MINUTE)
    back = datetime(2026, 10, 9, 8, 0, tzinfo=UTC)
    step(conn, cast, number, Move.RESUME, "dispatcher", back)
    set_day(conn, actor=make.make_actor(conn, Role.CENTRE_LEADER), day=back.date() + DAY,
            is_workday=False, reason="Storm", now=back)  # fmt: skip
    follow_calendar(conn, actor=SYSTEM, now=back)
    step(conn, cast, number, Move.ASK_EXTENSION, "handler", back)
    step(conn, cast, number, Move.APPROVE_EXTENSION, "leader", back)
    step(conn, cast, number, Move.REPORT_DONE, "handler", back + MINUTE)
    start, held, resumed, edited, extended, stopped = said(conn, cast, number)
    assert start.startswith("Wed 30 Sept 16:30 + 4 working hours")
    assert held == "Wed 30 Sept 17:00: held, with 3.5 working hours left"
    assert resumed.startswith("Fri 9 Oct 16:00 + 3.5 working hours, Storm 10 Oct skipped")
    assert edited == "Fri 9 Oct 16:00: the working calendar was changed → Mon 12 Oct 09:30"
    assert extended == "Fri 9 Oct 16:00: extended → Thu 22 Oct 00:00"
    assert stopped.startswith("Fri 9 Oct 16:01: stopped in time, with ")


def test_stages_tell_what_they_took(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    step(conn, cast, number, Move.REGISTER, "acceptor", make.NOW + 20 * MINUTE)
    case = case_of(conn, cast, number)
    now = make.NOW + 25 * MINUTE
    clocks = clocks_of_case(conn, case.id, scope=cast.leader.scope)
    acceptance, filing = clocks.stages
    assert (acceptance.late(now), taken(acceptance, now)) == (True, 20 * MINUTE)
    assert (filing.late(now), taken(filing, now), filing.ended_at) == (False, 5 * MINUTE, None)
    body = clocks_body(clocks, now)
    assert [stage["late"] for stage in body["stages"]] == [True, False]
    assert body["stages"][0]["limit"] == "0.25 urgent_hour"


def test_a_stage_in_working_time_shows_the_end_the_sweep_found(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "stage_limit_acceptance", "1 working_hour")
    case = case_of(conn, cast, report(conn, cast.supervisor))
    sweep(conn, actor=SYSTEM, now=make.NOW)
    [stage] = clocks_of_case(conn, case.id, scope=cast.leader.scope).stages
    assert stage.due_at == make.NOW + 60 * MINUTE


def test_who_may_not_see_the_case_reads_nothing(conn: Connection, cast: Cast) -> None:
    case = case_of(conn, cast, bring_to(conn, cast, State.HANDLING))
    stranger = make.make_actor(conn, Role.DISPATCHER, scope=("110102",))
    assert clocks_of_case(conn, case.id, scope=stranger.scope).limit == ()
    other = cast.other_handler
    assert clocks_of_case(conn, case.id, scope=other.scope, person_id=other.person_id).stages == ()


def test_a_department_that_assists_reads_the_limit_it_works_under(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    case_id, helper = case_of(conn, cast, number).id, cast.other_handler
    assert clocks_of_case(conn, case_id, scope=helper.scope).limit == ()
    give_task(
        conn, actor=cast.handler, number=number, department_id=cast.other_department,
        now=make.NOW, today=make.TODAY,
    )  # fmt: skip
    own = clocks_of_case(conn, case_id, scope=cast.handler.scope).limit
    assert clocks_of_case(conn, case_id, scope=helper.scope).limit == own != ()
