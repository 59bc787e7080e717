"""Comparing the photos of a step with its case: before a move is written, after a report was."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.audit import trail
from gis.cases.asking import Ask
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.evidence.model import Finding, Level, PhotoFacts
from gis.cases.evidence.rules import AFTER, CHECKED_MOVES, findings_of
from gis.cases.evidence.words import sentence
from gis.cases.model import Move
from gis.cases.move_fields import photo_fields
from gis.cases.places import known_photos
from gis.cases.records import Case
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.workflow import MOVES
from gis.db.sqlfile import load_sql
from gis.errors import Invalid, Refused, Term, fault
from gis.i18n import N_

REASON = "reason_evidence"
"""The field in which the person says why a photo is as it is."""
SUBJECT = "evidence"
"""The chain of the trail that holds findings and decisions about a case's photos."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('evidence', :case_id))")
_FACTS = load_sql(__package__, "photo_facts")
_KEEP = load_sql(__package__, "keep_findings")
_REPORTED = load_sql(__package__, "reported_photos")
_LOOK = N_("The photos do not fit this case. Say why, or take others.")
_SAY_WHY = N_("Photo {n}: {what}. Say why.")
_NOT_TAKEN = N_("Photo {n} is not accepted here: {what}. Take a photo on the spot.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding as a person reads it before the move is made."""

    photo_no: int
    """Which of the photos, counted from 1."""
    what: Term
    level: Level


@dataclass(frozen=True, slots=True)
class Shown:
    """The photos of a step that was written, and what they are compared with."""

    case_id: int
    seq: int
    photos: tuple[str, ...]
    actor_id: int | None
    role: str
    since: datetime | None
    """Before this they cannot show what they should; None: their age is not judged."""
    at: datetime


def check(ask: Ask) -> list[Finding]:
    """
    What does not fit between the photos of a move and its case.

    Asked after the guards and the fields, before anything is written. A kind that the district
    refuses refuses the move; a kind it warns of needs the field `reason_evidence`.

    Raises
    ------
    Refused
        When a photo is of a kind that is refused; says which, with its figures.
    Invalid
        When a reason is needed and none was given: a fault per finding, figures included.
    """
    if ask.row.move not in CHECKED_MOVES:
        return []
    photos = [(name, sha) for name in photo_fields(ask.fields) for sha in ask.fields[name]]
    if not photos:
        return []
    found = _compare(ask, photos)
    ask_why(found, [sha for _, sha in photos], said=REASON in ask.fields, settings=ask.settings)
    return found


def ask_why(
    found: Sequence[Finding], photos: Sequence[str], *, said: bool, settings: CaseSettings
) -> None:
    """
    Go on only where nothing found is refused, and a reason was `said` where one is needed.

    Raises
    ------
    Refused, Invalid
        See `check`.
    """
    numbers = {sha: n for n, sha in enumerate(photos, 1)}
    for finding in found:
        if finding.level is Level.REFUSE:
            what = sentence(finding, settings=settings)
            raise Refused(_NOT_TAKEN, n=numbers[finding.sha256], what=what, detail=finding.kind)
    asked = [f for f in found if f.level is Level.WARN]
    if asked and not said:
        faults = [
            fault(REASON, _SAY_WHY, n=numbers[f.sha256], what=sentence(f, settings=settings))
            for f in asked
        ]
        raise Invalid(_LOOK, faults=faults)


def keep(ask: Ask, findings: Sequence[Finding]) -> None:
    """Keep the findings of the step that was just written; the flagged go to the auditor."""
    if findings:
        said = str(ask.fields.get(REASON, ""))
        keep_findings(
            ask.conn, ask.case.id, None, findings, actor_id=ask.actor.person_id, said=said,
            role=str(ask.role), now=ask.now,
        )  # fmt: skip


def doubts(
    conn: Connection,
    *,
    actor: Actor,
    case: Case,
    move: Move,
    photos: Sequence[tuple[str, str]],
    now: datetime,
) -> list[Doubt]:
    """
    What `check` would say of photos as (field, hash), for a form that is still being filled in.

    Only of photos that the person has sent: of others it tells nothing.
    """
    if move not in CHECKED_MOVES or not photos:
        return []
    own = known_photos(conn, [sha for _, sha in photos], person_id=actor.person_id)
    settings = read_case_settings(conn)
    ask = Ask(conn, actor, Role.SYSTEM, case, MOVES[move], {}, now, settings)
    mine = [(name, sha) for name, sha in photos if sha in own]
    numbers = {sha: n for n, (_, sha) in enumerate(photos, 1)}
    return doubts_of(_compare(ask, mine), numbers, settings)


def doubts_of(
    found: Sequence[Finding], numbers: Mapping[str, int], settings: CaseSettings
) -> list[Doubt]:
    """Findings as a form shows them; what is only noted is left out."""
    return [
        Doubt(numbers[f.sha256], sentence(f, settings=settings), f.level)
        for f in found
        if f.level is not Level.NOTE
    ]


def look_at_report(conn: Connection, case_id: int) -> int:
    """
    Compare the photos of a report with its case, after it was taken in; answers how many findings.

    A report is never held up: the phone that sends it may stand in a queue without a person at
    it. What the district refuses elsewhere is flagged here. Safe to repeat.
    """
    row = conn.execute(_REPORTED, {"case_id": case_id}).one_or_none()
    if row is None or not row.photos:
        return 0
    settings = read_case_settings(conn)
    written = datetime.fromisoformat(row.written_at) if row.written_at else row.reported_at
    since = min(written, row.reported_at) - timedelta(hours=settings.evidence_report_hours)
    step = Shown(case_id, 1, tuple(row.photos), row.actor_id, row.role, since, row.reported_at)
    return look_at_step(conn, step, settings)


def look_at_step(conn: Connection, step: Shown, settings: CaseSettings) -> int:
    """The same for any step that was written already; nothing of it is held up or refused."""
    found = [
        finding
        for facts in facts_of(conn, step.case_id, step.seq, step.photos, step.at)
        for finding in findings_of(facts, since=step.since, now=step.at, settings=settings)
    ]
    if found:
        keep_findings(
            conn, step.case_id, step.seq, found, actor_id=step.actor_id, said="", role=step.role,
            now=step.at,
        )  # fmt: skip
    return len(found)


def lock_trail(conn: Connection, case_id: int) -> None:
    """
    One after the other writes to the chain of a case's evidence.

    Not by the case's own lock: whoever moves the case at this moment is not turned away.
    """
    conn.execute(_LOCK, {"case_id": case_id})


def _compare(ask: Ask, photos: Sequence[tuple[str, str]]) -> list[Finding]:
    ordered = ask.last(*AFTER[ask.row.move])
    before = ask.case.reported_at - timedelta(hours=ask.settings.evidence_report_hours)
    field_of = {sha: name for name, sha in photos}
    found: list[Finding] = []
    for facts in facts_of(ask.conn, ask.case.id, None, list(field_of), ask.now):
        since = ordered.at if ordered else None
        if field_of[facts.sha256] == "photo_before":  # shows what stood there before the work
            since = before
        found += findings_of(facts, since=since, now=ask.now, settings=ask.settings)
    return found


def facts_of(
    conn: Connection, case_id: int, event_seq: int | None, photos: Sequence[str], at: datetime
) -> list[PhotoFacts]:
    """What photos say beside their case; `event_seq`: the step they belong to already."""
    params = {"case_id": case_id, "event_seq": event_seq, "photos": list(photos), "at": at}
    return [PhotoFacts(**row._mapping) for row in conn.execute(_FACTS, params)]


def keep_findings(
    conn: Connection,
    case_id: int,
    event_seq: int | None,
    findings: Sequence[Finding],
    *,
    actor_id: int | None,
    said: str,
    role: str,
    now: datetime,
    task_id: int | None = None,
) -> None:
    """
    Keep findings of a step, or of the sub-task `task_id`; the flagged stand on the trail.

    `event_seq` None: of the newest step of the case.
    """
    rows = [
        {
            "sha256": f.sha256,
            "kind": str(f.kind),
            "metres": f.metres,
            "minutes": f.minutes,
            "other_case_id": f.other_case_id,
            "other_seq": f.other_seq,
            "flagged": f.flagged,
        }
        for f in findings
    ]
    params = {"case_id": case_id, "event_seq": event_seq, "task_id": task_id, "said": said,
              "rows": json.dumps(rows), "actor_id": actor_id, "now": now}  # fmt: skip
    kept = conn.execute(_KEEP, params).all()
    if not any(row.flagged for row in kept):
        return
    lock_trail(conn, case_id)
    trail.record(
        conn,
        subject_type=SUBJECT,
        subject_id=case_id,
        actor_id=actor_id,
        role=role,
        action="flagged",
        at=now,
        data={"findings": rows, "said": said, "seq": kept[0].event_seq},
    )
    notify(
        conn, case_id=case_id, kind=NoticeKind.EVIDENCE_FLAG, role=Role.AUDITOR, now=now,
        about=str(kept[0].event_seq) if task_id is None else f"task {task_id}",
    )  # fmt: skip
