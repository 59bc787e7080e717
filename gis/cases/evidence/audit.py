"""What an auditor reads: findings, figures of supervisors, the sample of self-handled cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row

from gis.accounts.model import Scope
from gis.cases.evidence.deviation import Spread, spread
from gis.cases.evidence.model import FindingKind
from gis.cases.model import Move
from gis.cases.places import term_of
from gis.cases.settings import CaseSettings
from gis.cases.tasks.model import TaskStep
from gis.cases.workflow import MOVES
from gis.db.sqlfile import load_sql
from gis.errors import Term

MOST = 200
_FINDINGS = load_sql(__package__, "findings")
_FIGURES = load_sql(__package__, "supervisor_figures")
_CASES = load_sql(__package__, "supervisor_cases")
_SAMPLE = load_sql(__package__, "sample_to_audit")
_EVER = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


class Figure(StrEnum):
    """What supervisors are compared by."""

    PASS_RATE = "pass_rate"  # noqa: S105  a rate, no password
    """Checks passed of all checked; far below or above."""
    DISTANCE = "distance"
    """Median metres from photo to case; far above."""
    REUSE = "reuse"
    """Photos used before of all photos; far above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A finding as an auditor reads it."""

    id: int
    case_id: int
    number: str
    event_seq: int
    task_id: int | None
    """The sub-task it came with; None: the step itself."""
    move: Move
    sha256: str
    kind: FindingKind
    person_id: int | None
    person: str | None
    at: datetime
    metres: float | None
    minutes: float | None
    other_number: str | None
    """The case that used the picture before; None also where it lies outside the area."""
    other_at: datetime | None
    said: str
    flagged: bool
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str

    @property
    def step(self) -> Term:
        """What the photo came with, in words."""
        return MOVES[self.move].label if self.task_id is None else TaskStep.REPORT.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One supervisor's figures of a period."""

    person_id: int
    name: str
    checked: int
    passed: int
    photos: int
    placed: int
    """Photos that say where they were taken."""
    metres: float | None
    reused: int
    out: frozenset[Figure] = frozenset()
    """The figures that lie too far from those of the others."""

    def value(self, figure: Figure, *, fewest: int) -> float | None:
        """A figure; None where fewer than `fewest` steps or photos stand behind it."""
        if figure is Figure.PASS_RATE:
            return self.passed / self.checked if self.checked >= fewest else None
        if figure is Figure.DISTANCE:
            return self.metres if self.placed >= fewest else None
        return self.reused / self.photos if self.photos >= fewest else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All supervisors of an area, and what is usual among them."""

    people: tuple[Compared, ...]
    usual: Mapping[Figure, Spread | None]
    """None: too few persons have enough behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A step behind a figure."""

    number: str
    seq: int
    move: Move
    at: datetime
    sha256: str | None
    metres: float | None
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A self-handled case that waits for its audit."""

    number: str
    reporter: str | None
    reported_at: datetime
    class_name: Term | None
    grid_code: str
    photos: int


def flagged_findings(
    conn: Connection,
    *,
    scope: Scope,
    starts: datetime,
    ends: datetime,
    kinds: Sequence[FindingKind] = tuple(FindingKind),
    decided: bool | None = False,
) -> list[Flagged]:
    """The flagged findings of a period within the scope, newest first, at most `MOST`."""
    params = {"case_id": None, "flagged": True, "kinds": [str(k) for k in kinds],
              "decided": decided, "starts": starts, "ends": ends}  # fmt: skip
    return _findings(conn, scope, params)


def findings_of_case(conn: Connection, case_id: int, *, scope: Scope) -> list[Flagged]:
    """Everything found about the photos of one case, notes included, newest first."""
    starts, ends = _EVER
    params = {"case_id": case_id, "flagged": False, "kinds": [str(k) for k in FindingKind],
              "decided": None, "starts": starts, "ends": ends}  # fmt: skip
    return _findings(conn, scope, params)


def compare_supervisors(
    conn: Connection, *, scope: Scope, starts: datetime, ends: datetime, settings: CaseSettings
) -> Comparison:
    """
    The figures of every supervisor with a step in the period, those who are out first.

    Who is out is decided by `deviation.spread` among the people of the scope.
    """
    rows = conn.execute(_FIGURES, {**_within(scope), "starts": starts, "ends": ends})
    return compared([Compared(**row._mapping) for row in rows], settings)


def compared(people: Sequence[Compared], settings: CaseSettings) -> Comparison:
    """The same for figures that were read. Pure."""
    usual: dict[Figure, Spread | None] = {}
    out: dict[int, set[Figure]] = {}
    for figure in Figure:
        values = {p.person_id: p.value(figure, fewest=settings.audit_fewest) for p in people}
        known = {person: value for person, value in values.items() if value is not None}
        around = spread(
            list(known.values()), times=settings.audit_deviations, fewest=settings.audit_fewest
        )
        usual[figure] = around
        for person, value in known.items():
            if around and around.is_out(value, only_above=figure is not Figure.PASS_RATE):
                out.setdefault(person, set()).add(figure)
    found = [_with(p, frozenset(out.get(p.person_id, ()))) for p in people]
    return Comparison(tuple(sorted(found, key=lambda p: (-len(p.out), p.name))), usual)


def steps_behind(
    conn: Connection,
    *,
    scope: Scope,
    person_id: int,
    figure: Figure,
    starts: datetime,
    ends: datetime,
) -> list[Behind]:
    """The steps that a supervisor's figure counts, at most `MOST`."""
    params = {**_within(scope), "person_id": person_id, "figure": str(figure), "starts": starts,
              "ends": ends, "most": MOST}  # fmt: skip
    return [
        Behind(**{**row._mapping, "move": Move(row.move)}) for row in conn.execute(_CASES, params)
    ]


def sample_to_audit(
    conn: Connection, *, scope: Scope, starts: datetime, settings: CaseSettings
) -> list[Drawn]:
    """Self-handled cases since `starts` that were drawn and not audited, oldest first."""
    params = {**_within(scope), "percent": settings.self_handled_sample_percent,
              "starts": starts, "most": MOST}  # fmt: skip
    return [
        Drawn(
            number=row.number,
            reporter=row.reporter,
            reported_at=row.reported_at,
            class_name=term_of(row.class_zh, row.class_en),
            grid_code=row.grid_code,
            photos=row.photos,
        )
        for row in conn.execute(_SAMPLE, params)
    ]


_COLUMNS: Final = tuple(Compared.__dataclass_fields__)


def _with(person: Compared, out: frozenset[Figure]) -> Compared:
    return Compared(**{**{name: getattr(person, name) for name in _COLUMNS}, "out": out})


def _findings(conn: Connection, scope: Scope, params: Mapping[str, Any]) -> list[Flagged]:
    return [
        _flagged(row) for row in conn.execute(_FINDINGS, {**_within(scope), **params, "most": MOST})
    ]


def _flagged(row: Row[Any]) -> Flagged:
    return Flagged(**{**row._mapping, "kind": FindingKind(row.kind), "move": Move(row.move)})


def _within(scope: Scope) -> dict[str, Any]:
    return scope.params()
