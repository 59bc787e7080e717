"""The cases behind a number of the statistics as a table, and how a figure is made."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from gis.evaluation.figures import figures
from gis.ui.case_link import case_column, case_links
from gis.ui.words import _, locale, name_of, zone

MOMENTS: Final = frozenset({"at", "reported_at", "due_at", "handled_at", "closed_at"})


def say_formulas(ids: Sequence[str]) -> None:
    """Each figure with its formula, a line each."""
    words = figures()
    lines = (f"{name_of(words[one].name)} = {name_of(words[one].formula)}" for one in ids)
    st.caption("  \n".join(lines))


def in_tongue(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column that a frame has in both languages, in that of the page."""
    return frame[f"{name}_{'zh' if locale() == 'zh-CN' else 'en'}"]


def case_table(cases: pd.DataFrame, columns: Mapping[str, Any], *, key: str | None = None) -> None:
    """
    Cases in order, each number a link.

    Parameters
    ----------
    cases : with `number`, `class_zh`, `class_en` and the columns that are shown.
    columns : what is shown besides the number, with its title or looks; `kind` is the class.
    """
    shown = cases.assign(link=case_links(cases["number"]), kind=in_tongue(cases, "class"))
    config = {"link": case_column(_("Case")), **columns}
    for name in MOMENTS & columns.keys():
        shown[name] = pd.to_datetime(shown[name], utc=True).dt.tz_convert(zone())
        config[name] = st.column_config.DatetimeColumn(columns[name], format="MM-DD HH:mm")
    st.dataframe(
        shown[list(config)], hide_index=True, placeholder="–", column_config=config, key=key
    )
