"""
What a step of a case does to its cluster: who stands for whom, and what reporters are told.

Part of the move itself, in its transaction: no acknowledged step leaves a reporter without a word,
and none is told twice.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, select, text

from gis.cases.asking import Ask
from gis.cases.clusters.model import ReplyKind
from gis.cases.intake_rules import TEXT_MOST
from gis.cases.locking import locked_row
from gis.cases.model import Move, State
from gis.cases.move_fields import words_of
from gis.cases.records import Case
from gis.cases.tables import cases
from gis.cases.workflow import refusal
from gis.db.sqlfile import load_sql

_MERGE_IN = load_sql(__package__, "merge_in")
_TAKE_OUT = load_sql(__package__, "take_out")
_TELL = load_sql(__package__, "tell_reporters")
_HELD = load_sql(__package__, "held_standing")
_RESTORE = load_sql(__package__, "restore_merges")
_STANDS = text(
    "SELECT t.state FROM case_merge m JOIN cases t ON t.id = m.into_id WHERE m.case_id = :case_id"
)
_ENDED: Final = frozenset({State.CLOSED, State.FORCED_CLOSED})


def after_step(ask: Ask, after: Case) -> None:
    """
    What follows from a step that was just written; nothing for most of them.

    The caller holds the lock of the case. A case that ends or is refused tells everybody who
    reported it or a report merged into it; so do merging, unmerging and reopening.
    """
    follow = _FOLLOWS.get(ask.row.move)
    if follow is not None:
        follow(ask, after)
    elif ask.case.open and not after.open and after.state is not State.SELF_HANDLED:
        kind = ReplyKind.ENDED if after.state in _ENDED else ReplyKind.REFUSED
        words = "" if kind is ReplyKind.ENDED else words_of(ask.fields)
        _tell(ask, after.id, after.id, kind, words)


def may_leave(ask: Ask) -> bool:
    """Whether the case that stands for a merged one has not been closed."""
    return _is_not_closed(ask.conn.execute(_STANDS, {"case_id": ask.case.id}).scalar())


def restore_merges(conn: Connection) -> int:
    """Who stands for whom, for histories that a load wrote without the moves; answers how many."""
    return conn.execute(_RESTORE).rowcount


def _is_not_closed(state: str | None) -> bool:
    return state is not None and State(state) not in _ENDED


def _merged(ask: Ask, after: Case) -> None:
    into_id = ask.conn.execute(
        select(cases.c.id).where(cases.c.number == ask.fields["target_case"])
    ).scalar_one()
    _tell(ask, into_id, after.id, ReplyKind.MERGED, "")
    ask.conn.execute(
        _MERGE_IN,
        {
            "case_id": after.id,
            "into_id": into_id,
            "now": ask.now,
            "merged_by": ask.actor.person_id,
        },
    )


def _unmerged(ask: Ask, after: Case) -> None:
    """The guard has looked; here the other case is held, so that it cannot end meanwhile."""
    held = locked_row(ask.conn, _HELD, {"case_id": after.id}, number=after.number)
    if held is None or not _is_not_closed(held.state):
        raise refusal("target_is_not_closed", ask.row)
    ask.conn.execute(_TAKE_OUT, {"case_id": after.id})
    _tell(ask, after.id, after.id, ReplyKind.UNMERGED, "")


def _reopened(ask: Ask, after: Case) -> None:
    _tell(ask, after.id, after.id, ReplyKind.REOPENED, "")


_FOLLOWS: Final[Mapping[Move, Callable[[Ask, Case], None]]] = {
    Move.MERGE: _merged,
    Move.UNMERGE: _unmerged,
    Move.REOPEN: _reopened,
}


def _tell(ask: Ask, about_id: int, of_id: int, kind: ReplyKind, words: str) -> None:
    ask.conn.execute(
        _TELL,
        {
            "about_id": about_id,
            "of_id": of_id,
            "step_of": ask.case.id,
            "kind": str(kind),
            "words": words[:TEXT_MOST],
            "now": ask.now,
            "made_by": ask.actor.person_id,
        },
    )
