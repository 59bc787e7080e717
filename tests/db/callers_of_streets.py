"""Probes of the call desk for the proof that nobody sees or moves what lies in another street."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.callers import call_backs, commands, queries
from gis.cases.callers.records import CallBackAnswer, Caller, NewCall, Satisfied
from gis.cases.callers.sealing import Key, KeyRing
from gis.cases.records import NewCase
from gis.evaluation import satisfaction as said
from gis.standards.model import Kind
from tests import factories as make
from tests.db.other_street import AT, NOW, OTHER_CASE, WEEK, Other, Probe

RING = KeyRing((Key.new(NOW),))
PHONE = "13812341234"
_LATER = NOW + timedelta(days=2)


def _rung(conn: Connection, *, closed: bool = False) -> int:
    """Somebody rang about the other street's case, where there is one; answers the caller."""
    bound = RING.lookup(PHONE)
    caller_id = int(
        conn.execute(
            text(
                "INSERT INTO caller (phone_cipher, phone_lookup, phone_masked, created_at,"
                " changed_at) VALUES (:sealed, :bound, '138****1234', :now, :now) RETURNING id"
            ),
            {"sealed": RING.seal("phone", PHONE, row=bound), "bound": bound, "now": NOW},
        ).scalar_one()
    )
    for sql in (
        "INSERT INTO caller_call (caller_id, case_id, kind, at)"
        " SELECT :caller, id, 'reported', :now FROM cases WHERE number = :number",
        "INSERT INTO call_back (case_id, caller_id, closed_at, try, at, reached, satisfied)"
        " SELECT id, :caller, CAST(:now AS timestamptz) - interval '9 days', 1, :now, true, 'no'"
        " FROM cases WHERE number = :number",
        "INSERT INTO audit_event (subject_type, subject_id, seq, at, role, action, data, hash)"
        " SELECT 'caller', :caller, 1, :now, '', 'revealed', '{\"reason\": \"x\"}', ''"
        " FROM cases WHERE number = :number",
    ):
        conn.execute(text(sql), {"caller": caller_id, "now": NOW, "number": OTHER_CASE})
    if closed:
        conn.execute(
            text(
                "UPDATE cases SET open = false, state = 'CLOSED', closed_at = :now"
                " WHERE number = :number"
            ),
            {"now": NOW, "number": OTHER_CASE},
        )
    return caller_id


def _desk(who: Actor) -> Actor:
    return replace(who, roles=who.roles | {Role.ACCEPTOR, Role.AUDITOR})


def _card(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    card = queries.caller_card(conn, actor=_desk(who), ring=RING, phone=PHONE)
    return card and [case.number for case in card.cases]


def _cases(conn: Connection, who: Actor, _other: Other) -> Any:
    found = queries.cases_of_caller(conn, _rung(conn), actor=_desk(who))
    return [case.number for case in found]


def _callers(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    found = queries.callers_of_case(conn, OTHER_CASE, actor=_desk(who), ring=RING)
    return [caller.phone for caller in found]


def _looks(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    found = queries.reveals_by_person(
        conn, actor=_desk(who), starts=NOW - timedelta(days=1), ends=_LATER, zone="Asia/Shanghai"
    )
    return [row.reveals for row in found]


def _due(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn, closed=True)
    found = call_backs.due_call_backs(conn, actor=_desk(who), ring=RING, now=_LATER)
    return [row.number for row in found]


def _tries(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    return len(call_backs.call_backs_of_case(conn, OTHER_CASE, actor=_desk(who)))


def _share(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    return said.satisfaction(conn, period=WEEK, scope=who.scope)


def _behind(conn: Connection, who: Actor, _other: Other) -> Any:
    _rung(conn)
    return said.cases_answered(conn, period=WEEK, scope=who.scope)


READS: dict[str, Probe] = {
    "gis.cases.callers.queries.caller_card": _card,
    "gis.cases.callers.queries.cases_of_caller": _cases,
    "gis.cases.callers.queries.callers_of_case": _callers,
    "gis.cases.callers.queries.reveals_by_person": _looks,
    "gis.cases.callers.call_backs.due_call_backs": _due,
    "gis.cases.callers.call_backs.call_backs_of_case": _tries,
    "gis.evaluation.satisfaction.satisfaction": _share,
    "gis.evaluation.satisfaction.cases_answered": _behind,
}


def _take(conn: Connection, who: Actor, _other: Other) -> Any:
    lon, lat = make.middle(*AT)
    report = NewCase(kind=Kind.EVENT, class_code="0110", lon=lon, lat=lat, text="垃圾")
    call = NewCall(caller=Caller(phone=PHONE), report=report)
    return commands.take_call(
        conn, actor=_desk(who), ring=RING, call=call, key="k", now=NOW
    ).case.grid_code


def _join(conn: Connection, who: Actor, _other: Other) -> Any:
    return commands.join_case(
        conn, actor=_desk(who), ring=RING, number=OTHER_CASE, caller=Caller(phone=PHONE), key="k",
        now=NOW,
    )  # fmt: skip


def _ask(conn: Connection, who: Actor, _other: Other) -> Any:
    return commands.note_question(
        conn, actor=_desk(who), ring=RING, number=OTHER_CASE, caller=Caller(phone=PHONE), now=NOW
    )


def _reveal(conn: Connection, who: Actor, _other: Other) -> Any:
    caller_id = _rung(conn)
    return commands.reveal(
        conn, actor=_desk(who), ring=RING, caller_id=caller_id, reason="约看现场", now=NOW
    )


def _record(conn: Connection, who: Actor, _other: Other) -> Any:
    answer = CallBackAnswer(
        number=OTHER_CASE, caller_id=_rung(conn, closed=True), version=1, try_no=1, reached=True,
        satisfied=Satisfied.YES,
    )  # fmt: skip
    return call_backs.record_call_back(conn, actor=_desk(who), ring=RING, answer=answer, now=_LATER)


COMMANDS: dict[str, Probe] = {
    "gis.cases.callers.commands.take_call": _take,
    "gis.cases.callers.commands.join_case": _join,
    "gis.cases.callers.commands.note_question": _ask,
    "gis.cases.callers.commands.reveal": _reveal,
    "gis.cases.callers.call_backs.record_call_back": _record,
}

WITHOUT_AREA = {
    "gis.cases.callers.commands.keep_call": "its callers looked at right and case",
    "gis.cases.callers.forgetting.forget_old_callers": "needs system_work, over the whole district",
    "gis.cases.callers.forgetting.forget_everybody": "needs system_work, over the whole district",
    "gis.cases.callers.merging.merge_callers": "part of seal_again, over the whole district",
    "gis.cases.callers.rotating.ring_with_new_key": "needs system_work, over the whole district",
    "gis.cases.callers.rotating.keys_in_use": "needs system_work, over the whole district",
    "gis.cases.callers.rotating.seal_again": "needs system_work, over the whole district",
}
