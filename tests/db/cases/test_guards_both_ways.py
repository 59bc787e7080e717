"""Every guard of the table, once where it holds and once where it does not, on a real case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Actor
from gis.cases.asking import Ask
from gis.cases.guards import EVALUATED
from gis.cases.intake_rules import acting_role
from gis.cases.model import Move, State
from gis.cases.settings import read_case_settings
from gis.cases.tasks.commands import give_task
from gis.cases.workflow import GUARDS, MOVES
from gis.dispatch.commands import proposed
from tests import factories as make
from tests.case_life import Cast, bring_to, case_of, condition, report, step, supervisor_of

NOW, TODAY = make.NOW, make.TODAY


@dataclass
class World:
    """A case, who asks for what, and what was changed before."""

    conn: Connection
    cast: Cast
    number: str
    move: Move
    actor: Actor
    fields: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW

    def sql(self, changes: str, **more: Any) -> None:
        self.conn.execute(
            text(f"UPDATE cases SET {changes} WHERE number = :n"), {"n": self.number, **more}
        )

    def ask(self) -> Ask:
        row = MOVES[self.move]
        return Ask(
            self.conn, self.actor, acting_role(self.actor, row.roles),
            case_of(self.conn, self.cast, self.number), row, self.fields, self.now,
            read_case_settings(self.conn), proposed,
        )  # fmt: skip


Change = Callable[[World], None]


@dataclass(frozen=True)
class Both:
    """A state and a post in which the guard is asked; what makes it hold, what breaks it."""

    state: State
    move: Move
    who: str
    holds: Change
    breaks: Change


def given(**fields: Any) -> Change:
    return lambda world: world.fields.update(fields)


def setting(key: str, value: object) -> Change:
    return lambda world: make.set_setting(world.conn, key, value)


def source(word: str) -> Change:
    return lambda world: world.sql("source = :s", s=word)


def bounced(times: int) -> Change:
    return lambda world: world.sql("bounce_count = :b", b=times)


def by(who: str) -> Change:
    def change(world: World) -> None:
        world.actor = getattr(world.cast, who)

    return change


def after(**span: float) -> Change:
    def change(world: World) -> None:
        world.now = NOW + timedelta(**span)

    return change


def together(*changes: Change) -> Change:
    def change(world: World) -> None:
        for one in changes:
            one(world)

    return change


def held_by(who: str) -> Change:
    return lambda world: world.sql("handler_id = :h", h=getattr(world.cast, who).person_id)


def nothing(_world: World) -> None:
    """The case is as the commands left it."""


def send(name: str, who: str) -> Change:
    return lambda world: world.fields.update({name: getattr(world.cast, who).person_id})


def department(name: str) -> Change:
    return lambda world: world.fields.update(department=getattr(world.cast, name))


def the_one_sent(world: World) -> None:
    world.actor = supervisor_of(world.conn, world.cast, world.number)


def the_other_one(world: World) -> None:
    sent = supervisor_of(world.conn, world.cast, world.number)
    world.actor = world.cast.second if sent is world.cast.supervisor else world.cast.supervisor


def into_another(world: World) -> None:
    world.fields["target_case"] = report(world.conn, world.cast.supervisor)


def into_itself(world: World) -> None:
    world.fields["target_case"] = world.number


def target_closed(world: World) -> None:
    world.conn.execute(
        text("UPDATE cases SET state = 'CLOSED', open = false WHERE number <> :n"),
        {"n": world.number},
    )


def own_condition(world: World) -> None:
    world.fields["condition"] = condition(world.conn)


def sub_task(world: World) -> None:
    give_task(
        world.conn, actor=world.cast.handler, number=world.number,
        department_id=world.cast.other_department, now=NOW, today=TODAY,
    )  # fmt: skip


def by_the_arbiter(world: World) -> None:
    step(world.conn, world.cast, world.number, Move.ASK_RETURN, "handler", NOW)
    bounced(2)(world)
    step(world.conn, world.cast, world.number, Move.TO_ARBITRATION, "dispatcher", NOW)
    step(world.conn, world.cast, world.number, Move.ARBITRATE, "arbiter", NOW)


def as_the_system(days: int) -> Change:
    def change(world: World) -> None:
        world.actor, world.now = SYSTEM, NOW + timedelta(days=days)

    return change


def day(days: int) -> Any:
    return TODAY + timedelta(days=days)


S, M = State, Move
BOTH: Mapping[str, Both] = {
    "reporter_may_report_here": Both(
        S.REPORTED, M.REPORT, "supervisor", nothing,
        lambda w: setattr(w, "actor", make.make_actor(w.conn, scope=("110102",))),
    ),
    "class_allows_self_handling": Both(
        S.SELF_HANDLED, M.REPORT_SELF_HANDLED, "supervisor", nothing,
        lambda w: w.sql("class_code = '0301'"),
    ),
    "source_is_not_a_supervisor": Both(
        S.REPORTED, M.ORDER_VERIFICATION, "acceptor", source("citizen"), source("supervisor")
    ),
    "supervisor_is_on_duty": Both(
        S.PENDING_CHECK, M.ORDER_CHECK, "acceptor",
        send("supervisor", "supervisor"), send("supervisor", "acceptor"),
    ),
    "no_verification_needed": Both(
        S.REPORTED, M.REGISTER, "acceptor", source("supervisor"), source("citizen")
    ),
    "is_the_assigned_supervisor": Both(
        S.CHECKING, M.CHECK_PASSED, "supervisor", the_one_sent, the_other_one
    ),
    "asked_by_the_reporter": Both(
        S.REPORTED, M.WITHDRAW, "acceptor",
        together(source("citizen"), given(asked_by_reporter=True)),
        source("citizen"),
    ),
    "target_is_open_and_not_merged": Both(
        S.REPORTED, M.MERGE, "acceptor", into_another, into_itself
    ),
    "target_is_not_closed": Both(S.MERGED, M.UNMERGE, "acceptor", nothing, target_closed),
    "filing_condition_holds": Both(
        S.PENDING_FILING, M.FILE, "leader", own_condition, given(condition=99)
    ),
    "rule_or_reason_for_the_department": Both(
        S.PENDING_DISPATCH, M.DISPATCH, "dispatcher",
        department("department"), department("other_department"),
    ),
    "is_not_the_asker": Both(
        S.CANCEL_REVIEW, M.APPROVE_CANCEL, "leader", by("leader"), by("dispatcher")
    ),
    "person_of_the_department": Both(
        S.PENDING_HANDLE, M.TAKE_UP, "handler", nothing, by("other_handler")
    ),
    "no_open_sub_task": Both(S.HANDLING, M.REPORT_DONE, "handler", nothing, sub_task),
    "not_bound_by_the_arbiter": Both(
        S.HANDLING, M.ASK_RETURN, "handler", nothing, by_the_arbiter
    ),
    "bounces_below_the_limit": Both(
        S.RETURN_REVIEW, M.APPROVE_RETURN, "dispatcher", bounced(1), bounced(2)
    ),
    "bounces_at_the_limit": Both(
        S.RETURN_REVIEW, M.TO_ARBITRATION, "dispatcher", bounced(2), bounced(1)
    ),
    "before_the_limit": Both(
        S.HANDLING, M.ASK_EXTENSION, "handler", nothing, after(days=300)
    ),
    "extension_within_settings": Both(
        S.HANDLING, M.ASK_EXTENSION, "handler", given(until=day(12)), given(until=day(200))
    ),
    "long_extension_by_the_shift_leader": Both(
        S.EXTENSION_REVIEW, M.APPROVE_EXTENSION, "leader", by("leader"), by("dispatcher")
    ),
    "suspended_fewer_times_than_allowed": Both(
        S.HANDLING, M.ASK_SUSPENSION, "handler", nothing, setting("suspension_limit", 0)
    ),
    "suspension_not_too_long": Both(
        S.SUSPEND_REVIEW, M.APPROVE_SUSPENSION, "dispatcher",
        given(resume_on=day(365)), given(resume_on=day(366)),
    ),
    "resume_date_reached_or_by_hand": Both(
        S.SUSPENDED, M.RESUME, "dispatcher", as_the_system(20), as_the_system(19)
    ),
    "supervisor_did_not_handle": Both(
        S.PENDING_CHECK, M.ORDER_CHECK, "acceptor",
        send("supervisor", "supervisor"), send("supervisor", "handler"),
    ),
    "handler_did_not_find_or_check": Both(
        S.PENDING_HANDLE, M.TAKE_UP, "handler", nothing, by("supervisor")
    ),
    "is_given_to_a_person": Both(
        S.PENDING_HANDLE, M.TAKE_BACK, "handler", held_by("handler"), nothing
    ),
    "is_not_given_to_somebody_else": Both(
        S.PENDING_HANDLE, M.TAKE_UP, "handler", held_by("handler"), held_by("other_handler")
    ),
    "auditor_is_not_the_finder": Both(
        S.SELF_HANDLED, M.AUDIT_SELF_HANDLED, "auditor", nothing, by("supervisor")
    ),
    "closing_condition_holds": Both(
        S.PENDING_CLOSE, M.CLOSE, "leader", own_condition, given(condition=99)
    ),
    "is_in_the_sample": Both(
        S.SELF_HANDLED, M.AUDIT_SELF_HANDLED, "auditor",
        setting("self_handled_sample_percent", 100), setting("self_handled_sample_percent", 0),
    ),
    "within_the_reopening_time": Both(
        S.CLOSED, M.REOPEN, "acceptor", after(days=7), after(days=7, seconds=1)
    ),
}  # fmt: skip


def test_every_guard_of_the_table_is_tried_both_ways() -> None:
    assert set(BOTH) == set(GUARDS)
    for name, both in BOTH.items():
        assert name in MOVES[both.move].guards
        assert both.state in MOVES[both.move].sources or None in MOVES[both.move].sources


@pytest.mark.parametrize("name", list(GUARDS))
def test_a_guard_holds_and_breaks(conn: Connection, cast: Cast, name: str) -> None:
    both = BOTH[name]
    for change, expected in ((both.holds, True), (both.breaks, False)):
        with conn.begin_nested() as attempt:
            number = bring_to(conn, cast, both.state)
            world = World(conn, cast, number, both.move, getattr(cast, both.who))
            change(world)
            assert EVALUATED[name](world.ask()) is expected, (name, expected)
            attempt.rollback()
