"""What the statistics page shows, as data: columns, colour classes, notes of an export."""

from collections.abc import Sequence

import pandas as pd

from gis.catalog.classes import ColourClass, classify
from gis.catalog.palettes import ramps
from gis.errors import Term
from gis.evaluation.figures import CONDITIONS, SHARES, Figure, figures
from gis.evaluation.model import Grouping
from gis.i18n import N_, translate

RAMP = "bugn"
"""The ramp of every choropleth of figures (data/catalog/ramps.csv); light is few."""

GROUPING_NAMES: dict[Grouping, Term] = {
    Grouping.STREET: Term("按街道", "By street"),
    Grouping.COMMUNITY: Term("按社区", "By community"),
    Grouping.GRID: Term("按单元网格", "By unit grid"),
    Grouping.DEPARTMENT: Term("按专业部门", "By department"),
}


def colour_classes(values: Sequence[float | None], k: int = 5) -> tuple[ColourClass, ...]:
    """At most `k` classes of about equal count; missing values are left out."""
    return classify(values, "quantile", k, ramps()[RAMP].of(k)).classes


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
