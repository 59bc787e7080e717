"""Queues, lists, the case page's data: who sees what, in which order."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role, Scope
from gis.cases.evidence.draw import in_sample
from gis.cases.model import Move, State
from gis.cases.move_fields import KINDS, FieldKind
from gis.cases.options import available_moves
from gis.cases.queries import (
    case_by_number,
    cases_in_grid,
    history,
    queue,
    queue_counts,
)
from gis.cases.queues import QUEUES
from gis.cases.workflow import MOVES, OPEN_STATES, STATES
from gis.dispatch.commands import proposed
from gis.errors import Invalid, NotFound
from tests import factories as make
from tests.case_life import Cast, bring_to, move, report, step

NOW = make.NOW


def numbers(conn: Connection, queue_id: str, actor, **more) -> list[str]:  # type: ignore[no-untyped-def]
    page = queue(
        conn, queue_id=queue_id, actor=actor, scope=actor.scope, now=more.pop("now", NOW), **more
    )
    return [row.number for row in page.rows]


def test_every_open_state_stands_in_some_queue_of_the_post_that_holds_it() -> None:
    held = {
        (state, role) for q in QUEUES.values() for state in q.states for role in q.roles
        if q.narrowing in ("area", "department", "mine")
    }  # fmt: skip
    for state in OPEN_STATES:
        assert (state, Role(STATES[state].holder_role)) in held, state


def test_a_case_stands_in_the_queue_of_whoever_has_to_act(conn: Connection, cast: Cast) -> None:
    expected = {
        State.REPORTED: ("acceptance", cast.acceptor),
        State.PENDING_CHECK: ("acceptance", cast.acceptor),
        State.PENDING_FILING: ("filing", cast.leader),
        State.CANCEL_REVIEW: ("filing", cast.leader),
        State.PENDING_CLOSE: ("filing", cast.leader),
        State.PENDING_DISPATCH: ("dispatch", cast.dispatcher),
        State.RETURN_REVIEW: ("dispatch", cast.dispatcher),
        State.PENDING_HANDLE: ("handling", cast.handler),
        State.HANDLING: ("handling", cast.handler),
        State.SUSPENDED: ("handling", cast.handler),
        State.ARBITRATION: ("arbitration", cast.arbiter),
    }
    made = {state: bring_to(conn, cast, state) for state in expected}
    for state, (queue_id, actor) in expected.items():
        assert made[state] in numbers(conn, queue_id, actor), state
        others = {made[s] for s, (q, _) in expected.items() if q != queue_id}
        assert not others & set(numbers(conn, queue_id, actor)), state


def test_a_queue_of_another_post_is_not_there(conn: Connection, cast: Cast) -> None:
    for wrong in ("filing", "dispatch", "nonsense", ""):
        with pytest.raises(NotFound):
            numbers(conn, wrong, cast.acceptor)


def test_a_queue_shows_its_area_only(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.supervisor)
    elsewhere = make.make_actor(conn, Role.ACCEPTOR, scope=("110102",))
    nowhere = make.make_actor(conn, Role.ACCEPTOR, scope=())
    assert numbers(conn, "acceptance", cast.acceptor) == [number]
    assert numbers(conn, "acceptance", elsewhere) == []
    assert numbers(conn, "acceptance", nowhere) == []


def test_a_handler_sees_the_own_departments_cases_only(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.HANDLING)
    assert numbers(conn, "handling", cast.handler) == [number]
    assert numbers(conn, "handling", cast.other_handler) == []
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=cast.other_handler.scope)
    assert cases_in_grid(conn, cast.cell, scope=cast.other_handler.scope) == []
    assert history(conn, 1, scope=cast.other_handler.scope) == []


def test_a_supervisor_sees_own_tasks_and_those_of_the_own_cells(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    far = make.make_actor(conn, Role.SUPERVISOR, scope=("110101002",))
    assert numbers(conn, "checking", cast.supervisor) == [number]
    assert numbers(conn, "checking", cast.second) == [number]
    assert numbers(conn, "checking", far) == []
    conn.execute(
        text("UPDATE cases SET supervisor_id = :p WHERE number = :n"),
        {"p": far.person_id, "n": number},
    )
    assert numbers(conn, "checking", far) == [number], "a check given to another grid's supervisor"
    assert case_by_number(conn, number, scope=far.scope, person_id=far.person_id)
    with pytest.raises(NotFound):
        case_by_number(conn, number, scope=far.scope)


def test_the_checks_of_somebody_absent_stand_in_the_list_of_whoever_stands_in(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    sent = conn.execute(
        text("SELECT supervisor_id FROM cases WHERE number = :n"), {"n": number}
    ).scalar_one()
    far = make.make_actor(conn, Role.SUPERVISOR, scope=("110101009",))
    assert numbers(conn, "checking", far) == []
    assert numbers(conn, "checking", make.standing_in(far, sent)) == [number]


def test_a_reporter_keeps_seeing_the_own_reports_after_leaving_the_area(
    conn: Connection, cast: Cast
) -> None:
    number = report(conn, cast.supervisor)
    moved = Scope(("110102",))
    page = queue(conn, queue_id="my_reports", actor=cast.supervisor, scope=moved, now=NOW)
    assert [r.number for r in page.rows] == [number]
    assert case_by_number(conn, number, scope=moved, person_id=cast.supervisor.person_id)


def test_the_earliest_deadline_stands_first_and_no_deadline_last(
    conn: Connection, cast: Cast
) -> None:
    def made(due_hours: float | None, changed_hours: float) -> str:
        case_id = make.make_case(
            conn,
            state="PENDING_DISPATCH",
            due_at=None if due_hours is None else NOW + timedelta(hours=due_hours),
            changed_at=NOW - timedelta(hours=changed_hours),
        )
        return str(
            conn.execute(text("SELECT number FROM cases WHERE id = :i"), {"i": case_id}).scalar()
        )

    late, soon, old, new = made(5, 1), made(-2, 1), made(None, 9), made(None, 1)
    assert numbers(conn, "dispatch", cast.dispatcher) == [soon, late, old, new]


def test_pages_follow_each_other_without_gap_or_repeat(conn: Connection, cast: Cast) -> None:
    for hours in (3, 1, 1, 1, None, None, 2):
        due = None if hours is None else NOW + timedelta(hours=hours)
        make.make_case(conn, state="PENDING_DISPATCH", due_at=due)
    every = numbers(conn, "dispatch", cast.dispatcher)
    seen: list[str] = []
    after = None
    while True:
        page = queue(
            conn, queue_id="dispatch", actor=cast.dispatcher, scope=cast.dispatcher.scope,
            now=NOW, limit=2, after=after,
        )  # fmt: skip
        seen += [row.number for row in page.rows]
        after = page.next_after
        if after is None:
            break
    assert seen == every and len(every) == 7


@pytest.mark.parametrize(
    "mark",
    ["", "x", "~~", "a~b~c", "2026-01-01T00:00:00~5", "~2026-11-18T00:00:00+00:00~" + "9" * 30],
)
def test_a_mark_that_is_none_is_refused(conn: Connection, cast: Cast, mark: str) -> None:
    with pytest.raises(Invalid):
        numbers(conn, "dispatch", cast.dispatcher, after=mark)


def test_counts_say_how_many_stand_in_each_queue_of_the_person(
    conn: Connection, cast: Cast
) -> None:
    for _ in range(2):
        report(conn, cast.supervisor)
    bring_to(conn, cast, State.PENDING_CHECK)
    counts = queue_counts(conn, actor=cast.acceptor, scope=cast.acceptor.scope, now=NOW)
    assert counts["acceptance"] == 3 and counts["open"] == 3
    assert set(counts) == {"acceptance", "nobody_on_duty", "to_audit", "my_reports", "open"}


def test_a_case_with_nobody_on_duty_is_shown_in_its_list_and_leaves_it_with_the_next_shift(
    conn: Connection, cast: Cast
) -> None:
    checked = bring_to(conn, cast, State.PENDING_CHECK)
    from_desk = report(conn, cast.acceptor)
    own = report(conn, cast.supervisor)
    night = NOW + timedelta(hours=12)
    listed = numbers(conn, "nobody_on_duty", cast.acceptor, now=night)
    assert set(listed) == {checked, from_desk} and own not in listed
    assert numbers(conn, "nobody_on_duty", cast.acceptor, now=NOW) == []
    counts = queue_counts(conn, actor=cast.leader, scope=cast.leader.scope, now=night)
    assert counts["nobody_on_duty"] == 2


def test_the_drawn_self_handled_cases_of_the_area_wait_for_the_acceptors_audit(
    conn: Connection, cast: Cast
) -> None:
    make.set_setting(conn, "self_handled_sample_percent", 50)
    made = [bring_to(conn, cast, State.SELF_HANDLED) for _ in range(12)]
    waiting = [number for number in made if in_sample(number, 50)]
    assert 1 < len(waiting) < len(made), "the numbers of this test draw some"
    assert numbers(conn, "to_audit", cast.acceptor) == waiting
    page = queue(
        conn, queue_id="to_audit", actor=cast.acceptor, scope=cast.acceptor.scope, now=NOW, limit=1
    )
    rest = numbers(conn, "to_audit", cast.acceptor, after=page.next_after)
    assert [row.number for row in page.rows] + rest == waiting
    elsewhere = make.make_actor(conn, Role.ACCEPTOR, scope=("110102",))
    assert numbers(conn, "to_audit", elsewhere) == []
    assert numbers(conn, "to_audit", cast.acceptor, now=NOW + timedelta(days=31)) == []
    move(conn, cast.acceptor, waiting[0], Move.AUDIT_SELF_HANDLED, result="valid")
    assert numbers(conn, "to_audit", cast.acceptor) == waiting[1:]
    counts = queue_counts(conn, actor=cast.acceptor, scope=cast.acceptor.scope, now=NOW)
    assert counts["to_audit"] == len(waiting) - 1


def test_the_case_page_has_every_name_and_photo(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_CLOSE)
    detail = case_by_number(conn, number, scope=cast.leader.scope)
    assert detail.class_name is not None and detail.class_name.zh == "暴露垃圾"
    assert detail.community is not None and detail.district is not None
    assert detail.reporter == cast.supervisor.name and detail.handler == cast.handler.name
    assert detail.description == "垃圾堆放"
    steps = history(conn, detail.case.id, scope=cast.leader.scope)
    assert [s.actor for s in steps][:3] == [
        cast.supervisor.name, cast.acceptor.name, cast.leader.name,
    ]  # fmt: skip
    assert all(p.width_px == 640 for s in steps for p in s.photos)


def test_a_grid_lists_its_cases_newest_first(conn: Connection, cast: Cast) -> None:
    old = report(conn, cast.supervisor, now=NOW - timedelta(days=1))
    new = report(conn, cast.supervisor)
    bring = move(conn, cast.acceptor, old, Move.REFUSE, reason="x")
    found = [r.number for r in cases_in_grid(conn, cast.cell, scope=cast.leader.scope)]
    assert found == [new, old]
    open_ones = cases_in_grid(conn, cast.cell, scope=cast.leader.scope, only_open=True)
    assert [r.number for r in open_ones] == [new] and not bring.open
    assert cases_in_grid(conn, make.grid_code(1, 1), scope=cast.leader.scope) == []


# ------------------------------------------------------------------ moves on offer


def test_the_moves_on_offer_are_those_of_table_and_role(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    case = case_by_number(conn, number, scope=cast.dispatcher.scope).case
    offered = available_moves(conn, case, actor=cast.dispatcher, now=NOW, propose=proposed)
    assert [o.move for o in offered] == [Move.DISPATCH, Move.ASK_CANCEL, Move.BACK_TO_FILING]
    assert [f.name for f in offered[0].fields] == ["department", "reason", "assistants"]
    assert [f.required for f in offered[0].fields] == [True, False, False]
    assert available_moves(conn, case, actor=cast.acceptor, now=NOW) == []


def test_a_move_that_a_rule_stops_says_which(conn: Connection, cast: Cast) -> None:
    number = report(conn, cast.acceptor)
    case = case_by_number(conn, number, scope=cast.acceptor.scope).case
    offered = {o.move: o for o in available_moves(conn, case, actor=cast.acceptor, now=NOW)}
    blocked = offered[Move.REGISTER].blocked_by
    assert blocked is not None and "verification" in blocked.en
    assert offered[Move.ORDER_VERIFICATION].blocked_by is None


def test_every_field_of_the_table_has_a_kind() -> None:
    asked = {name for row in MOVES.values() if None not in row.sources for name in row.needs}
    assert asked <= set(KINDS)
    assert set(KINDS.values()) == set(FieldKind)


def test_rework_shows_in_the_list(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.CHECKING)
    step(conn, cast, number, Move.CHECK_FAILED, "supervisor", NOW)
    page = queue(
        conn, queue_id="dispatch", actor=cast.dispatcher, scope=cast.dispatcher.scope, now=NOW
    )
    assert [(r.number, r.rework_count) for r in page.rows] == [(number, 1)]
    assert page.rows[0].photo is not None
