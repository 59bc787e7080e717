"""Writing to the reporters of a case by hand."""

from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, acting_role, require
from gis.audit import idempotency, trail
from gis.cases.clusters.model import ReplyKind
from gis.cases.intake_rules import faults_of_text
from gis.cases.locking import locked_row
from gis.cases.records import is_case_number
from gis.db.sqlfile import load_sql
from gis.errors import Fault, Invalid, NotFound, fault
from gis.i18n import N_

_LOCK = load_sql("gis.cases", "case_for_move")
_WRITE = load_sql(__package__, "write_reply")


def reply(
    conn: Connection, *, actor: Actor, number: str, words: str, key: str, now: datetime
) -> int:
    """
    Write the same words to everybody who reported a case or a report merged into it.

    The centre speaks to citizens with one voice: those who accept reports and who close cases
    write, departments and supervisors do not (ours). The case's version stays: a reply is no
    move. Answers how many were told; the same `key` again tells nobody twice.

    Raises
    ------
    Forbidden
        Without the right to reply to reporters.
    NotFound, Conflict
        No such case for this person; somebody is moving it.
    Invalid
        When nothing is written, or too much; or the key was used for other words.
    """
    require(actor, Permission.REPLY_TO_REPORTERS)
    faults: list[Fault] = list(faults_of_text("words", words))
    if not words.strip():
        faults.append(fault("words", N_("This is needed.")))
    if faults:
        raise Invalid(N_("The reply cannot be sent as it is."), faults=faults)
    request = {"reply": number, "words": words}
    known = idempotency.claim(conn, person_id=actor.person_id, key=key, request=request, now=now)
    if known is not None:
        return int(known["told"])
    told = _tell(conn, actor, number, words, now)
    idempotency.keep_response(conn, person_id=actor.person_id, key=key, response={"told": told})
    return told


def _tell(conn: Connection, actor: Actor, number: str, words: str, now: datetime) -> int:
    params = {
        "number": number,
        **actor.scope.params_of(actor.person_id),
    }
    case = locked_row(conn, _LOCK, params, number=number) if is_case_number(number) else None
    if case is None:
        raise NotFound(N_("There is no case {number} in your area."), number=number)
    told = conn.execute(
        _WRITE,
        {
            "case_id": case.id,
            "kind": str(ReplyKind.WRITTEN),
            "words": words,
            "now": now,
            "made_by": actor.person_id,
        },
    ).rowcount
    trail.record(
        conn,
        subject_type="case",
        subject_id=case.id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.REPLY_TO_REPORTERS),
        action="reply",
        at=now,
        data={"words": words, "told": told},
    )
    return told
