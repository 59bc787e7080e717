"""The figures as a table: one condition each, for the count and for the list behind it."""

import csv
from dataclasses import dataclass
from functools import cache

from gis.config import CHECKOUT
from gis.errors import Invalid, Term
from gis.i18n import N_

FIGURES_CSV = CHECKOUT / "data" / "evaluation" / "figures.csv"


@dataclass(frozen=True)
class Condition:
    """
    Which cases a figure counts, as SQL over `cases c` with `:starts` and `:ends`.

    `moment` is the time that puts a case on the trend; None: the figure is a
    state at the end of the period and has no trend.
    """

    sql: str
    moment: str | None


def _within(moment: str, more: str = "") -> Condition:
    return Condition(f"{moment} >= :starts AND {moment} < :ends{more}", moment)


ENDED_AT = "CASE WHEN NOT c.open THEN coalesce(c.closed_at, c.changed_at) END"
"""When a case ended; a case that ended without closing (refused, merged …) at its last change."""

CONDITIONS: dict[str, Condition] = {
    "logged": _within("c.reported_at"),
    "filed": _within("c.filed_at"),
    "handled": _within("c.handled_at"),
    "on_time": _within("c.handled_at", " AND c.handled_at <= c.due_at"),
    "closed": _within("c.closed_at", " AND c.state IN ('CLOSED', 'FORCED_CLOSED')"),
    "open": Condition(
        f"c.reported_at < :ends AND (c.open OR {ENDED_AT} >= :ends)",
        None,
    ),
}
"""Counted figures by id, in the order of the screen."""

SHARES: dict[str, tuple[str, str]] = {"on_time_share": ("on_time", "handled")}
"""Shares by id: numerator and denominator, both counted figures; no cases: no share."""


@dataclass(frozen=True)
class Figure:
    """A figure's words, from `data/evaluation/figures.csv`."""

    id: str
    name: Term
    formula: Term
    source: str
    confidence: str


@cache
def figures() -> dict[str, Figure]:
    """All figures by id, counted ones and shares, in the order of the file."""
    with FIGURES_CSV.open(encoding="utf-8", newline="") as stream:
        return {
            row["figure"]: Figure(
                row["figure"],
                Term(row["name_zh"], row["name_en"]),
                Term(row["formula_zh"], row["formula_en"]),
                row["source"],
                row["confidence"],
            )
            for row in csv.DictReader(stream)
        }


def condition_of(figure: str) -> Condition:
    """
    The condition of a counted figure.

    Raises
    ------
    Invalid
        When there is no such counted figure; names it and those there are.
    """
    if figure not in CONDITIONS:
        raise Invalid(
            N_("There is no figure “{figure}”; there are: {known}."),
            figure=figure,
            known=", ".join(CONDITIONS),
        )
    return CONDITIONS[figure]
