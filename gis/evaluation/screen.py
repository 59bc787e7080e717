"""What the statistics page shows, as data: columns, colour classes, notes of an export."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.errors import Term
from gis.evaluation.figures import CONDITIONS, SHARES, Figure, figures
from gis.evaluation.model import Grouping
from gis.i18n import N_, translate

RAMP = ("#edf8fb", "#b2e2e2", "#66c2a4", "#2ca25f", "#006d2c")
"""ColorBrewer BuGn, five classes, safe for colour-blind eyes; light is few."""

GROUPING_NAMES: dict[Grouping, Term] = {
    Grouping.STREET: Term("按街道", "By street"),
    Grouping.COMMUNITY: Term("按社区", "By community"),
    Grouping.GRID: Term("按单元网格", "By unit grid"),
    Grouping.DEPARTMENT: Term("按专业部门", "By department"),
}


@dataclass(frozen=True)
class ColourClass:
    """One class of a choropleth: `low` <= value <= `high`, its colour and how many fall in it."""

    low: float
    high: float
    colour: str
    count: int


def colour_classes(values: Sequence[float], ramp: Sequence[str] = RAMP) -> list[ColourClass]:
    """
    At most `len(ramp)` classes of about equal count, by the values' quantiles.

    Equal values always share a class, so few distinct values make few classes;
    missing values are left out; no values make no class. Classes ascend and
    together hold every value exactly once.
    """
    known = np.sort(np.asarray([v for v in values if v is not None and not np.isnan(v)], float))
    if not len(known):
        return []
    uppers = np.unique(np.quantile(known, np.linspace(0, 1, len(ramp) + 1)[1:], method="lower"))
    picks = np.linspace(0, len(ramp) - 1, len(uppers)) if len(uppers) > 1 else [len(ramp) // 2]
    colours = [ramp[round(i)] for i in picks]
    found = []
    start = 0
    for upper, colour in zip(uppers, colours, strict=True):
        end = int(np.searchsorted(known, upper, side="right"))
        found.append(ColourClass(float(known[start]), float(upper), colour, end - start))
        start = end
    return found


def shown_figures() -> list[Figure]:
    """Counted figures and shares, in the order of the screen."""
    words = figures()
    return [words[name] for name in (*CONDITIONS, *SHARES)]


def table(frame: pd.DataFrame, locale: str) -> pd.DataFrame:
    """The rows for the screen and for export: group, key, figures; biggest `logged` first."""
    name = frame["name_zh" if locale == "zh-CN" else "name_en"]
    shown = frame.assign(group=name.fillna(translate(N_("Not dispatched"), locale)))
    columns = ["group", "key", *(figure.id for figure in shown_figures())]
    return shown[columns].sort_values(
        ["logged", "key"], ascending=[False, True], ignore_index=True, na_position="last"
    )


def headers(locale: str) -> list[str]:
    """Titles of the columns of `table`."""
    return [
        translate(N_("Group"), locale),
        translate(N_("Code"), locale),
        *(figure.name.text(locale) for figure in shown_figures()),
    ]


def formulas(locale: str) -> list[str]:
    """One sentence per figure: its name, formula and how sure its source is."""
    return [
        f"{f.name.text(locale)}: {f.formula.text(locale)} ({f.source}; {f.confidence})"
        for f in shown_figures()
    ]
