"""What the server has acknowledged, and whether the database holds exactly that."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, text

from gis.audit.trail import broken_links

_STEPS = text(
    "WITH own AS (SELECT id, number FROM cases WHERE description ^@ :mark)"
    " SELECT c.number, e.move FROM own c JOIN case_event e ON e.case_id = c.id"
    " UNION ALL SELECT c.number, e.action FROM own c JOIN case_task t ON t.case_id = c.id"
    " JOIN audit_event e ON e.subject_type = 'case_task' AND e.subject_id = t.id"
    " UNION ALL SELECT c.number, e.action FROM own c JOIN audit_event e"
    " ON e.subject_type = 'case' AND e.subject_id = c.id AND e.action = 'reply'"
    " UNION ALL SELECT c.number, 'call ' || r.kind FROM own c"
    " JOIN caller_call r ON r.case_id = c.id"
)
"""Moves, sub-tasks, replies and calls of the cases of this run, as the database holds them."""
_SPLIT = text(
    "SELECT (SELECT count(*) FROM cases c WHERE c.description ^@ :mark AND c.version <>"
    " (SELECT count(*) FROM case_event e WHERE e.case_id = c.id))"
    " + (SELECT count(*) FROM case_task t JOIN cases c ON c.id = t.case_id"
    " WHERE c.description ^@ :mark AND t.version <> (SELECT count(*) FROM audit_event e"
    " WHERE e.subject_type = 'case_task' AND e.subject_id = t.id))"
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
    commands: Counter[str] = field(default_factory=Counter)
    """How often each command was answered."""
    otherwise: int = 0
    """Requests that were sent once more after their answer and answered otherwise then."""
    closed: int = 0
    _lock: Lock = field(default_factory=Lock)

    def acknowledge(self, number: str, move: str, state: str) -> None:
        """The server has said that this step is made."""
        with self._lock:
            self.steps.setdefault(number, []).append(move)
            self.closed += state == "CLOSED"

    def answered(self, command: str, *, otherwise: bool) -> None:
        """A command is through; whether its repetition was answered with something else."""
        with self._lock:
            self.commands[command] += 1
            self.otherwise += otherwise

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
    """Cases and sub-tasks whose version is not the number of their steps; broken links."""
    otherwise: int
    """Repeated requests that were answered otherwise than the first time."""


def reckon(conn: Connection, ledger: Ledger) -> Reckoning:
    """Every acknowledged step is there, once; nothing else is."""
    mark = {"mark": ledger.mark}
    stored = Counter((row.number, row.move) for row in conn.execute(_STEPS, mark))
    said = Counter((number, move) for number, moves in ledger.steps.items() for move in moves)
    return Reckoning(
        lost=(said - stored).total(),
        doubled=(stored - said).total() + conn.execute(_TWICE, mark).scalar_one(),
        torn=conn.execute(_SPLIT, mark).scalar_one()
        + sum(len(broken_links(conn, subject_type=kind)) for kind in ("case", "case_task")),
        otherwise=ledger.otherwise,
    )


def waiting(conn: Connection) -> int:
    """Messages that nobody has delivered yet."""
    return int(conn.execute(_WAITING).scalar_one())
