"""What the server has acknowledged, and whether the database holds exactly that."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, text

from gis.audit.trail import broken_links

_EVENTS = text(
    "SELECT c.number, e.move FROM case_event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.description ^@ :mark ORDER BY e.case_id, e.seq"
)
_SPLIT = text(
    "SELECT count(*) FROM cases c WHERE c.description ^@ :mark AND c.version <>"
    " (SELECT count(*) FROM case_event e WHERE e.case_id = c.id)"
)
_TWICE = text("SELECT count(*) - count(DISTINCT description) FROM cases WHERE description ^@ :mark")
_WAITING = text("SELECT count(*) FROM outbox WHERE delivered_at IS NULL")


@dataclass
class Ledger:
    """Steps in the order in which each case got its answers; written by several threads."""

    mark: str
    """Begins the description of every case of this run."""
    steps: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    closed: int = 0
    _lock: Lock = field(default_factory=Lock)

    def acknowledge(self, number: str, move: str, state: str) -> None:
        """The server has said that this step is made."""
        with self._lock:
            self.steps.setdefault(number, []).append(move)
            self.closed += state == "CLOSED"

    def refuse(self, why: str) -> None:
        """The server has said no: nothing may have happened."""
        with self._lock:
            self.refused.append(why)

    @property
    def acknowledged(self) -> int:
        """All steps so far."""
        with self._lock:
            return sum(map(len, self.steps.values()))


@dataclass(frozen=True)
class Reckoning:
    """The database beside the ledger."""

    lost: int
    doubled: int
    torn: int
    """Cases whose version is not the number of their steps, and broken links of the trail."""


def reckon(conn: Connection, ledger: Ledger) -> Reckoning:
    """Every acknowledged step is there, once; nothing else is."""
    mark = {"mark": ledger.mark}
    stored = Counter((row.number, row.move) for row in conn.execute(_EVENTS, mark))
    said = Counter((number, move) for number, moves in ledger.steps.items() for move in moves)
    return Reckoning(
        lost=(said - stored).total(),
        doubled=(stored - said).total() + conn.execute(_TWICE, mark).scalar_one(),
        torn=conn.execute(_SPLIT, mark).scalar_one() + len(broken_links(conn, subject_type="case")),
    )


def waiting(conn: Connection) -> int:
    """Messages that nobody has delivered yet."""
    return int(conn.execute(_WAITING).scalar_one())
