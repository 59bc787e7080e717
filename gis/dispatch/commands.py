"""Moving a case with the dispatch rules at hand."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gis.accounts.model import Actor
from gis.cases import commands
from gis.cases.asking import Proposed
from gis.cases.model import Move
from gis.cases.records import Case
from gis.cases.settings import read_case_settings
from gis.dispatch.model import Proposal, Question
from gis.dispatch.queries import propose


def question_of(case: Case, now: datetime, zone: ZoneInfo) -> Question:
    """A case as the dispatch rules look at it at the moment `now`."""
    return Question(
        grid_code=case.grid_code,
        kind=case.kind,
        edition=case.edition,
        class_code=case.class_code,
        condition_no=case.condition_no,
        at=now.astimezone(zone),
    )


def proposal_for(conn: Connection, case: Case, now: datetime) -> Proposal | None:
    """What the rules propose for a case now, faults included."""
    return propose(conn, question_of(case, now, read_case_settings(conn).zone))


def proposed(conn: Connection, case: Case, now: datetime) -> Proposed | None:
    """The same in the words that the commands of cases know; None where the rule is faulty."""
    proposal = proposal_for(conn, case, now)
    if proposal is None or proposal.flaws:
        return None
    assistants = tuple(one.id for one in proposal.assistants)
    return Proposed(proposal.department.id, proposal.rule.id, assistants)


def move_case(
    conn: Connection,
    *,
    actor: Actor,
    number: str,
    move: Move | str,
    fields: Mapping[str, object],
    expected_version: int | None,
    key: str | None = None,
    now: datetime,
) -> Case:
    """
    Make one move of a case; the entry for pages, routes and jobs.

    `gis.cases.commands.move_case` with the dispatch rules: a dispatch to the
    department they propose needs no reason, the case remembers the rule. The
    rules are asked under the case's lock, and only by moves that look at them.
    """
    return commands.move_case(
        conn,
        actor=actor,
        number=number,
        move=move,
        fields=fields,
        expected_version=expected_version,
        key=key,
        now=now,
        propose=proposed,
    )
