"""How callers find the result: the newest answer of each case, asked by call-backs (满意率)."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from gis.accounts.model import Scope
from gis.db.frames import read_frame
from gis.db.sqlfile import load_sql
from gis.evaluation.model import Period

_COUNTS = load_sql(__package__, "satisfaction")
_BEHIND = load_sql(__package__, "cases_answered")
ANSWERS_MOST = 500

SATISFACTION_FIGURES = ("answered", "satisfied", "satisfaction_share")
"""Their words and formulas stand in data/evaluation/figures.csv."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Cases about which callers answered in a period, by the newest answer."""

    answered: int
    satisfied: int
    partly: int
    unsatisfied: int

    @property
    def share(self) -> float | None:
        """Satisfied of answered; None without an answer."""
        return self.satisfied / self.answered if self.answered else None


def satisfaction(conn: Connection, *, period: Period, scope: Scope, area: str = "") -> Satisfaction:
    """
    What callers said in the period.

    A case counts once, by its newest answer in the period, whoever gave it;
    one that was reopened and closed again counts by what was said last. Who
    was not reached said nothing and counts nowhere.
    """
    row = conn.execute(_COUNTS, period.within(scope, area)).one()
    return Satisfaction(row.answered, row.satisfied, row.partly, row.unsatisfied)


def cases_answered(
    conn: Connection, *, period: Period, scope: Scope, area: str = ""
) -> pd.DataFrame:
    """
    The cases behind the figures, newest answer first, at most 500.

    Returns
    -------
    DataFrame
        Columns `number`, `satisfied` (yes, partly, no), `at`, `words`, `class_zh`, `class_en`,
        `department_zh`, `department_en`.
    """
    return read_frame(conn, _BEHIND, {**period.within(scope, area), "most": ANSWERS_MOST})
