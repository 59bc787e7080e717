"""The photos that an assisting department reports with, compared with the case like all others."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from gis.accounts.model import Actor
from gis.cases.evidence.checks import Doubt, ask_why, doubts_of, facts_of
from gis.cases.evidence.model import Finding
from gis.cases.evidence.rules import findings_of
from gis.cases.places import known_photos
from gis.cases.settings import CaseSettings, read_case_settings
from gis.db.sqlfile import with_conditions

_TASK = text(
    with_conditions(
        "SELECT t.case_id, t.made_at FROM case_task t JOIN cases c ON c.id = t.case_id"
        " WHERE t.id = :task_id AND c.number = :number AND {assisted(c)}"
    )
)


def check_report(
    conn: Connection,
    *,
    case_id: int,
    asked_at: datetime,
    photos: Sequence[str],
    reason: str,
    now: datetime,
) -> list[Finding]:
    """
    What does not fit between the case and the photos of a sub-task that was asked for then.

    Raises
    ------
    Refused, Invalid
        A photo of a kind the district refuses; a reason that is needed and was not given.
    """
    if not photos:
        return []
    settings = read_case_settings(conn)
    found = _compare(conn, case_id, asked_at, photos, now, settings)
    ask_why(found, photos, said=bool(reason.strip()), settings=settings)
    return found


def doubts_of_report(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    task_id: int,
    photos: Sequence[str],
    now: datetime,
) -> list[Doubt]:
    """What `check_report` would say of the actor's own photos, for a form being filled in."""
    params = {
        "task_id": task_id,
        "number": number,
        **actor.scope.params(),
    }
    task = conn.execute(_TASK, params).one_or_none()
    if task is None or not photos:
        return []
    own = known_photos(conn, photos, person_id=actor.person_id)
    settings = read_case_settings(conn)
    mine = [sha for sha in photos if sha in own]
    found = _compare(conn, task.case_id, task.made_at, mine, now, settings)
    return doubts_of(found, {sha: n for n, sha in enumerate(photos, 1)}, settings)


def _compare(
    conn: Connection,
    case_id: int,
    asked_at: datetime,
    photos: Sequence[str],
    now: datetime,
    settings: CaseSettings,
) -> list[Finding]:
    return [
        finding
        for facts in facts_of(conn, case_id, None, photos, now)
        for finding in findings_of(facts, since=asked_at, now=now, settings=settings)
    ]
