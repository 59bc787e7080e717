"""Writing to the reporters of a case by hand."""

from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, require
from gis.audit import trail
from gis.cases.clusters.model import ReplyKind
from gis.cases.intake_rules import acting_role, faults_of_text
from gis.cases.locking import locked_row
from gis.cases.records import is_case_number
from gis.cases.workflow import MOVES
from gis.db.sqlfile import load_sql
from gis.errors import Fault, Invalid, NotFound, fault
from gis.i18n import N_

_LOCK = load_sql("gis.cases", "case_for_move")
_WRITE = load_sql(__package__, "write_reply")
_REPLYING = frozenset().union(*(row.roles for row in MOVES.values()))


def reply(conn: Connection, *, actor: Actor, number: str, words: str, now: datetime) -> int:
    """
    Write the same words to everybody who reported a case or a report merged into it.

    The case's version stays: a reply is no move. Answers how many were told.

    Raises
    ------
    Forbidden
        When the actor may not move cases.
    NotFound, Conflict
        No such case for this person; somebody is moving it.
    Invalid
        When nothing is written, or too much.
    """
    require(actor, Permission.MOVE_CASES)
    faults: list[Fault] = list(faults_of_text("words", words))
    if not words.strip():
        faults.append(fault("words", N_("This is needed.")))
    if faults:
        raise Invalid(N_("The reply cannot be sent as it is."), faults=faults)
    params = {
        "number": number,
        "scope": actor.scope.as_list(),
        "department_id": actor.scope.department_id,
        "person_id": actor.person_id,
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
        role=str(acting_role(actor, _REPLYING)),
        action="reply",
        at=now,
        data={"words": words, "told": told},
    )
    return told
