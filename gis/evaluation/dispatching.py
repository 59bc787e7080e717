"""How good first dispatches are, those of people and those of the product apart (派遣准确率)."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from gis.accounts.model import Scope
from gis.db.frames import read_frame
from gis.db.sqlfile import load_sql
from gis.evaluation.model import Period

_QUALITY = load_sql(__package__, "dispatch_quality")
_WRONG = load_sql(__package__, "cases_dispatched_wrongly")
WRONG_MOST = 500

DISPATCH_FIGURES = ("dispatched", "dispatched_wrongly", "correct_dispatch_share")
"""Their words and formulas stand in data/evaluation/figures.csv."""


@dataclass(frozen=True, slots=True)
class DispatchQuality:
    """First dispatches of a period."""

    dispatched: int
    wrong: int
    """Returned by the department and then sent to another one."""

    @property
    def share(self) -> float | None:
        """The share that was right; None without a dispatch."""
        return None if not self.dispatched else 1 - self.wrong / self.dispatched


def dispatch_quality(
    conn: Connection, *, period: Period, scope: Scope, area: str = ""
) -> dict[bool, DispatchQuality]:
    """
    First dispatches made in the period: True automatic ones, False those of people.

    A case counts once, by its first dispatch. It went wrong when its department
    asked to return it and a later dispatch, or the arbiter, sent it to another
    one; a return that was refused, or that came back to the same department,
    does not count against it.
    """
    rows = conn.execute(_QUALITY, period.within(scope, area))
    found = {row.automatic: DispatchQuality(row.dispatched, row.wrong) for row in rows}
    return {one: found.get(one, DispatchQuality(0, 0)) for one in (True, False)}


def dispatched_wrongly(
    conn: Connection, *, period: Period, scope: Scope, area: str = ""
) -> pd.DataFrame:
    """
    The cases behind `wrong`, newest dispatch first, at most 500.

    Returns
    -------
    DataFrame
        Columns `number`, `automatic`, `at`, `class_zh`, `class_en`, `first_zh`, `first_en`,
        `then_zh`, `then_en`.
    """
    return read_frame(conn, _WRONG, {**period.within(scope, area), "most": WRONG_MOST})
