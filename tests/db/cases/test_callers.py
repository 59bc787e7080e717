"""Calls become cases; numbers are sealed, found again, shown for a reason, and forgotten."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.audit.trail import broken_links
from gis.cases.callers.commands import join_case, note_question, reveal, take_call
from gis.cases.callers.forgetting import forget_everybody, forget_old_callers
from gis.cases.callers.keeping import key_file, ring_of, write_ring
from gis.cases.callers.queries import (
    caller_card,
    callers_of_case,
    reveals_by_person,
    row_of_phone,
)
from gis.cases.callers.records import Caller, NewCall, Rang, Taken
from gis.cases.callers.rotating import keys_in_use, ring_with_new_key, seal_again
from gis.cases.callers.sealing import Key, KeyRing
from gis.cases.model import Move, State
from gis.cases.records import NewCase
from gis.errors import Forbidden, Invalid, NotFound, Refused, Unavailable
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import CLASS, Cast, bring_to, move

PHONE, SHOWN = "13812341234", "138****1234"
NOW = make.NOW
RING = KeyRing((Key.new(NOW),))


def call(
    conn: Connection, cast: Cast, *, phone: str = PHONE, key: str = "k1", ring: KeyRing = RING,
    name: str = "张建国", **more: Any,
) -> Taken:  # fmt: skip
    lon, lat = make.middle()
    report = NewCase(kind=Kind.EVENT, class_code=CLASS, lon=lon, lat=lat, text="垃圾堆放")
    return take_call(
        conn, actor=cast.acceptor, ring=ring, key=key, now=NOW,
        call=NewCall(caller=Caller(phone=phone, name=name), report=replace(report, **more)),
    )  # fmt: skip


def count(conn: Connection, table: str) -> int:
    return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_call_is_a_case_of_the_call_desk_with_its_caller(conn: Connection, cast: Cast) -> None:
    taken = call(conn, cast)
    assert taken.case.state is State.REPORTED
    source = conn.execute(text("SELECT source FROM cases")).scalar_one()
    assert source == "call_desk"
    card = caller_card(conn, actor=cast.acceptor, ring=RING, phone="+86 138-1234-1234")
    assert card is not None
    assert (card.phone, card.name) == (SHOWN, "张**")
    assert [(c.number, c.rang) for c in card.cases] == [(taken.case.number, Rang.REPORTED)]


def test_somebody_with_another_post_too_still_reports_from_the_call_desk(
    conn: Connection, cast: Cast
) -> None:
    both = replace(cast.acceptor, roles=frozenset({Role.SUPERVISOR, Role.ACCEPTOR}))
    cast.acceptor = both
    call(conn, cast)
    assert conn.execute(text("SELECT source FROM cases")).scalar_one() == "call_desk"


def test_the_same_key_is_one_case_and_another_number_under_it_is_refused(
    conn: Connection, cast: Cast
) -> None:
    first, again = call(conn, cast), call(conn, cast)
    assert again.case.replayed and again.case.number == first.case.number
    assert (count(conn, "cases"), count(conn, "caller"), count(conn, "caller_call")) == (1, 1, 1)
    with pytest.raises(Invalid, match="used before"):
        call(conn, cast, phone="13900000000")


def test_a_caller_who_rings_twice_is_one_caller(conn: Connection, cast: Cast) -> None:
    call(conn, cast, name="")
    second = call(conn, cast, key="k2", phone="138 1234 1234", name="张建国")
    assert count(conn, "caller") == 1
    card = caller_card(conn, actor=cast.acceptor, ring=RING, phone=PHONE)
    assert card is not None and card.name == "张**"
    assert card.cases[0].number == second.case.number and len(card.cases) == 2


def test_a_refused_call_writes_nothing_and_names_all_faults(conn: Connection, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        call(conn, cast, phone="12", class_code="x", text="回电")
    assert {f.field for f in refused.value.faults} == {"phone", "class_code"}
    with pytest.raises(Invalid) as refused:
        call(conn, cast, text="请打 138-1234-1234")
    assert [f.field for f in refused.value.faults] == ["text"]
    with pytest.raises(Invalid) as refused:
        call(conn, cast, class_code="0201", answers={"telephone": "138 1234 1234"})
    assert [f.field for f in refused.value.faults] == ["answers"]
    assert (count(conn, "cases"), count(conn, "caller"), count(conn, "idempotency_key")) == (
        0,
        0,
        0,
    )


def test_only_the_call_desk_takes_calls(conn: Connection, cast: Cast) -> None:
    for role, actor in cast.by_role.items():
        if role is Role.ACCEPTOR:
            continue
        cast.acceptor = actor
        with pytest.raises(Forbidden):
            call(conn, cast)
        with pytest.raises(Forbidden):
            caller_card(conn, actor=actor, ring=RING, phone=PHONE)


def test_joining_adds_a_voice_once_and_makes_no_second_case(conn: Connection, cast: Cast) -> None:
    number = call(conn, cast).case.number
    other = Caller(phone="13900000000", name="李")
    for key in ("j1", "j1", "j2"):
        join_case(
            conn, actor=cast.acceptor, ring=RING, number=number, caller=other, key=key, now=NOW
        )
    found = callers_of_case(conn, number, actor=cast.acceptor, ring=RING)
    assert [(c.phone, c.rang) for c in found] == [
        (SHOWN, Rang.REPORTED), ("139****0000", Rang.JOINED),
    ]  # fmt: skip
    assert count(conn, "cases") == 1
    followers = conn.execute(text("SELECT source, caller_id FROM case_follower")).all()
    assert [(row.source, row.caller_id) for row in followers] == [("call_desk", found[1].caller_id)]


def test_a_repeated_joining_is_answered_when_the_case_has_ended_meanwhile(
    conn: Connection, cast: Cast
) -> None:
    number = call(conn, cast).case.number

    def join(phone: str) -> int:
        return join_case(
            conn, actor=cast.acceptor, ring=RING, number=number, caller=Caller(phone=phone),
            key=phone, now=NOW,
        )  # fmt: skip

    first = join("13900000000")
    move(conn, cast.acceptor, number, Move.REFUSE, reason="不属于受理范围")
    assert join("13900000000") == first
    with pytest.raises(Refused, match="has ended"):
        join("13700000000")


def test_an_ended_case_takes_nobody_in(conn: Connection, cast: Cast) -> None:
    number = bring_to(conn, cast, State.NOT_ACCEPTED)
    with pytest.raises(Refused, match="has ended"):
        join_case(
            conn, actor=cast.acceptor, ring=RING, number=number, caller=Caller(phone=PHONE),
            key="j", now=NOW,
        )  # fmt: skip


def test_a_question_is_kept_with_a_known_caller_only(conn: Connection, cast: Cast) -> None:
    number = call(conn, cast).case.number
    stranger = Caller(phone="13900000000")
    for caller in (stranger, Caller(phone=PHONE)):
        note_question(conn, actor=cast.acceptor, ring=RING, number=number, caller=caller, now=NOW)
    kinds = conn.execute(text("SELECT kind FROM caller_call ORDER BY id")).scalars().all()
    assert kinds == ["reported", "asked"]
    assert count(conn, "caller") == 1


def test_a_look_at_a_number_needs_a_reason_and_leaves_it_on_the_trail(
    conn: Connection, cast: Cast
) -> None:
    caller_id = call(conn, cast).caller_id
    for reason in ("", "    ", "a", "x" * 201, "打 138 1234 1234"):
        with pytest.raises(Invalid):
            reveal(conn, actor=cast.leader, ring=RING, caller_id=caller_id, reason=reason, now=NOW)
    seen = reveal(
        conn, actor=cast.leader, ring=RING, caller_id=caller_id, reason="约看现场", now=NOW
    )
    assert (seen.phone, seen.name) == (PHONE, "张建国")
    rows = conn.execute(
        text("SELECT actor_id, role, data FROM audit_event WHERE action = 'revealed'")
    ).all()
    assert [(r.actor_id, r.role, r.data) for r in rows] == [
        (cast.leader.person_id, "shift_leader", {"reason": "约看现场"})
    ]
    assert not broken_links(conn, subject_type="caller")


def test_who_may_not_see_numbers_and_who_is_of_elsewhere_sees_none(
    conn: Connection, cast: Cast
) -> None:
    caller_id = call(conn, cast).caller_id
    ask: dict[str, Any] = {"ring": RING, "caller_id": caller_id, "reason": "约看现场", "now": NOW}
    with pytest.raises(Forbidden):
        reveal(conn, actor=cast.dispatcher, **ask)
    elsewhere = make.make_actor(conn, Role.SHIFT_LEADER, scope=("110101002",))
    with pytest.raises(NotFound):
        reveal(conn, actor=elsewhere, **ask)
    assert not conn.execute(text("SELECT 1 FROM audit_event WHERE action = 'revealed'")).scalar()


def test_the_auditor_sees_who_looks_how_often_and_why(conn: Connection, cast: Cast) -> None:
    caller_id = call(conn, cast).caller_id
    for hours, reason in ((0, "约看现场"), (1, "地址不清"), (30, "回访未接通")):
        reveal(
            conn, actor=cast.leader, ring=RING, caller_id=caller_id, reason=reason,
            now=NOW + timedelta(hours=hours),
        )  # fmt: skip
    (row,) = reveals_by_person(
        conn, actor=cast.auditor, starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=3),
        zone="Asia/Shanghai",
    )  # fmt: skip
    assert (row.person_id, row.reveals, row.callers, row.most_in_a_day) == (
        cast.leader.person_id, 3, 1, 2,
    )  # fmt: skip
    assert row.reasons[0] == "回访未接通"


@pytest.mark.parametrize("table", ["audit_event", "case_event", "outbox", "idempotency_key",
                                   "cases", "caller", "caller_call", "case_reply"])  # fmt: skip
def test_no_table_holds_a_plain_number(conn: Connection, cast: Cast, table: str) -> None:
    taken = call(conn, cast)
    join_case(
        conn, actor=cast.acceptor, ring=RING, number=taken.case.number,
        caller=Caller(phone="13987654321", name="李四光"), key="j", now=NOW,
    )  # fmt: skip
    reveal(
        conn, actor=cast.leader, ring=RING, caller_id=taken.caller_id, reason="约看现场", now=NOW
    )
    held = conn.execute(text(f"SELECT CAST(t AS text) FROM {table} t")).scalars().all()
    plain = "\n".join(held)
    for secret in (PHONE, "13987654321", "张建国", "李四光"):
        assert secret not in plain
        assert secret.encode().hex() not in plain


def test_callers_are_forgotten_when_their_last_case_has_long_ended(
    conn: Connection, cast: Cast
) -> None:
    taken = call(conn, cast)
    later = NOW + timedelta(days=366)
    assert forget_old_callers(conn, actor=SYSTEM, now=later) == 0, "the case is open"
    move(conn, cast.acceptor, taken.case.number, Move.REFUSE, reason="不属本区")
    assert forget_old_callers(conn, actor=SYSTEM, now=NOW + timedelta(days=364)) == 0
    assert forget_old_callers(conn, actor=SYSTEM, now=later) == 1
    assert caller_card(conn, actor=cast.acceptor, ring=RING, phone=PHONE) is None
    (left,) = callers_of_case(conn, taken.case.number, actor=cast.acceptor, ring=RING)
    assert (left.phone, left.name) == ("", "")
    assert forget_old_callers(conn, actor=SYSTEM, now=later) == 0
    with pytest.raises(NotFound):
        reveal(
            conn, actor=cast.leader, ring=RING, caller_id=taken.caller_id, reason="约看现场",
            now=later,
        )  # fmt: skip
    assert call(conn, cast, key="k9").caller_id != taken.caller_id


def test_keys_change_and_every_caller_is_found_and_read_as_before(
    conn: Connection, cast: Cast
) -> None:
    taken = call(conn, cast)
    both = ring_with_new_key(conn, RING, actor=SYSTEM, now=NOW)
    assert len(both.keys) == 2
    assert caller_card(conn, actor=cast.acceptor, ring=both, phone=PHONE) is not None
    assert seal_again(conn, both, actor=SYSTEM, now=NOW) == 1
    assert seal_again(conn, both, actor=SYSTEM, now=NOW) == 0
    assert keys_in_use(conn, actor=SYSTEM) == {both.active.id: 1}
    only = KeyRing(both.keys[:1])
    card = caller_card(conn, actor=cast.acceptor, ring=only, phone=PHONE)
    assert card is not None and (card.caller_id, card.name) == (taken.caller_id, "张**")
    third = ring_with_new_key(conn, both, actor=SYSTEM, now=NOW)
    assert [key.id for key in third.keys[1:]] == [both.active.id], "the oldest is not needed"


def test_a_call_in_the_middle_of_a_change_of_keys_can_still_be_read(
    conn: Connection, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = call(conn, cast, name="")
    before = row_of_phone(conn, RING, PHONE)
    both = ring_with_new_key(conn, RING, actor=SYSTEM, now=NOW)
    assert seal_again(conn, both, actor=SYSTEM, now=NOW) == 1
    monkeypatch.setattr("gis.cases.callers.commands.row_of_phone", lambda *_: before)
    assert call(conn, cast, key="k2", ring=both).caller_id == taken.caller_id
    told = reveal(
        conn, actor=cast.leader, ring=both, caller_id=taken.caller_id, reason="约看现场", now=NOW
    )
    assert (told.phone, told.name) == (PHONE, "张建国")


def test_the_file_of_keys_is_made_once_and_never_in_place_of_a_lost_one(
    conn: Connection, cast: Cast, tmp_path: Path
) -> None:
    ring = ring_of(conn, tmp_path, now=NOW)
    file = key_file(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ring_of(conn, tmp_path, now=NOW) == ring
    call(conn, cast, ring=ring)
    file.unlink()
    with pytest.raises(Unavailable, match="put the file back"):
        ring_of(conn, tmp_path, now=NOW)
    assert not file.exists()
    assert forget_everybody(conn, actor=SYSTEM, now=NOW) == 1
    assert ring_of(conn, tmp_path, now=NOW) != ring
    write_ring(tmp_path, ring)
    assert ring_of(conn, tmp_path, now=NOW) == ring
    file.write_text("{")
    with pytest.raises(Unavailable, match="cannot be read"):
        ring_of(conn, tmp_path, now=NOW)


def test_without_the_right_key_the_page_of_a_case_shows_what_is_masked(
    conn: Connection, cast: Cast
) -> None:
    number = call(conn, cast).case.number
    for ring in (None, KeyRing((Key.new(NOW),))):
        (shown,) = callers_of_case(conn, number, actor=cast.acceptor, ring=ring)
        assert (shown.phone, shown.name) == (SHOWN, "")
    assert callers_of_case(conn, number, actor=cast.handler, ring=RING) == []
