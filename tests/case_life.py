"""A small district with somebody at every post, for tests that carry cases through their life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.intake import report_case
from gis.cases.model import Move, State
from gis.cases.queries import case_by_number
from gis.cases.records import Case, NewCase
from gis.dispatch.commands import move_case
from gis.standards.model import Kind
from tests import factories as make

CLASS = "0110"
"""暴露垃圾, exposed refuse."""


@dataclass
class Cast:
    """Who is there, and which department a rule names."""

    cell: str
    department: int
    other_department: int
    supervisor: Actor
    """Walks the cell and is on duty by day."""
    second: Actor
    """Walks it too, on duty too."""
    acceptor: Actor
    leader: Actor
    second_leader: Actor
    dispatcher: Actor
    handler: Actor
    other_handler: Actor
    arbiter: Actor
    centre: Actor
    auditor: Actor
    rule: int = 0
    shift: int = 0
    by_role: dict[Role, Actor] = field(default_factory=dict)


def make_cast(conn: Connection) -> Cast:
    """One cell, one rule, two departments and a person per post."""
    cell = make.make_cell(conn)
    department, other = make.make_department(conn), make.make_department(conn)
    supervisor, second = (make.make_actor(conn, Role.SUPERVISOR, cells=(cell,)) for _ in range(2))
    cast = Cast(
        cell=cell,
        department=department,
        other_department=other,
        supervisor=supervisor,
        second=second,
        acceptor=make.make_actor(conn, Role.ACCEPTOR),
        leader=make.make_actor(conn, Role.SHIFT_LEADER),
        second_leader=make.make_actor(conn, Role.SHIFT_LEADER),
        dispatcher=make.make_actor(conn, Role.DISPATCHER),
        handler=make.make_actor(conn, Role.HANDLER, department_id=department),
        other_handler=make.make_actor(conn, Role.HANDLER, department_id=other),
        arbiter=make.make_actor(conn, Role.ARBITER),
        centre=make.make_actor(conn, Role.CENTRE_LEADER),
        auditor=make.make_actor(conn, Role.AUDITOR),
    )
    cast.rule = make.make_dispatch_rule(conn, department_id=department)
    cast.shift = make.make_shift(conn)
    for day in range(60):
        for person in (supervisor, second):
            assert person.person_id is not None
            make.put_on_duty(
                conn, person.person_id, day=make.TODAY + timedelta(days=day), shift_id=cast.shift
            )
    people = (
        supervisor, cast.acceptor, cast.leader, cast.dispatcher, cast.handler, cast.arbiter,
        cast.centre, cast.auditor,
    )  # fmt: skip
    cast.by_role = {next(iter(actor.roles)): actor for actor in people}
    return cast


def report(
    conn: Connection, actor: Actor, *, now: datetime = make.NOW, key: str | None = None, **more: Any
) -> str:
    """Report a case in the first cell; answers its number."""
    lon, lat = make.middle()
    parts: dict[str, Any] = {"kind": Kind.EVENT, "class_code": CLASS, "lon": lon, "lat": lat,
                             "text": "垃圾堆放"}  # fmt: skip
    new = NewCase(**{**parts, **more})
    key = key or f"report-{now.isoformat()}-{next(make._serial)}"
    return report_case(conn, actor=actor, report=new, key=key, now=now).number


def version_of(conn: Connection, number: str) -> int:
    """The version of a case as it stands."""
    return int(
        conn.execute(
            text("SELECT version FROM cases WHERE number = :n"), {"n": number}
        ).scalar_one()
    )


def move(
    conn: Connection,
    actor: Actor,
    number: str,
    what: Move,
    *,
    now: datetime = make.NOW,
    **fields: Any,
) -> Case:
    """Make one move on the case as it stands."""
    return move_case(
        conn,
        actor=actor,
        number=number,
        move=what,
        fields=fields,
        expected_version=version_of(conn, number),
        now=now,
    )


def fields_for(conn: Connection, cast: Cast, what: Move, now: datetime) -> Mapping[str, Any]:
    """Fields with which a move is complete."""
    day = now.date()
    if what is Move.ASSIGN:
        colleague = make.make_actor(conn, Role.HANDLER, department_id=cast.department)
        return {"handler": colleague.person_id}
    return {
        Move.VERIFY_TRUE: {"photo": [make.make_file(conn)]},
        Move.VERIFY_FALSE: {"photo": [make.make_file(conn)], "reason": "没有"},
        Move.FILE: {"condition": condition(conn)},
        Move.CLOSE: {"condition": condition(conn)},
        Move.DISPATCH: {"department": cast.department},
        Move.ASK_RETURN: {"reason": "不属本部门", "evidence": [make.make_file(conn)]},
        Move.ARBITRATE: {"reason": "职责如此", "department": cast.department},
        Move.ASK_EXTENSION: {"reason": "雨天", "until": day + timedelta(days=12)},
        Move.ASK_SUSPENSION: {"reason": "等季节", "resume_on": day + timedelta(days=20)},
        Move.APPROVE_SUSPENSION: {"resume_on": day + timedelta(days=20)},
        Move.REPORT_DONE: {"text": "已清理", "photo": [make.make_file(conn)]},
        Move.CHECK_PASSED: {"photo": [make.make_file(conn)]},
        Move.CHECK_FAILED: {"photo": [make.make_file(conn)], "reason": "没清干净"},
        Move.AUDIT_SELF_HANDLED: {"result": "valid"},
        Move.SUPERVISE: {"note": "加快"},
        Move.WITHDRAW: {"reason": "已解决", "asked_by_reporter": True},
    }.get(what, {"reason": "原因"})


def condition(conn: Connection) -> int:
    """The first condition of the class that the tests use."""
    number = conn.execute(
        text(
            "SELECT min(condition_no) FROM handling_rule WHERE kind = 'event' AND code = :c"
            " AND edition = '2013'"
        ),
        {"c": CLASS},
    ).scalar()
    return 1 if number is None else int(number)


_STRAIGHT = (
    (Move.REGISTER, "acceptor"),
    (Move.FILE, "leader"),
    (Move.DISPATCH, "dispatcher"),
    (Move.TAKE_UP, "handler"),
    (Move.REPORT_DONE, "handler"),
    (Move.ORDER_CHECK, "acceptor"),
    (Move.CHECK_PASSED, "supervisor"),
    (Move.CLOSE, "leader"),
)
SIDE: Mapping[State, tuple[State, Move, str]] = {
    State.CANCEL_REVIEW: (State.PENDING_DISPATCH, Move.ASK_CANCEL, "dispatcher"),
    State.CANCELLED: (State.CANCEL_REVIEW, Move.APPROVE_CANCEL, "leader"),
    State.EXTENSION_REVIEW: (State.HANDLING, Move.ASK_EXTENSION, "handler"),
    State.RETURN_REVIEW: (State.HANDLING, Move.ASK_RETURN, "handler"),
    State.SUSPEND_REVIEW: (State.HANDLING, Move.ASK_SUSPENSION, "handler"),
    State.SUSPENDED: (State.SUSPEND_REVIEW, Move.APPROVE_SUSPENSION, "dispatcher"),
    State.FORCED_CLOSED: (State.HANDLING, Move.FORCE_CLOSE, "centre"),
    State.NOT_ACCEPTED: (State.REPORTED, Move.REFUSE, "acceptor"),
    State.NOT_FILED: (State.PENDING_FILING, Move.REFUSE_FILING, "leader"),
}


def supervisor_of(conn: Connection, cast: Cast, number: str) -> Actor:
    """Whichever of the two supervisors has the case."""
    held = conn.execute(
        text("SELECT supervisor_id FROM cases WHERE number = :n"), {"n": number}
    ).scalar()
    return cast.second if held == cast.second.person_id else cast.supervisor


def step(conn: Connection, cast: Cast, number: str, what: Move, who: str, now: datetime) -> Case:
    """One move by the named post, complete."""
    actor = supervisor_of(conn, cast, number) if who == "supervisor" else getattr(cast, who)
    return move(conn, actor, number, what, now=now, **fields_for(conn, cast, what, now))


def bring_to(conn: Connection, cast: Cast, state: State, *, now: datetime = make.NOW) -> str:
    """A new case of a supervisor, carried to a state by the commands; answers its number."""
    if state in SIDE:
        before, what, who = SIDE[state]
        number = bring_to(conn, cast, before, now=now)
        step(conn, cast, number, what, who, now)
        return number
    if state is State.SELF_HANDLED:
        return report(
            conn, cast.supervisor, now=now, self_handled=True,
            photos_before=(make.make_file(conn),), photos_after=(make.make_file(conn),),
        )  # fmt: skip
    if state is State.VERIFYING:
        number = report(conn, cast.acceptor, now=now)
        move(conn, cast.acceptor, number, Move.ORDER_VERIFICATION, now=now)
        return number
    if state is State.MERGED:
        target = report(conn, cast.supervisor, now=now)
        number = report(conn, cast.supervisor, now=now)
        move(conn, cast.acceptor, number, Move.MERGE, now=now, target_case=target)
        return number
    if state is State.ARBITRATION:
        number = bring_to(conn, cast, State.RETURN_REVIEW, now=now)
        conn.execute(text("UPDATE cases SET bounce_count = 2 WHERE number = :n"), {"n": number})
        move(conn, cast.dispatcher, number, Move.TO_ARBITRATION, now=now)
        return number
    number = report(conn, cast.supervisor, now=now)
    for what, who in _STRAIGHT:
        if state_of(conn, number) is state:
            break
        step(conn, cast, number, what, who, now)
    assert state_of(conn, number) is state
    return number


def case_of(conn: Connection, cast: Cast, number: str) -> Case:
    """The case as the shift leader reads it."""
    return case_by_number(conn, number, scope=cast.leader.scope).case


def state_of(conn: Connection, number: str) -> State:
    """The state of a case as it stands."""
    return State(
        conn.execute(text("SELECT state FROM cases WHERE number = :n"), {"n": number}).scalar_one()
    )
