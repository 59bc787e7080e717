"""Asking callers, after the end of a case, whether it is done and how they find it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, acting_role, require
from gis.audit import trail
from gis.cases.callers.commands import at_the_desk
from gis.cases.callers.phones import faults_of_words
from gis.cases.callers.queries import shown_name
from gis.cases.callers.records import (
    CallBack,
    CallBackAnswer,
    DueCallBack,
    Satisfied,
)
from gis.cases.callers.sealing import KeyRing
from gis.cases.commands import move_case
from gis.cases.intake_rules import faults_of_text
from gis.cases.model import Move, State
from gis.cases.settings import CaseSettings, read_case_settings
from gis.db.sqlfile import load_sql
from gis.errors import Conflict, Fault, Invalid, NotFound, Refused, Term, Unavailable, fault
from gis.i18n import N_

DUE_MOST = 50
TRIES_SHOWN = 20
NEXT_TRY_MOST = timedelta(days=30)
_DUE = load_sql(__package__, "due_call_backs")
_CASE = load_sql(__package__, "closed_case_of_caller")
_WRITE = load_sql(__package__, "write_call_back")
_OF_CASE = load_sql(__package__, "call_backs_of_case")


def due_call_backs(
    conn: Connection, *, actor: Actor, ring: KeyRing, now: datetime, most: int = DUE_MOST
) -> list[DueCallBack]:
    """
    Whom to ring now, the longest wait first.

    Callers of cases closed since `call_back_after_days` and not longer ago than
    `call_back_within_days`, of the share `call_back_percent`; who did not answer comes back at the
    time of the next try, up to `call_back_tries` times.
    """
    require(actor, Permission.TAKE_CALLS)
    settings = read_case_settings(conn)
    rows = conn.execute(
        _DUE,
        {
            "now": now,
            "ripe": now - timedelta(days=settings.call_back_after_days),
            "stale": now - timedelta(days=settings.call_back_within_days),
            "percent": settings.call_back_percent,
            "tries": settings.call_back_tries,
            **actor.scope.params(),
            "most": most,
        },
    )
    return [
        DueCallBack(
            number=row.number,
            case_id=row.case_id,
            caller_id=row.caller_id,
            version=row.version,
            state=State(row.state),
            class_name=Term(row.class_zh, row.class_en),
            street=Term(row.street_zh, row.street_en),
            description=row.description,
            closed_at=row.closed_at,
            phone=row.phone_masked,
            name=shown_name(ring, row),
            tries=row.tries,
            next_try_at=row.next_try_at,
            may_reopen_until=row.closed_at + timedelta(days=settings.reopening_days),
        )
        for row in rows
    ]


def call_backs_of_case(conn: Connection, number: str, *, actor: Actor) -> list[CallBack]:
    """The tries to reach the callers of a case, the newest first."""
    if not (actor.may(Permission.TAKE_CALLS) or actor.may(Permission.REVEAL_CALLERS)):
        return []
    rows = conn.execute(
        _OF_CASE,
        {
            "number": number,
            **actor.scope.params(),
            "most": TRIES_SHOWN,
        },
    )
    return [
        CallBack(
            try_no=getattr(row, "try"),
            at=row.at,
            made_by=row.made_by,
            reached=row.reached,
            satisfied=Satisfied(row.satisfied) if row.satisfied else None,
            words=row.words,
            next_try_at=row.next_try_at,
        )
        for row in rows
    ]


def record_call_back(
    conn: Connection, *, actor: Actor, ring: KeyRing, answer: CallBackAnswer, now: datetime
) -> State:
    """
    Keep one try, and with `reopen` send the case back to be verified; answers its state.

    Both or neither: when the case cannot be reopened (too late, nobody on
    duty), the answer is not kept either, and the form can be sent again
    without the reopening. A try that was not reached is made again at
    `next_try_at`, by default a day later, until `call_back_tries`.

    Raises
    ------
    NotFound
        No such caller of such a case in the actor's area.
    Refused, Conflict
        The case is not closed, the reopening time is over; somebody recorded this try meanwhile.
    Forbidden, Invalid
        Without the right to take calls; what was said is incomplete (all faults).
    """
    require(actor, Permission.TAKE_CALLS)
    settings = read_case_settings(conn)
    params = {
        "number": answer.number,
        "caller_id": answer.caller_id,
        **actor.scope.params(),
    }
    row = conn.execute(_CASE, params).one_or_none()
    if row is None:
        raise NotFound(N_("There is no caller of case {number} here."), number=answer.number)
    if row.closed_at is None or State(row.state) not in (State.CLOSED, State.FORCED_CLOSED):
        raise Refused(
            N_("Case {number} is not closed; ask its caller when it is."), number=answer.number
        )
    phone = _phone(ring, row.phone_cipher, row.phone_lookup)
    _check(answer, phone, now)
    written = conn.execute(
        _WRITE,
        {
            "case_id": row.case_id,
            "caller_id": answer.caller_id,
            "closed_at": row.closed_at,
            "try_no": answer.try_no,
            "now": now,
            "made_by": actor.person_id,
            "reached": answer.reached,
            "satisfied": answer.satisfied and str(answer.satisfied),
            "words": answer.words.strip(),
            "next_try_at": _next_try(answer, settings, now),
        },
    ).scalar()
    if written is None:
        raise Conflict(
            N_("Somebody else has recorded this call-back of case {number}. Look at it again."),
            number=answer.number,
        )
    _trace(conn, actor, answer, now)
    return _reopen(conn, actor, answer, now) if answer.reopen else State(row.state)


def _phone(ring: KeyRing, cipher: bytes | None, lookup: bytes | None) -> str:
    """The number that may not stand in the words; empty when it is not known any more."""
    if cipher is None or lookup is None:
        return ""
    try:
        return ring.open("phone", bytes(cipher), row=bytes(lookup))
    except Unavailable:
        return ""


def _next_try(answer: CallBackAnswer, settings: CaseSettings, now: datetime) -> datetime | None:
    if answer.reached or answer.try_no >= settings.call_back_tries:
        return None
    return answer.next_try_at or now + timedelta(days=1)


def _check(answer: CallBackAnswer, phone: str, now: datetime) -> None:
    faults: list[Fault] = list(faults_of_text("words", answer.words))
    if phone:
        faults += faults_of_words("words", answer.words, phone)
    if answer.reached and answer.satisfied is None:
        faults.append(fault("satisfied", N_("Say how the caller finds the result.")))
    if not answer.reached and (answer.satisfied or answer.reopen):
        message = N_("Only a caller who was reached can have said something.")
        faults.append(fault("satisfied", message))
    if answer.reopen and answer.satisfied is Satisfied.YES:
        message = N_("A satisfied caller does not ask for the case to be reopened.")
        faults.append(fault("reopen", message))
    if answer.reopen and not answer.words.strip():
        faults.append(fault("words", N_("Say what is not done; the supervisor reads it.")))
    soon = answer.next_try_at
    if soon is not None and not now < soon <= now + NEXT_TRY_MOST:
        message = N_("The next try lies within {days} days from now.")
        faults.append(fault("next_try_at", message, days=NEXT_TRY_MOST.days))
    if faults:
        message = N_("The call-back cannot be kept as it is. Put right what is marked.")
        raise Invalid(message, faults=faults)


def _trace(conn: Connection, actor: Actor, answer: CallBackAnswer, now: datetime) -> None:
    trail.record(
        conn,
        subject_type="caller",
        subject_id=answer.caller_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.TAKE_CALLS),
        action="called_back",
        at=now,
        data={
            "number": answer.number,
            "try": answer.try_no,
            "reached": answer.reached,
            "satisfied": answer.satisfied and str(answer.satisfied),
        },
    )


def _reopen(conn: Connection, actor: Actor, answer: CallBackAnswer, now: datetime) -> State:
    after = move_case(
        conn,
        actor=at_the_desk(actor),
        number=answer.number,
        move=Move.REOPEN,
        fields={"reason": answer.words.strip()},
        expected_version=answer.version,
        now=now,
    )
    return after.state
