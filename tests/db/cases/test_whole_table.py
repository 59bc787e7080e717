"""The whole table through the commands: every move by every post that makes it, and no other."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Actor, Permission, Role
from gis.cases.model import Move, State
from gis.cases.options import available_moves
from gis.cases.workflow import MOVES
from gis.dispatch.commands import move_case, proposed
from gis.errors import Forbidden, NotFound, Refused
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
    version_of,
)

NOW = make.NOW
MADE_BY = [
    (what, source, role)
    for what, row in MOVES.items()
    for source in sorted(s for s in row.sources if s is not None)
    for role in Role
    if role in row.roles
]


def complete(conn: Connection, cast: Cast, what: Move) -> dict[str, Any]:
    if what is Move.MERGE:
        return {"target_case": report(conn, cast.supervisor)}
    return dict(fields_for(conn, cast, what, NOW))


def everybody(conn: Connection, cast: Cast) -> dict[Role, Actor]:
    """A person per role; the system for its own."""
    return {
        role: SYSTEM
        if role is Role.SYSTEM
        else cast.by_role.get(role) or make.make_actor(conn, role)
        for role in Role
    }


def ready(conn: Connection, cast: Cast, what: Move, source: State) -> str:
    """A case in the state in which the move's guards hold for each of its posts."""
    if source is State.REPORTED and what in (Move.WITHDRAW, Move.ORDER_VERIFICATION):
        return report(conn, cast.acceptor)
    number = bring_to(conn, cast, source)
    changed = {
        Move.TO_ARBITRATION: "bounce_count = 2",
        Move.WITHDRAW: "source = 'call_desk'",
        Move.TAKE_BACK: f"handler_id = {cast.handler.person_id}",
    }.get(what)
    if changed is not None:
        conn.execute(text(f"UPDATE cases SET {changed} WHERE number = :n"), {"n": number})
    return number


@pytest.mark.parametrize("what", [m for m in MOVES if None not in MOVES[m].sources], ids=str)
def test_every_post_of_the_table_can_make_the_move_from_every_state_of_the_table(
    conn: Connection, cast: Cast, what: Move
) -> None:
    make.set_setting(conn, "self_handled_sample_percent", 100)
    make.set_setting(conn, "long_extension_days", 30)
    people = everybody(conn, cast)
    for _what, source, role in [row for row in MADE_BY if row[0] is what]:
        with conn.begin_nested() as attempt:
            number = ready(conn, cast, what, source)
            actor = people[role]
            if role is Role.SUPERVISOR:
                actor = supervisor_of(conn, cast, number)
            now = NOW.replace(month=12, day=9) if what is Move.RESUME else NOW
            done = move(conn, actor, number, what, now=now, **complete(conn, cast, what))
            assert done.state is state_of(conn, number) is MOVES[what].target(source)
            attempt.rollback()


@pytest.mark.parametrize("state", list(State), ids=str)
def test_from_a_state_nothing_can_be_done_that_the_table_does_not_say(
    conn: Connection, cast: Cast, state: State
) -> None:
    people = everybody(conn, cast)
    number = bring_to(conn, cast, state)
    version = version_of(conn, number)
    fields = {what: complete(conn, cast, what) for what in MOVES}
    case = case_of(conn, cast, number)
    people[Role.SUPERVISOR] = supervisor_of(conn, cast, number)
    for role, actor in people.items():
        listed = [o.move for o in available_moves(conn, case, actor=actor, now=NOW)]
        allowed = [m for m, row in MOVES.items() if state in row.sources and role in row.roles]
        assert listed == allowed, role
        for what, row in MOVES.items():
            if state in row.sources or role not in row.roles:
                continue
            with pytest.raises((Refused, NotFound)):
                make_it(conn, actor, number, what, fields[what], version)
    assert (version_of(conn, number), state_of(conn, number)) == (version, state)


def make_it(
    conn: Connection, actor: Actor, number: str, what: Move, fields: dict[str, Any], version: int
) -> None:
    move_case(
        conn, actor=actor, number=number, move=what, fields=fields, expected_version=version,
        now=NOW,
    )  # fmt: skip


def test_a_post_never_makes_a_move_that_the_table_gives_to_others(
    conn: Connection, cast: Cast
) -> None:
    people = everybody(conn, cast)
    number = bring_to(conn, cast, State.HANDLING)
    version = version_of(conn, number)
    for role, actor in people.items():
        for what, row in MOVES.items():
            if role in row.roles:
                continue
            with pytest.raises((Forbidden, NotFound)):
                make_it(conn, actor, number, what, {}, version)
    assert version_of(conn, number) == version


def test_moves_need_the_right_to_move(conn: Connection, cast: Cast) -> None:
    movers = {role for row in MOVES.values() for role in row.roles}
    for role, actor in everybody(conn, cast).items():
        assert actor.may(Permission.MOVE_CASES) or role not in movers


def test_what_is_offered_asks_the_dispatch_rules_like_the_move(
    conn: Connection, cast: Cast
) -> None:
    number = bring_to(conn, cast, State.PENDING_DISPATCH)
    case = case_of(conn, cast, number)
    offered = available_moves(conn, case, actor=cast.dispatcher, now=NOW, propose=proposed)
    assert all(option.blocked_by is None for option in offered)
