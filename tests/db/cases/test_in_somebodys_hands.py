"""A department gives a case or a sub-task to one of its people, gives it on, and takes it back."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.audit.trail import broken_links
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.inbox import Whose, read_inbox
from gis.cases.model import Move, State
from gis.cases.queries import history, queue, queue_counts
from gis.cases.screen import timeline
from gis.cases.tasks.commands import Given, give_task, step_task
from gis.cases.tasks.giving import give_to_person, people_for
from gis.cases.tasks.model import TaskState, TaskStep
from gis.cases.tasks.queries import tasks_of_case
from gis.dispatch.offers import offers
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, fields_for, move

NOW, TODAY = make.NOW, make.TODAY


@pytest.fixture
def colleague(conn: Connection, cast: Cast) -> Actor:
    return make.make_actor(conn, Role.HANDLER, department_id=cast.department, name="小李")


@pytest.fixture
def helper(conn: Connection, cast: Cast) -> Actor:
    return make.make_actor(conn, Role.HANDLER, department_id=cast.other_department, name="小王")


def inbox(conn: Connection, actor: Actor, whose: Whose = Whose.ALL) -> list[str]:
    found = read_inbox(conn, actor=actor, wanted=CaseFilter(), now=NOW, whose=whose)
    return [row.number for row in found.rows]


def told(conn: Connection, actor: Actor) -> list[tuple[str, str]]:
    found = read_inbox(conn, actor=actor, wanted=CaseFilter(), now=NOW)
    return [(str(one.kind), one.number) for one in found.notices]


def queued(conn: Connection, actor: Actor, queue_id: str) -> list[str]:
    page = queue(conn, queue_id=queue_id, actor=actor, scope=actor.scope, now=NOW)
    return [row.number for row in page.rows]


def refused(conn: Connection, cast: Cast, number: str, person: Actor | int | None) -> str:
    person_id = person.person_id if isinstance(person, Actor) else person
    with pytest.raises(Invalid) as caught:
        move(conn, cast.handler, number, Move.ASSIGN, handler=person_id)
    [wrong] = caught.value.faults
    assert wrong.field == "handler"
    return wrong.text("en")


def sub_task(conn: Connection, cast: Cast, number: str) -> Given:
    return give_task(
        conn, actor=cast.handler, number=number, department_id=cast.other_department, now=NOW,
        today=TODAY,
    )  # fmt: skip


def hand(
    conn: Connection, actor: Actor, number: str, task: Given, to: Actor | None, **more: Any
) -> Given:
    return give_to_person(
        conn, actor=actor, number=number, task_id=task.id, now=NOW,
        person_id=to.person_id if to else None,
        expected_version=more.pop("version", task.version), **more,
    )  # fmt: skip


# ------------------------------------------------------------------ a case


def test_a_case_is_given_given_on_and_taken_back_and_the_history_says_to_whom(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    given = move(
        conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id, text="你离得近"
    )
    assert (given.handler_id, given.state) == (colleague.person_id, State.PENDING_HANDLE)
    move(conn, colleague, number, Move.ASSIGN, handler=cast.handler.person_id)
    back = move(conn, colleague, number, Move.TAKE_BACK, text="重新安排")
    assert back.handler_id is None
    steps = timeline(history(conn, given.id, scope=cast.handler.scope))[-3:]
    assert [(s.who, s.note) for s in steps] == [
        (cast.handler.name, "你离得近"), (colleague.name, ""), (colleague.name, "重新安排"),
    ]  # fmt: skip
    assert [[str(value) for _, value in s.facts] for s in steps] == [
        [f"小李 (#{colleague.person_id})"],
        [f"{cast.handler.name} (#{cast.handler.person_id})"],
        [f"{cast.handler.name} (#{cast.handler.person_id})"],
    ]
    assert broken_links(conn, subject_type="case", subject_id=given.id) == []


def test_the_person_is_told_and_finds_it_first_others_see_whose_it_is(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    numbers = [bring_to(conn, cast, State.PENDING_HANDLE) for _ in range(3)]
    for hours, number in enumerate(numbers):
        conn.execute(
            text("UPDATE cases SET due_at = :d WHERE number = :n"),
            {"d": NOW + timedelta(hours=hours), "n": number},
        )
    last = numbers[2]
    move(conn, cast.handler, last, Move.ASSIGN, handler=colleague.person_id)
    assert inbox(conn, colleague) == [last, *numbers[:2]]
    assert inbox(conn, cast.handler) == numbers
    assert inbox(conn, colleague, Whose.MINE) == [last]
    assert inbox(conn, cast.handler, Whose.MINE) == []
    assert inbox(conn, cast.handler, Whose.NOBODYS) == numbers[:2]
    assert told(conn, colleague) == [("assigned", last)]
    assert told(conn, cast.handler) == []
    assert queued(conn, colleague, "handling_mine") == [last]
    assert queued(conn, colleague, "handling_nobody") == numbers[:2]
    counts = queue_counts(conn, actor=colleague, scope=colleague.scope, now=NOW)
    assert (counts["handling"], counts["handling_mine"], counts["handling_nobody"]) == (3, 1, 2)
    page = queue(conn, queue_id="handling", actor=cast.handler, scope=cast.handler.scope, now=NOW)
    assert [row.handler for row in page.rows] == [None, None, "小李"]


def test_who_had_the_case_is_told_and_given_to_you_ends_with_it(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    third = make.make_actor(conn, Role.HANDLER, department_id=cast.department)
    move(conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id)
    assert told(conn, colleague) == [("assigned", number)]
    move(conn, cast.handler, number, Move.ASSIGN, handler=third.person_id)
    assert told(conn, colleague) == [("taken_back", number)]
    assert told(conn, third) == [("assigned", number)]
    move(conn, third, number, Move.ASSIGN, handler=colleague.person_id)
    assert told(conn, colleague) == [("assigned", number), ("assigned", number)]
    assert told(conn, third) == []
    move(conn, cast.handler, number, Move.TAKE_BACK)
    assert told(conn, colleague) == [("taken_back", number), ("taken_back", number)]
    move(conn, cast.handler, number, Move.ASSIGN, handler=third.person_id)
    move(conn, third, number, Move.TAKE_UP)
    assert ("assigned", number) in told(conn, third)
    done = fields_for(conn, cast, Move.REPORT_DONE, NOW)
    move(conn, third, number, Move.REPORT_DONE, **done)
    assert told(conn, third) == []
    assert told(conn, cast.handler) == []


def test_a_substitute_finds_what_was_given_to_the_absent_person(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    move(conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id)
    assert colleague.person_id is not None
    standing_in = make.standing_in(cast.handler, colleague.person_id)
    assert inbox(conn, standing_in, Whose.MINE) == [number]
    taken = move(conn, standing_in, number, Move.TAKE_UP)
    assert taken.handler_id == cast.handler.person_id


def test_a_case_in_somebodys_hands_is_taken_up_by_nobody_else(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    move(conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id)
    with pytest.raises(Refused) as caught:
        move(conn, cast.handler, number, Move.TAKE_UP)
    assert caught.value.detail == "is_not_given_to_somebody_else"
    assert "give it to yourself first" in caught.value.text("en")
    move(conn, cast.handler, number, Move.ASSIGN, handler=cast.handler.person_id)
    assert move(conn, cast.handler, number, Move.TAKE_UP).handler_id == cast.handler.person_id


def test_who_is_not_there_to_do_it_is_refused_with_the_way_out(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    person = {"p": colleague.person_id}
    assert "does not belong" in refused(conn, cast, number, cast.other_handler)
    assert "does not belong" in refused(conn, cast, number, 10**15)
    assert "has it already" in refused(conn, cast, number, cast.handler)
    with conn.begin_nested() as attempt:
        conn.execute(text("UPDATE person SET active = false WHERE id = :p"), person)
        assert refused(conn, cast, number, colleague) == (
            "The account of 小李 is closed. Choose somebody else."
        )
        attempt.rollback()
    with conn.begin_nested() as attempt:
        conn.execute(text("UPDATE post SET area_code = '110102' WHERE person_id = :p"), person)
        assert "no post that handles cases here" in refused(conn, cast, number, colleague)
        attempt.rollback()
    with conn.begin_nested() as attempt:
        conn.execute(
            text(
                "INSERT INTO substitute (person_id, substitute_id, first_day, last_day, made_by,"
                " made_at) VALUES (:p, :h, :d, :d, :p, :now)"
            ),
            {**person, "h": cast.handler.person_id, "d": TODAY, "now": NOW},
        )
        assert refused(conn, cast, number, colleague) == (
            f"小李 is away until {TODAY}; {cast.handler.name} does the work."
            f" Choose {cast.handler.name}."
        )
        attempt.rollback()


def test_who_works_in_shifts_is_given_work_on_shift_only(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    assert colleague.person_id is not None
    night = make.make_shift(conn, starts=time(22), ends=time(6))
    make.put_on_duty(conn, colleague.person_id, shift_id=night)
    assert "not on shift now" in refused(conn, cast, number, colleague)
    there = people_for(conn, actor=cast.handler, case=case_of(conn, cast, number), now=NOW)
    assert [one.name for one in there] == [cast.handler.name]
    make.put_on_duty(conn, colleague.person_id, shift_id=cast.shift)
    there = people_for(conn, actor=cast.handler, case=case_of(conn, cast, number), now=NOW)
    assert [(one.name, one.held) for one in there] == [("小李", 0), (cast.handler.name, 1)]
    move(conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id)


def test_in_hand_is_what_waits_for_work_and_not_for_a_check(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)

    def held() -> list[int]:
        case = case_of(conn, cast, number)
        return [one.held for one in people_for(conn, actor=cast.handler, case=case, now=NOW)]

    assert held() == [1]
    move(conn, cast.handler, number, Move.REPORT_DONE,
         **fields_for(conn, cast, Move.REPORT_DONE, NOW))  # fmt: skip
    assert case_of(conn, cast, number).handler_id == cast.handler.person_id
    assert held() == [0]


def test_nobody_is_offered_who_would_be_refused(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    for who in (cast.supervisor, cast.second):
        conn.execute(
            text("UPDATE person SET department_id = :d WHERE id = :p"),
            {"d": cast.department, "p": who.person_id},
        )
        make_handler(conn, who)

    def offered(actor: Actor, what: Move) -> set[Any]:
        case = case_of(conn, cast, number)
        [offer] = [o for o in offers(conn, actor=actor, case=case, now=NOW) if o.row.move is what]
        [field] = [f for f in offer.fields if f.name in ("handler", "supervisor")]
        return set(field.choices)

    case = case_of(conn, cast, number)
    may = {cast.handler.person_id, colleague.person_id, cast.second.person_id}
    assert offered(cast.handler, Move.ASSIGN) == may
    assert {p.person_id for p in people_for(conn, actor=cast.handler, case=case, now=NOW)} == may
    move(conn, cast.handler, number, Move.ASSIGN, handler=cast.second.person_id)
    move(conn, cast.handler, number, Move.ASSIGN, handler=cast.handler.person_id)
    move(conn, cast.handler, number, Move.TAKE_UP)
    move(conn, cast.handler, number, Move.REPORT_DONE,
         **fields_for(conn, cast, Move.REPORT_DONE, NOW))  # fmt: skip
    assert offered(cast.acceptor, Move.ORDER_CHECK) == {cast.supervisor.person_id}


def test_another_department_gives_and_takes_nothing(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    for what, fields in ((Move.ASSIGN, {"handler": cast.other_handler.person_id}),
                         (Move.TAKE_BACK, {})):  # fmt: skip
        with pytest.raises(NotFound):
            move(conn, cast.other_handler, number, what, **fields)
    wide = replace(cast.other_handler, scope=cast.leader.scope)
    with pytest.raises(Refused) as caught:
        move(conn, wide, number, Move.ASSIGN, handler=colleague.person_id)
    assert caught.value.detail == "person_of_the_department"


def test_whoever_found_the_case_gets_it_not_and_whoever_got_it_never_checks_it(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    for who in (cast.supervisor, cast.second):
        conn.execute(
            text("UPDATE person SET department_id = :d WHERE id = :p"),
            {"d": cast.department, "p": who.person_id},
        )
        make_handler(conn, who)
    assert "reported or checked" in refused(conn, cast, number, cast.supervisor)
    move(conn, cast.handler, number, Move.ASSIGN, handler=cast.second.person_id)
    move(conn, cast.handler, number, Move.ASSIGN, handler=cast.handler.person_id)
    move(conn, cast.handler, number, Move.TAKE_UP)
    move(conn, cast.handler, number, Move.REPORT_DONE,
         **fields_for(conn, cast, Move.REPORT_DONE, NOW))  # fmt: skip
    with pytest.raises(Refused) as caught:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.second.person_id)
    assert caught.value.detail == "supervisor_did_not_handle"
    sent = move(conn, cast.acceptor, number, Move.ORDER_CHECK)
    assert sent.supervisor_id == cast.supervisor.person_id


def make_handler(conn: Connection, who: Actor) -> None:
    conn.execute(
        text("INSERT INTO post (person_id, role, area_code) VALUES (:p, 'handler', '110101')"),
        {"p": who.person_id},
    )


def test_a_new_dispatch_puts_the_case_into_nobodys_hands(
    conn: Connection, cast: Cast, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.PENDING_HANDLE)
    move(conn, cast.handler, number, Move.ASSIGN, handler=colleague.person_id)
    fields = fields_for(conn, cast, Move.ASK_RETURN, NOW)
    move(conn, colleague, number, Move.ASK_RETURN, **fields)
    move(conn, cast.dispatcher, number, Move.APPROVE_RETURN, reason="同意")
    move(conn, cast.dispatcher, number, Move.DISPATCH, department=cast.other_department,
         reason="改派")  # fmt: skip
    assert case_of(conn, cast, number).handler_id is None
    assert inbox(conn, colleague, Whose.MINE) == []


# ------------------------------------------------------------------ a sub-task


def test_a_sub_task_is_given_on_and_taken_back_once_each_with_its_history(
    conn: Connection, cast: Cast, helper: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = sub_task(conn, cast, number)
    asked = {"words": "带上车", "key": "hand-1", "version": 1}
    given = hand(conn, cast.other_handler, number, task, helper, **asked)
    assert hand(conn, cast.other_handler, number, task, helper, **asked) == given
    assert (given.state, given.version) == (TaskState.OPEN, 2)
    assert inbox(conn, helper, Whose.MINE) == [number]
    assert told(conn, helper) == [("assigned", number)]
    assert told(conn, cast.other_handler) == []
    back = hand(conn, helper, number, given, None)
    assert inbox(conn, helper, Whose.MINE) == []
    assert told(conn, helper) == []
    assert inbox(conn, helper, Whose.NOBODYS) == [number]
    with pytest.raises(Refused, match="nothing to take back"):
        hand(conn, helper, number, back, None)
    [shown] = tasks_of_case(conn, number, scope=helper.scope)
    assert shown.holder is None
    assert [(one.by, one.to, one.words) for one in shown.handed] == [
        (cast.other_handler.name, "小王", "带上车"), ("小王", None, ""),
    ]  # fmt: skip
    assert broken_links(conn, subject_type="case_task", subject_id=task.id) == []


def test_who_had_a_sub_task_is_told_and_given_to_you_ends_with_it(
    conn: Connection, cast: Cast, helper: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    one, other = sub_task(conn, cast, number), sub_task(conn, cast, number)
    given = hand(conn, cast.other_handler, number, one, helper)
    hand(conn, cast.other_handler, number, other, helper)
    assert told(conn, helper) == [("assigned", number)] * 2
    hand(conn, cast.other_handler, number, given, None)
    assert told(conn, helper) == [("taken_back", number), ("assigned", number)]
    withdrawn = hand(conn, cast.other_handler, number, other, None, version=2)
    assert told(conn, helper) == [("taken_back", number)] * 2
    given = hand(conn, cast.other_handler, number, withdrawn, helper)
    assert [kind for kind, _ in told(conn, helper)] == ["assigned", "taken_back", "assigned"]
    step_task(
        conn, actor=cast.handler, number=number, task_id=other.id, step=TaskStep.WITHDRAW,
        expected_version=given.version, words="不用了", now=NOW,
    )  # fmt: skip
    assert ("assigned", number) not in told(conn, helper)


def test_a_sub_task_is_given_by_its_department_as_it_stands_while_it_waits(
    conn: Connection, cast: Cast, helper: Actor, colleague: Actor
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = sub_task(conn, cast, number)
    with pytest.raises(Forbidden):
        hand(conn, cast.handler, number, task, colleague)
    with pytest.raises(Invalid) as caught:
        hand(conn, cast.other_handler, number, task, colleague)
    assert "does not belong" in caught.value.faults[0].text("en")
    given = hand(conn, cast.other_handler, number, task, helper)
    with pytest.raises(Conflict, match=cast.other_handler.name):
        hand(conn, cast.other_handler, number, task, None)
    with pytest.raises(Refused, match="give it to yourself"):
        take_up(conn, cast.other_handler, number, given)
    taken = take_up(conn, helper, number, given)
    step_task(
        conn, actor=helper, number=number, task_id=task.id, step=TaskStep.REPORT,
        expected_version=taken.version, words="已运走", now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="done"):
        hand(conn, helper, number, task, cast.other_handler, version=taken.version + 1)


def take_up(conn: Connection, actor: Actor, number: str, task: Given) -> Given:
    return step_task(
        conn, actor=actor, number=number, task_id=task.id, step=TaskStep.TAKE_UP,
        expected_version=task.version, now=NOW,
    )  # fmt: skip


def test_whoever_was_given_a_sub_task_never_checks_the_case_and_no_finder_does_one(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    task = sub_task(conn, cast, number)
    second = replace(
        cast.second, roles=frozenset({Role.SUPERVISOR, Role.HANDLER}),
        department_id=cast.other_department, scope=cast.leader.scope,
    )  # fmt: skip
    reporter = replace(second, person_id=cast.supervisor.person_id)
    for who in (cast.supervisor, cast.second):
        conn.execute(
            text("UPDATE person SET department_id = :d WHERE id = :p"),
            {"d": cast.other_department, "p": who.person_id},
        )
        make_handler(conn, who)
    with pytest.raises(Refused, match="leave the sub-task to a colleague"):
        take_up(conn, reporter, number, task)
    with pytest.raises(Invalid) as caught:
        hand(conn, second, number, task, cast.supervisor)
    assert "reported or checked" in caught.value.faults[0].text("en")
    given = hand(conn, cast.other_handler, number, task, second)
    back = hand(conn, cast.other_handler, number, given, None)
    step_task(
        conn, actor=cast.handler, number=number, task_id=task.id, step=TaskStep.WITHDRAW,
        expected_version=back.version, words="不用了", now=NOW,
    )  # fmt: skip
    move(conn, cast.handler, number, Move.REPORT_DONE,
         **fields_for(conn, cast, Move.REPORT_DONE, NOW))  # fmt: skip
    with pytest.raises(Refused) as stopped:
        move(conn, cast.acceptor, number, Move.ORDER_CHECK, supervisor=cast.second.person_id)
    assert stopped.value.detail == "supervisor_did_not_handle"
