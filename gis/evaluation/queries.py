"""Counts of cases by grid, area or department, their trend, and the cases behind a number."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, TextClause, text

from gis.accounts.model import Scope
from gis.db.frames import read_frame
from gis.db.sqlfile import read_sql
from gis.evaluation.figures import CONDITIONS, SHARES, condition_of
from gis.evaluation.model import Grouping, Period

MOST_ROWS = 20_000
MOST_CASES = 5_000

NO_DEPARTMENT = ""
"""The key of cases that were never dispatched; a key that can be asked for like any other."""

_KEY = {
    Grouping.STREET: "c.street_code",
    Grouping.COMMUNITY: "c.community_code",
    Grouping.GRID: "c.grid_code",
    Grouping.DEPARTMENT: f"coalesce(CAST(c.department_id AS text), '{NO_DEPARTMENT}')",
}
_COUNTS = ",\n       ".join(
    f"count(*) FILTER (WHERE {condition.sql}) AS {figure}"
    for figure, condition in CONDITIONS.items()
)
_ANY = " OR ".join(f"({condition.sql})" for condition in CONDITIONS.values())

_GROUPS_SQL = read_sql(__package__, "figures_by_group")
_TREND_SQL = read_sql(__package__, "trend")
_BEHIND_SQL = read_sql(__package__, "cases_behind")


def _fill(sql: str, **parts: str) -> TextClause:
    """Put our own constants into a file's slots; values of people are bound, never put in."""
    for slot, part in parts.items():
        sql = sql.replace(f"/*{slot}*/", part)
    return text(sql)


_NAMES = ", ".join(f"g.{figure}" for figure in CONDITIONS)
_GROUPS = {
    grouping: _fill(_GROUPS_SQL, key=key, counts=_COUNTS, any=_ANY, figures=_NAMES)
    for grouping, key in _KEY.items()
}


def with_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the shares to a frame of counts: floats 0 to 1, missing where the denominator is 0."""
    frame = frame.copy()
    for share, (numerator, denominator) in SHARES.items():
        below = frame[denominator].astype(float)
        frame[share] = (frame[numerator].astype(float) / below).where(below > 0)
    return frame


def figures_by_group(
    conn: Connection, *, grouping: Grouping, period: Period, scope: Scope, area: str = ""
) -> pd.DataFrame:
    """
    Every figure for each grid, community, street or department that has a case in it.

    Groups without any counted case are left out: a choropleth shows them as
    empty. Cases never dispatched stand under `NO_DEPARTMENT`, without a name.

    Parameters
    ----------
    area
        Prefix of an area code that narrows the cases further; "" for all in scope.

    Returns
    -------
    DataFrame
        Columns: `key` str (code, or department id), `name_zh`, `name_en` str, one int column per
        counted figure, one float column per share; sorted by `key`; at most 20,000 rows.
    """
    return with_shares(
        read_frame(conn, _GROUPS[grouping], {**period.within(scope, area), "most": MOST_ROWS})
    )


def totals(frame: pd.DataFrame) -> dict[str, float | None]:
    """The figures of all rows together; shares from the summed counts, None without a case."""
    sums: dict[str, float | None] = {figure: int(frame[figure].sum()) for figure in CONDITIONS}
    for share, (numerator, denominator) in SHARES.items():
        above, below = sums[numerator], sums[denominator]
        sums[share] = above / below if above is not None and below else None
    return sums


def trend(
    conn: Connection,
    *,
    figures: tuple[str, ...],
    period: Period,
    scope: Scope,
    area: str,
    zone: str,
) -> pd.DataFrame:
    """
    Cases per day for figures that have a moment.

    Returns
    -------
    DataFrame
        Columns `day` date, `figure` str, `cases` int; every day of the period for every figure,
        days without a case as 0; sorted by figure, day.
    """
    frames = [pd.DataFrame({"day": [], "figure": [], "cases": []})]
    for figure in figures:
        condition = condition_of(figure)
        if condition.moment is None:
            continue
        statement = _fill(_TREND_SQL, condition=condition.sql, moment=condition.moment)
        found = read_frame(conn, statement, {**period.within(scope, area), "zone": zone})
        frames.append(found.assign(figure=figure))
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def cases_behind(
    conn: Connection,
    *,
    figure: str,
    grouping: Grouping,
    key: str | None,
    period: Period,
    scope: Scope,
    area: str = "",
) -> pd.DataFrame:
    """
    The cases that a number counts, by the same condition, newest report first.

    `key` is the key of a row of `figures_by_group`; None: of all rows.

    Returns
    -------
    DataFrame
        Columns `number`, `state`, `grid_code`, `class_zh`, `class_en`, `reported_at`, `due_at`,
        `handled_at`, `closed_at`; at most 5,000 rows.

    Raises
    ------
    Invalid
        When `figure` is not a counted figure.
    """
    statement = _fill(_BEHIND_SQL, condition=condition_of(figure).sql, key=_KEY[grouping])
    params: Mapping[str, Any] = {
        **period.within(scope, area),
        "key": key,
        "most": MOST_CASES,
    }
    return read_frame(conn, statement, params)
