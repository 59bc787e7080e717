"""The moves of a case through the commands, on a real database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.audit.trail import broken_links
from gis.cases import guards
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number, history
from gis.cases.records import Case
from gis.cases.workflow import GUARDS, MOVES, guards_without
from gis.db.metadata import metadata
from gis.dispatch.commands import move_case
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make
from tests.case_life import (
    Cast,
    bring_to,
    condition,
    fields_for,
    make_cast,
    move,
    report,
    state_of,
    step,
    supervisor_of,
)

NOW = make.NOW


@pytest.fixture
def cast(conn: Connection) -> Cast:
    return make_cast(conn)


def case_of(conn: Connection, cast: Cast, number: str) -> Case:
    return case_by_number(conn, number, scope=cast.leader.scope).case


def test_every_guard_of_the_table_is_evaluated_and_no_other() -> None:
    assert guards_without(guards.EVALUATED) == ()
    assert set(guards.EVALUATED) <= set(GUARDS)


def test_no_sub_tasks_exist_as_long_as_their_guard_says_so() -> None:
    assert not [name for name in metadata.tables if "task" in name]


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


# ------------------------------------------------------------------ supervisors on duty


def test_the_check_goes_to_the_supervisor_on_duty_with_the_fewest_tasks(
    conn: Connection, cast: Cast
) -> None:
    first = bring_to(conn, cast, State.CHECKING)
    second = bring_to(conn, cast, State.CHECKING)
    held = {case_of(conn, cast, n).supervisor_id for n in (first, second)}
    assert held == {cast.supervisor.person_id, cast.second.person_id}


def test_with_nobody_on_duty_the_case_stays_and_the_refusal_says_so(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    night = NOW + timedelta(hours=12)  # 22:30 in the district; the shift ended at 20:00
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, now=night)
    assert cast.cell in str(caught.value) and caught.value.detail == "nobody_on_duty"
    assert "无人当班" in caught.value.text("zh-CN")
    assert state_of(conn, number) is State.PENDING_CHECK


def test_a_shift_past_midnight_belongs_to_the_day_it_began(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    night_shift = make.make_shift(conn, starts="20:00", ends="08:00")
    night = make.make_actor(conn, Role.SUPERVISOR, cells=(cast.cell,))
    assert night.person_id is not None
    make.put_on_duty(conn, night.person_id, shift_id=night_shift)
    after_midnight = NOW + timedelta(hours=15)  # 01:30 of the next day
    case = move(conn, cast.acceptor, number, Move.ORDER_CHECK, now=after_midnight)
    assert case.supervisor_id == night.person_id


def test_somebody_who_is_not_on_duty_cannot_be_named(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    idle = make.make_actor(conn, Role.SUPERVISOR, cells=(cast.cell,))
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=idle.person_id)
    assert caught.value.detail == "supervisor_is_on_duty"


def test_only_the_assigned_supervisor_reports_the_check(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    assigned = supervisor_of(conn, cast, number)
    other = cast.second if assigned is cast.supervisor else cast.supervisor
    with pytest.raises(Refused) as caught:
        move(conn, other, number, Move.CHECK_PASSED, photo=[make.make_file(conn)])
    assert caught.value.detail == "is_the_assigned_supervisor"


def test_a_supervisor_who_handled_the_case_does_not_check_it(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CHECK)
    conn.execute(
        text("UPDATE cases SET handler_id = :p WHERE number = :n"),
        {"p": cast.supervisor.person_id, "n": number},
    )
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.supervisor.person_id)
    assert caught.value.detail == "supervisor_did_not_handle"
    case = move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    assert case.supervisor_id == cast.second.person_id


# ------------------------------------------------------------------ acceptance and filing


def test_a_report_of_the_call_desk_is_verified_before_filing(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.acceptor)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.REGISTER)
    assert caught.value.detail == "no_verification_needed"
    move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    who = supervisor_of(conn, cast, number)
    case = move(conn, who, number, Move.VERIFY_TRUE, photo=[make.make_file(conn)])
    assert (case.state, case.supervisor_id) == (State.PENDING_FILING, None)
    move(conn, cast.leader, number, Move.BACK_TO_ACCEPTOR, reason="?")
    assert move(conn, cast.acceptor, number, Move.REGISTER).state is State.PENDING_FILING


def test_a_supervisors_report_is_not_verified(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION)
    assert caught.value.detail == "source_is_not_a_supervisor"


def test_filing_needs_a_condition_that_the_class_has(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_FILING)
    with pytest.raises(Refused) as caught:
        move(conn, cast.leader, number, Move.FILE, condition=99)
    assert caught.value.detail == "filing_condition_holds"


def test_closing_names_the_condition_the_case_was_filed_under(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CLOSE)
    with pytest.raises(Refused) as caught:
        move(conn, cast.leader, number, Move.CLOSE, condition=condition(conn) + 50)
    assert caught.value.detail == "closing_condition_holds"


def test_a_withdrawal_needs_the_reporters_wish(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.acceptor)
    other = make.make_actor(conn, Role.ACCEPTOR)
    with pytest.raises(Refused) as caught:
        move(conn, other, number, Move.WITHDRAW, reason="x")
    assert caught.value.detail == "asked_by_the_reporter"
    own = report(conn, cast.supervisor)
    with pytest.raises(Refused):
        move(conn, other, own, Move.WITHDRAW, reason="x", asked_by_reporter=True)
    done = move(conn, other, number, Move.WITHDRAW, reason="x", asked_by_reporter=True)
    assert done.state is State.NOT_ACCEPTED and not done.open


@pytest.mark.parametrize("wrong", ["itself", "closed", "merged", "unknown"])
def test_a_case_is_merged_into_an_open_case_only(conn: Connection, cast: Cast, wrong: str) -> None:
    number = report(conn, cast.supervisor)
    target = {
        "itself": lambda: number,
        "closed": lambda: bring_to(conn, cast, State.NOT_ACCEPTED),
        "merged": lambda: bring_to(conn, cast, State.MERGED),
        "unknown": lambda: "110101001-200101-0001",
    }[wrong]()
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.MERGE, target_case=target)
    assert caught.value.detail == "target_is_open_and_not_merged"


def test_a_merge_cannot_be_undone_after_the_target_was_closed(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.MERGED)
    target = conn.execute(
        text("SELECT data->>'target_case' FROM case_event WHERE move = 'merge'")
    ).scalar_one()
    conn.execute(text("UPDATE cases SET state = 'CLOSED' WHERE number = :n"), {"n": target})
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.UNMERGE, reason="x")
    assert caught.value.detail == "target_is_not_closed"


# ------------------------------------------------------------------ dispatch and return


def test_another_department_than_proposed_needs_a_reason(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    with pytest.raises(Refused) as caught:
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.other_department)
    assert caught.value.detail == "rule_or_reason_for_the_department"
    case = move(
        conn, cast.dispatcher, number, Move.DISPATCH, department=cast.other_department, reason="近"
    )
    assert (case.department_id, case.dispatch_rule_id) == (cast.other_department, None)
    step_data = history(conn, case.id, scope=cast.leader.scope)[-1].data
    assert step_data["proposed"] == cast.department and step_data["rule"] is None


def test_a_department_that_has_ended_cannot_be_given_a_case(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    ended = make.make_department(conn, valid_to=make.TODAY)
    with pytest.raises(Invalid) as caught:
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=ended, reason="x")
    assert [f.field for f in caught.value.faults] == ["department"]


def test_the_system_dispatches_by_rule_or_leaves_it_to_people(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    case = move(conn, SYSTEM, number, Move.DISPATCH)
    assert (case.department_id, case.dispatch_rule_id) == (cast.department, cast.rule)
    other = bring_to(conn, cast, State.PENDING_DISPATCH)
    conn.execute(text("DELETE FROM dispatch_rule"))
    with pytest.raises(Refused):
        move(conn, SYSTEM, other, Move.DISPATCH)


def test_a_failed_check_counts_and_goes_to_the_same_department_without_a_reason(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    failed = step(conn, cast, number, Move.CHECK_FAILED, "supervisor", NOW)
    assert (failed.rework_count, failed.handled_at, failed.handler_id) == (1, None, None)
    conn.execute(text("DELETE FROM dispatch_rule"))
    again = move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
    assert again.state is State.PENDING_HANDLE and again.dispatched_at == NOW


def test_an_approved_return_counts_a_bounce_and_frees_the_case_of_the_department(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.RETURN_REVIEW)
    case = move(conn, cast.dispatcher, number, Move.APPROVE_RETURN)
    assert (case.bounce_count, case.department_id, case.handler_id) == (1, None, None)


def test_the_third_return_goes_to_the_arbiter_whose_word_binds(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    for bounce in range(3):
        move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.department)
        step(conn, cast, number, Move.ASK_RETURN, "handler", NOW)
        if bounce < 2:
            with pytest.raises(Refused) as caught:
                move(conn, cast.dispatcher, number, Move.TO_ARBITRATION)
            assert caught.value.detail == "bounces_at_the_limit"
            move(conn, cast.dispatcher, number, Move.APPROVE_RETURN)
    for what in (Move.APPROVE_RETURN, Move.REJECT_RETURN):
        with pytest.raises(Refused) as caught:
            move(conn, cast.dispatcher, number, what, reason="x")
        assert caught.value.detail == "bounces_below_the_limit"
    move(conn, cast.dispatcher, number, Move.TO_ARBITRATION)
    step(conn, cast, number, Move.ARBITRATE, "arbiter", NOW)
    with pytest.raises(Refused) as caught:
        step(conn, cast, number, Move.ASK_RETURN, "handler", NOW)
    assert caught.value.detail == "not_bound_by_the_arbiter"


def test_a_cancellation_is_decided_by_somebody_else(conn: Connection, cast: Cast) -> None:
    both = make.make_actor(conn, Role.DISPATCHER, Role.SHIFT_LEADER)
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    move(conn, both, number, Move.ASK_CANCEL, reason="重复")
    for what in (Move.APPROVE_CANCEL, Move.REJECT_CANCEL):
        with pytest.raises(Refused) as caught:
            move(conn, both, number, what, reason="x")
        assert caught.value.detail == "is_not_the_asker"
    assert move(conn, cast.leader, number, Move.APPROVE_CANCEL).state is State.CANCELLED


# ------------------------------------------------------------------ extension, suspension, closing


def test_an_extension_is_asked_before_the_limit_ends(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    late = case_of(conn, cast, number).due_at + timedelta(seconds=1)
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, now=late, reason="x",
            until=late.date() + timedelta(days=3),
        )  # fmt: skip
    assert caught.value.detail == "before_the_limit"


@pytest.mark.parametrize("days", [-1, 40])
def test_an_extension_stays_within_the_settings(conn: Connection, cast: Cast, days: int) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    due = case_of(conn, cast, number).due_at
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, reason="x",
            until=(due + timedelta(days=days)).date(),
        )  # fmt: skip
    assert caught.value.detail == "extension_within_settings"


def test_an_extension_moves_the_deadline_to_the_end_of_the_day_and_only_so_often(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    for _ in range(2):
        until = (case_of(conn, cast, number).due_at + timedelta(days=2)).date()
        move(conn, cast.handler, number, Move.ASK_EXTENSION, reason="x", until=until)
        case = move(conn, cast.dispatcher, number, Move.APPROVE_EXTENSION)
        assert case.due_at.isoformat() == f"{until + timedelta(days=1)}T00:00:00+08:00"
    with pytest.raises(Refused):
        move(
            conn, cast.handler, number, Move.ASK_EXTENSION, reason="x",
            until=until + timedelta(days=2),
        )  # fmt: skip


def test_a_long_extension_is_decided_by_the_shift_leader(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.EXTENSION_REVIEW)
    with pytest.raises(Refused) as caught:
        move(conn, cast.dispatcher, number, Move.APPROVE_EXTENSION)
    assert caught.value.detail == "long_extension_by_the_shift_leader"
    assert move(conn, cast.leader, number, Move.APPROVE_EXTENSION).state is State.HANDLING


def test_a_suspension_pauses_the_clock_and_the_case_goes_on_with_what_was_left(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.SUSPEND_REVIEW)
    due = case_of(conn, cast, number).due_at
    resume = (NOW + timedelta(days=7)).date()
    paused = move(conn, cast.dispatcher, number, Move.APPROVE_SUSPENSION, resume_on=resume)
    assert paused.due_at is None and paused.clock_left is not None
    with pytest.raises(Refused) as caught:
        move(conn, SYSTEM, number, Move.RESUME, now=NOW + timedelta(days=6))
    assert caught.value.detail == "resume_date_reached_or_by_hand"
    back = move(conn, SYSTEM, number, Move.RESUME, now=NOW + timedelta(days=7))
    assert back.due_at == due + timedelta(days=7)
    assert back.clock_left is None
    with pytest.raises(Refused) as caught:
        step(conn, cast, number, Move.ASK_SUSPENSION, "handler", NOW)
    assert caught.value.detail == "suspended_fewer_times_than_allowed"


@pytest.mark.parametrize("days", [0, 366])
def test_a_suspension_lasts_a_day_to_a_year(conn: Connection, cast: Cast, days: int) -> None:
    number = bring_to(conn, cast, State.SUSPEND_REVIEW)
    with pytest.raises(Refused) as caught:
        move(
            conn, cast.dispatcher, number, Move.APPROVE_SUSPENSION,
            resume_on=make.TODAY + timedelta(days=days),
        )  # fmt: skip
    assert caught.value.detail == "suspension_not_too_long"


def test_the_clock_starts_at_filing_or_at_dispatch_as_set(conn: Connection, cast: Cast) -> None:
    later = NOW + timedelta(hours=1)

    def due_after_filing_and_dispatch() -> tuple[datetime | None, datetime | None]:
        number = bring_to(conn, cast, State.PENDING_FILING)
        filed = move(conn, cast.leader, number, Move.FILE, condition=condition(conn))
        sent = move(
            conn, cast.dispatcher, number, Move.DISPATCH, now=later, department=cast.department
        )
        return filed.due_at, sent.due_at

    filed_due, same = due_after_filing_and_dispatch()
    assert filed_due is not None and same == filed_due
    make.set_setting(conn, "clock_starts", "dispatch")
    none, sent_due = due_after_filing_and_dispatch()
    assert none is None and sent_due is not None and sent_due > filed_due


def test_rework_goes_on_with_what_is_left_of_the_limit(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    due = case_of(conn, cast, number).due_at
    step(conn, cast, number, Move.REPORT_DONE, "handler", NOW)
    stopped = case_of(conn, cast, number)
    assert stopped.due_at == due and stopped.clock_left is not None
    move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    later = NOW + timedelta(days=7)
    failed = step(conn, cast, number, Move.CHECK_FAILED, "supervisor", later)
    assert failed.due_at == due + timedelta(days=7)


def test_a_closed_case_is_reopened_within_the_set_time_only(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CLOSED)
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.REOPEN, reason="没修好", now=NOW + timedelta(days=8))
    assert caught.value.detail == "within_the_reopening_time"
    case = move(conn, cast.acceptor, number, Move.REOPEN, reason="没修好", now=NOW)
    assert (case.state, case.open, case.closed_at) == (State.VERIFYING, True, None)
    assert case.supervisor_id in {cast.supervisor.person_id, cast.second.person_id}


def test_only_sampled_self_handled_cases_are_audited(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.SELF_HANDLED)
    make.set_setting(conn, "self_handled_sample_percent", 0)
    with pytest.raises(Refused) as caught:
        move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="valid")
    assert caught.value.detail == "is_in_the_sample"
    make.set_setting(conn, "self_handled_sample_percent", 100)
    with pytest.raises(Invalid):
        move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="maybe")
    assert move(conn, cast.auditor, number, Move.AUDIT_SELF_HANDLED, result="valid").version == 2


def test_the_sample_grows_with_its_share_and_holds_about_that_share() -> None:
    numbers = [f"110101001-261118-{n:04d}" for n in range(2000)]
    small = {n for n in numbers if guards.in_sample(n, 10)}
    large = {n for n in numbers if guards.in_sample(n, 20)}
    assert small < large
    assert 150 < len(small) < 250
