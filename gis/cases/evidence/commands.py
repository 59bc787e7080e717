"""Deciding about a finding."""

from datetime import datetime

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Permission, acting_role, require
from gis.audit import trail
from gis.cases.evidence.checks import SUBJECT, lock_trail
from gis.cases.intake_rules import faults_of_text
from gis.db.sqlfile import statement
from gis.errors import Conflict, Invalid, NotFound, Refused, fault
from gis.i18n import N_

ACCEPTED, NOT_ACCEPTABLE = "accepted", "not_acceptable"
DECISIONS = (ACCEPTED, NOT_ACCEPTABLE)
_FIND = statement(
    "SELECT f.id, f.case_id, f.event_seq, f.kind, f.person_id, f.flagged, f.decision, c.number,"
    " d.name AS decided_by"
    " FROM evidence_finding f JOIN cases c ON c.id = f.case_id"
    " LEFT JOIN person d ON d.id = f.decided_by"
    " WHERE f.id = :id AND {in_scope(c)} FOR UPDATE OF f"
)
_DECIDE = text(
    "UPDATE evidence_finding SET decision = :decision, decided_by = :by, decided_at = :now,"
    " decision_note = :note WHERE id = :id"
)


def decide(
    conn: Connection, *, actor: Actor, finding_id: int, decision: str, note: str, now: datetime
) -> None:
    """
    Accept a flagged finding or call it not acceptable; once, on the trail, with its reason.

    Raises
    ------
    Forbidden
        Without the right to audit cases.
    NotFound
        No such flagged finding within the actor's area.
    Refused
        When it is about the actor's own step.
    Conflict
        When somebody else has decided meanwhile; says who.
    Invalid
        An unknown decision, or "not acceptable" without a reason.
    """
    require(actor, Permission.AUDIT_CASES)
    _check_words(decision, note)
    params = {
        "id": finding_id,
        **actor.scope.params(),
    }
    found = conn.execute(_FIND, params).one_or_none()
    if found is None or not found.flagged:
        raise NotFound(N_("There is no such finding in your area."))
    if found.person_id is not None and found.person_id == actor.person_id:
        raise Refused(N_("Nobody decides about an own photo. Leave it to another auditor."))
    if found.decision is not None:
        raise Conflict(
            N_("{who} has decided about this photo of case {number} meanwhile."),
            who=found.decided_by or "–",
            number=found.number,
        )
    conn.execute(
        _DECIDE,
        {"id": finding_id, "decision": decision, "by": actor.person_id, "now": now, "note": note},
    )
    lock_trail(conn, found.case_id)
    trail.record(
        conn,
        subject_type=SUBJECT,
        subject_id=found.case_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.AUDIT_CASES),
        action=decision,
        at=now,
        data={"finding": found.id, "kind": found.kind, "seq": found.event_seq, "note": note},
    )


def _check_words(decision: str, note: str) -> None:
    faults = list(faults_of_text("note", note))
    if decision not in DECISIONS:
        faults.append(fault("decision", N_("A finding is accepted or not acceptable.")))
    elif decision == NOT_ACCEPTABLE and not note.strip():
        faults.append(fault("note", N_("Say why the photo is not acceptable.")))
    if faults:
        raise Invalid(N_("The decision cannot be kept as it is."), faults=faults)
