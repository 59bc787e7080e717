"""Taking a call: a new case, one more voice for another, a question; a look at a number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Actor, Permission, Role, acting_role, require
from gis.audit import idempotency, trail
from gis.cases.callers.phones import (
    faults_of_name,
    faults_of_number,
    faults_of_words,
    masked,
    plain_number,
)
from gis.cases.callers.queries import row_of_phone
from gis.cases.callers.records import About, Caller, NewCall, Rang, Revealed, Taken
from gis.cases.callers.sealing import KeyRing
from gis.cases.intake import report_case
from gis.cases.intake_rules import faults_of_report
from gis.cases.records import NewCase, is_case_number
from gis.cases.workflow import STATES
from gis.db.sqlfile import load_sql
from gis.errors import Fault, Invalid, NotFound, Refused, fault
from gis.i18n import N_

REASON_FEWEST, REASON_MOST = 4, 200
_KEEP = load_sql(__package__, "keep_caller")
_GREET = load_sql(__package__, "greet_caller")
_JOIN = load_sql(__package__, "case_to_join")
_CALL = load_sql(__package__, "write_call")
_IN_SCOPE = load_sql(__package__, "caller_in_scope")
_HAS_RUNG = text(
    "SELECT EXISTS (SELECT FROM caller_call WHERE case_id = :case_id AND caller_id = :caller_id)"
)


def at_the_desk(actor: Actor) -> Actor:
    """The same person in the post of the call desk only: what is written there comes from there."""
    roles = actor.roles & {Role.ACCEPTOR, Role.SYSTEM}
    return replace(actor, roles=frozenset(roles) or actor.roles)


def take_call(
    conn: Connection, *, actor: Actor, ring: KeyRing, call: NewCall, key: str, now: datetime
) -> Taken:
    """
    A call that becomes a case, with its caller; the source is `call_desk`.

    Through the one intake there is, with its idempotency key. The number is
    sealed; where it stands in the text, the call is refused, since texts are read by many.

    Raises
    ------
    Forbidden, Invalid, Refused
        As `report_case`; Invalid with all faults of caller and report together.
    """
    require(actor, Permission.TAKE_CALLS)
    caller, report = call.caller, call.report
    faults = [
        *_faults_of(caller),
        *_faults_of_texts(report, plain_number(caller.phone)),
        *faults_of_report(report),
    ]
    _check(faults)
    made = report_case(conn, actor=at_the_desk(actor), report=report, key=key, now=now)
    if made.replayed:
        return Taken(case=made, caller_id=_caller_of(conn, ring, caller, made.case_id))
    about = About(made.case_id, made.number, Rang.REPORTED)
    return Taken(case=made, caller_id=keep_call(conn, actor, ring, caller, about, now))


def join_case(
    conn: Connection,
    *,
    actor: Actor,
    ring: KeyRing,
    number: str,
    caller: Caller,
    key: str,
    now: datetime,
) -> int:
    """
    Add a caller to an open case instead of making another one; answers the caller's id.

    The caller follows the case: replies go to all who told of it. Joining
    twice changes nothing.

    Raises
    ------
    NotFound, Refused
        No such case in the actor's area; the case has ended.
    Forbidden, Invalid
        Without the right to take calls; number or name are wrong.
    """
    require(actor, Permission.TAKE_CALLS)
    _check(_faults_of(caller))
    case = _case(conn, actor, number)
    request = {"join": number, "caller": ring.lookup(plain_number(caller.phone)).hex()}
    known = idempotency.claim(conn, person_id=actor.person_id, key=key, request=request, now=now)
    if known is not None:
        return int(known["caller_id"])
    if not case.open:
        raise Refused(
            N_(
                "Case {number} has ended ({state}). Take the call as a new case, or reopen the old"
                " one where the caller says that it is not done."
            ),
            number=number,
            state=STATES[case.state].name,
        )
    about = About(case.id, number, Rang.JOINED)
    caller_id = keep_call(conn, actor, ring, caller, about, now)
    answer = {"caller_id": caller_id}
    idempotency.keep_response(conn, person_id=actor.person_id, key=key, response=answer)
    return caller_id


def keep_call(
    conn: Connection, actor: Actor, ring: KeyRing, caller: Caller, about: About, now: datetime
) -> int:
    """
    Keep who rang about a case, sealed, and that it was told; answers the caller's id.

    What comes after the checks: the caller of this has looked at right, number, name and case.
    """
    caller_id = _keep(conn, actor, ring, caller, now)
    _write_call(conn, actor, caller_id, about.case_id, about.number, about.rang, now)
    return caller_id


def note_question(
    conn: Connection, *, actor: Actor, ring: KeyRing, number: str, caller: Caller, now: datetime
) -> None:
    """
    Keep that a caller asked how a case stands; a caller who is not known stays unknown.

    Raises
    ------
    NotFound, Forbidden, Invalid
        As `join_case`.
    """
    require(actor, Permission.TAKE_CALLS)
    _check(_faults_of(caller))
    case = _case(conn, actor, number)
    row = row_of_phone(conn, ring, caller.phone)
    if row is not None and conn.execute(_GREET, _greeting(row, None, now)).scalar():
        _write_call(conn, actor, row.id, case.id, number, Rang.ASKED, now)


def reveal(
    conn: Connection,
    *,
    actor: Actor,
    ring: KeyRing,
    caller_id: int,
    reason: str,
    now: datetime,
) -> Revealed:
    """
    Name and number in full; who looked, when and why stands on the trail for ever.

    Show it only after the transaction has committed: nobody sees a number without a trace.

    Raises
    ------
    Forbidden
        Without the right to see callers' numbers.
    NotFound
        No such caller with a case in the actor's area, or forgotten already.
    Invalid
        Without a reason, or when the reason gives the number away.
    Unavailable
        When the key that closed it is gone.
    """
    require(actor, Permission.REVEAL_CALLERS)
    said = reason.strip()
    _check(_faults_of_reason(said))
    where = actor.scope.params()
    row = conn.execute(_IN_SCOPE, {"caller_id": caller_id, **where}).one_or_none()
    if row is None or row.phone_cipher is None:
        raise NotFound(N_("There is no such caller in your area, or the number was forgotten."))
    bound = bytes(row.phone_lookup)
    phone = ring.open("phone", bytes(row.phone_cipher), row=bound)
    name = ring.open("name", bytes(row.name_cipher), row=bound) if row.name_cipher else ""
    _check(faults_of_words("reason", said, phone))
    _record(conn, actor, caller_id, "revealed", {"reason": said}, Permission.REVEAL_CALLERS, now)
    return Revealed(phone=phone, name=name)


def _check(faults: list[Fault]) -> None:
    if faults:
        message = N_("The call cannot be taken as it is. Put right what is marked.")
        raise Invalid(message, faults=faults)


def _faults_of(caller: Caller) -> list[Fault]:
    return [*faults_of_number(caller.phone), *faults_of_name(caller.name)]


def _faults_of_texts(report: NewCase, number: str) -> list[Fault]:
    """The number stands neither in the text nor in an answer: both go into the history."""
    answers = [words for words in report.answers.values() if isinstance(words, str)]
    said = [("text", report.text), *(("answers", words) for words in answers)]
    return [one for name, words in said for one in faults_of_words(name, words, number)]


def _faults_of_reason(said: str) -> list[Fault]:
    if REASON_FEWEST <= len(said) <= REASON_MOST and said.isprintable():
        return []
    message = N_("Say in {fewest} to {most} characters why the number is needed.")
    return [fault("reason", message, fewest=REASON_FEWEST, most=REASON_MOST)]


def _case(conn: Connection, actor: Actor, number: str) -> Row[Any]:
    where = actor.scope.params()
    found = (
        conn.execute(_JOIN, {"number": number, **where}).one_or_none()
        if is_case_number(number)
        else None
    )
    if found is None:
        raise NotFound(N_("There is no case {number} in your area."), number=number)
    return found


def _keep(conn: Connection, actor: Actor, ring: KeyRing, caller: Caller, now: datetime) -> int:
    """The id of the caller of a number; the row is held until the end of the transaction."""
    phone, name = plain_number(caller.phone), caller.name.strip()
    known = row_of_phone(conn, ring, phone)
    if known is not None:
        bound = bytes(known.phone_lookup)
        sealed = ring.seal("name", name, row=bound) if name else None
        greeted = conn.execute(_GREET, _greeting(known, sealed, now)).scalar()
        if greeted is not None:
            return int(greeted)
    bound = ring.lookup(phone)
    row = conn.execute(
        _KEEP,
        {
            "name_cipher": ring.seal("name", name, row=bound) if name else None,
            "phone_cipher": ring.seal("phone", phone, row=bound),
            "phone_lookup": bound,
            "phone_masked": masked(phone),
            "now": now,
        },
    ).one()
    if row.made:
        _record(conn, actor, row.id, "kept", {}, Permission.TAKE_CALLS, now)
    return int(row.id)


def _greeting(row: Row[Any], name_cipher: bytes | None, now: datetime) -> dict[str, Any]:
    lookup = bytes(row.phone_lookup)
    return {"id": row.id, "phone_lookup": lookup, "name_cipher": name_cipher, "now": now}


def _caller_of(conn: Connection, ring: KeyRing, caller: Caller, case_id: int) -> int:
    """The caller of a call that was taken before; another number under its key is refused."""
    row = row_of_phone(conn, ring, caller.phone)
    if (
        row is None
        or not conn.execute(_HAS_RUNG, {"caller_id": row.id, "case_id": case_id}).scalar()
    ):
        raise Invalid(
            N_("This key was used before with other contents. Open the form anew and send again."),
            faults=[fault("key", N_("The key belongs to an earlier request."))],
        )
    return int(row.id)


def _write_call(
    conn: Connection,
    actor: Actor,
    caller_id: int,
    case_id: int,
    number: str,
    rang: Rang,
    now: datetime,
) -> None:
    """A caller reports or joins a case once; `case_follower` follows from it."""
    new = conn.execute(
        _CALL,
        {
            "caller_id": caller_id,
            "case_id": case_id,
            "kind": str(rang),
            "now": now,
            "taken_by": actor.person_id,
        },
    ).scalar()
    if new is not None:
        data = {"number": number}
        _record(conn, actor, caller_id, str(rang), data, Permission.TAKE_CALLS, now)


def _record(
    conn: Connection,
    actor: Actor,
    caller_id: int,
    action: str,
    data: Mapping[str, Any],
    permission: Permission,
    now: datetime,
) -> None:
    trail.record(
        conn,
        subject_type="caller",
        subject_id=caller_id,
        actor_id=actor.person_id,
        role=acting_role(actor, permission),
        action=action,
        at=now,
        data=data,
    )
