"""The clocks of a case in words: how the end came about, and what each stage took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Scope
from gis.cases.clocks.running import CASE_SLOT, STAGE_SLOT
from gis.cases.clocks.sweep import calendar_of
from gis.cases.model import Operation
from gis.cases.settings import read_case_settings
from gis.cases.workflow import STAGE_LIMITS
from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.i18n import LOCALES, N_, translate
from gis.worktime.model import Deadline, Limit, Unit
from gis.worktime.rules import WorkCalendar
from gis.worktime.screen import deadline_in_words, moment_in_words

_HISTORY = load_sql(__package__, "clock_history")
RECOMPUTE = "recompute"
Sentence = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class StageRun:
    """One stay in a stage."""

    name: Term
    began_at: datetime
    limit: Limit
    due_at: datetime | None
    """None: it waits, or its end is still being computed."""
    ended_at: datetime | None

    def late(self, now: datetime) -> bool:
        """Whether it took, or takes, longer than it may."""
        return self.due_at is not None and (self.ended_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """Both clocks of a case: sentences about the limit, and the stages, oldest first."""

    limit: tuple[Term, ...]
    stages: tuple[StageRun, ...]


def clocks_of_case(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> CaseClocks:
    """
    What happened to the clocks of a case; empty when it may not be seen.

    The days between start and end are named by the calendar as it stands now; where an edit moved
    the end since, a sentence of its own says so.
    """
    params = {
        "case_id": case_id,
        **scope.params_of(person_id),
    }
    rows = conn.execute(_HISTORY, params).all()
    if not rows:
        return CaseClocks((), ())
    settings = read_case_settings(conn)
    calendars = calendar_of(conn, settings, rows[0].at)
    limit = _story([row for row in rows if row.slot == CASE_SLOT], calendars)
    return CaseClocks(limit, _stages([row for row in rows if row.slot == STAGE_SLOT]))


def left_label(left_s: float, unit: Unit) -> Limit:
    """What is left, in hours of its own clock, rounded to the minute and shown to two digits."""
    minutes = Decimal(round(left_s / 60))
    hours = (minutes / 60).quantize(Decimal("0.01"))
    return Limit(hours, Unit.WORKING_HOUR if unit.is_working else Unit.URGENT_HOUR)


def _term(say: Sentence) -> Term:
    """A sentence in both languages."""
    zh, en = (say(locale) for locale in LOCALES)
    return Term(zh, en)


def _story(rows: Sequence[Row[Any]], calendars: Callable[[Unit], WorkCalendar]) -> tuple[Term, ...]:
    """A sentence for each thing that happened to the handling limit."""
    found: list[Term] = []
    left: float | None = None
    for row in rows:
        found.append(_sentence(row, left, calendars(Unit(row.limit_unit))))
        left = row.left_s
    return tuple(found)


def _sentence(row: Row[Any], left: float | None, calendar: WorkCalendar) -> Term:
    limit = Limit(row.limit_value, Unit(row.limit_unit))
    at, due = row.at.astimezone(calendar.zone), row.due_at and row.due_at.astimezone(calendar.zone)
    if row.operation in (Operation.START, Operation.RESUME) and due is not None:
        whole = calendar.explain(Deadline(at, due, limit, row.provisional))
        rest = None
        if row.operation == Operation.RESUME and left is not None:
            rest = left_label(left, limit.unit)
        return _term(lambda locale: deadline_in_words(whole, locale, left=rest))
    template, held = _OTHERS[row.operation], left_label(row.left_s or 0.0, limit.unit)
    if row.operation == Operation.STOP and due is not None and row.at > due:
        template = _LATE

    def say(locale: str) -> str:
        return translate(template, locale).format(
            at=moment_in_words(at, locale),
            due=moment_in_words(due, locale) if due else "–",
            left=held.label.text(locale),
        )

    return _term(say)


_LATE = N_("{at}: stopped after the end ({due})")
_OTHERS = {
    Operation.STOP: N_("{at}: stopped in time, with {left} left"),
    Operation.PAUSE: N_("{at}: held, with {left} left"),
    Operation.EXTEND: N_("{at}: extended → {due}"),
    RECOMPUTE: N_("{at}: the working calendar was changed → {due}"),
}


def _stages(rows: Sequence[Row[Any]]) -> tuple[StageRun, ...]:
    runs: list[StageRun] = []
    for row in rows:
        if row.operation == Operation.START:
            limit = Limit(row.limit_value, Unit(row.limit_unit))
            runs.append(StageRun(stage_name(row.name), row.at, limit, row.due_at, None))
        elif runs:
            last = runs[-1]
            ended = row.at if row.operation == Operation.STOP else None
            due = row.due_at or (last.due_at if ended else None)
            runs[-1] = StageRun(last.name, last.began_at, last.limit, due, ended)
    return tuple(runs)


@cache
def stage_name(stage_clock: str) -> Term:
    """The name of a stage clock."""
    known = STAGE_LIMITS.get(stage_clock)
    return known.name if known else Term(stage_clock, stage_clock)


def taken(run: StageRun, now: datetime) -> timedelta:
    """How long a stage took, or has taken so far; plain time."""
    return (run.ended_at or now) - run.began_at


def clocks_body(clocks: CaseClocks, now: datetime) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "limit": [{"zh": said.zh, "en": said.en} for said in clocks.limit],
        "stages": [
            {
                "name_zh": run.name.zh,
                "name_en": run.name.en,
                "began_at": run.began_at.isoformat(),
                "limit": f"{run.limit.value.normalize():f} {run.limit.unit}",
                "due_at": run.due_at and run.due_at.isoformat(),
                "ended_at": run.ended_at and run.ended_at.isoformat(),
                "late": run.late(now),
            }
            for run in clocks.stages
        ],
    }
