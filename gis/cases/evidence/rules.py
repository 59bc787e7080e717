"""When a photo does not fit: pure decisions. Facts, times and settings come as arguments."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from gis.cases.evidence.model import Finding, FindingKind, Level, PhotoFacts
from gis.cases.model import Move
from gis.cases.settings import CaseSettings

CHECKED_MOVES: Final = frozenset(
    {Move.VERIFY_TRUE, Move.VERIFY_FALSE, Move.REPORT_DONE, Move.CHECK_PASSED, Move.CHECK_FAILED}
)
"""Moves whose photos are compared before they are made; a report's are compared after it."""

AFTER: Final[Mapping[Move, tuple[Move, ...]]] = {
    Move.VERIFY_TRUE: (Move.ORDER_VERIFICATION, Move.REOPEN),
    Move.VERIFY_FALSE: (Move.ORDER_VERIFICATION, Move.REOPEN),
    Move.REPORT_DONE: (Move.DISPATCH, Move.ARBITRATE),
    Move.CHECK_PASSED: (Move.ORDER_CHECK,),
    Move.CHECK_FAILED: (Move.ORDER_CHECK,),
}
"""The order after which the photos of a move are taken: the newest step that is one of these."""


def findings_of(
    facts: PhotoFacts, *, since: datetime | None, now: datetime, settings: CaseSettings
) -> Iterator[Finding]:
    """
    What does not fit about one photo, by the settings of the district.

    Parameters
    ----------
    since : the order, dispatch or report before which the photo cannot show what it should;
        None where no such moment is known, and age is not judged.
    now : when the step is made.

    Notes
    -----
    Clocks of phones and of the district differ: `evidence_slack_minutes` on both sides are
    forgiven. A photo exactly at a limit fits.
    """
    for kind, metres, minutes in _measured(facts, since, now, settings):
        level = level_of(kind, settings)
        if level is not Level.OFF:
            yield Finding(
                sha256=facts.sha256,
                kind=kind,
                level=level,
                metres=metres,
                minutes=minutes,
                other_case_id=facts.other_case_id if kind is FindingKind.REUSED else None,
                other_seq=facts.other_seq if kind is FindingKind.REUSED else None,
                other_at=facts.other_at if kind is FindingKind.REUSED else None,
            )


def level_of(kind: FindingKind, settings: CaseSettings) -> Level:
    """What the district does about a kind of finding."""
    return Level(
        {
            FindingKind.FAR: settings.evidence_far,
            FindingKind.OLD: settings.evidence_old,
            FindingKind.AHEAD: settings.evidence_old,
            FindingKind.NO_PLACE: settings.evidence_missing,
            FindingKind.NO_TIME: settings.evidence_missing,
            FindingKind.REUSED: settings.evidence_reused,
        }[kind]
    )


_Measured = tuple[FindingKind, float | None, float | None]


def _measured(
    facts: PhotoFacts, since: datetime | None, now: datetime, settings: CaseSettings
) -> Iterator[_Measured]:
    if facts.metres is None:
        yield FindingKind.NO_PLACE, None, None
    elif facts.metres > settings.evidence_far_m:
        yield FindingKind.FAR, facts.metres, None
    slack = timedelta(minutes=settings.evidence_slack_minutes)
    taken = facts.taken_at
    if taken is None:
        yield FindingKind.NO_TIME, None, None
    elif since is not None and taken < since - slack:
        yield FindingKind.OLD, None, _minutes(since - taken)
    elif taken > now + slack:
        yield FindingKind.AHEAD, None, _minutes(taken - now)
    if facts.other_case_id is not None:
        yield FindingKind.REUSED, None, None


def _minutes(span: timedelta) -> float:
    return round(span.total_seconds() / 60, 1)
