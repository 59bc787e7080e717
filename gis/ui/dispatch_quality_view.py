"""The section "correct dispatch" of the statistics page: automatic and manual apart."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from gis.evaluation.dispatching import DISPATCH_FIGURES, DispatchQuality
from gis.ui.counted_cases import case_table, in_tongue, say_formulas
from gis.ui.words import _, local_number, local_share


def dispatch_section(quality: Mapping[bool, DispatchQuality], wrong: pd.DataFrame) -> None:
    """Two figures with their formula, and the cases behind what went wrong."""
    st.subheader(_("Correct dispatch"))
    names = {True: _("Automatic"), False: _("By hand")}
    for column, (automatic, name) in zip(st.columns([1, 1, 2]), names.items(), strict=False):
        found = quality[automatic]
        column.metric(name, "–" if found.share is None else local_share(found.share))
        column.caption(
            _("{right} of {all}").format(
                right=local_number(found.dispatched - found.wrong),
                all=local_number(found.dispatched),
            )
        )
    say_formulas(DISPATCH_FIGURES)
    if not wrong.empty:
        with st.expander(_("Cases dispatched wrongly ({n})").format(n=local_number(len(wrong)))):
            _table(wrong, names)


def _table(wrong: pd.DataFrame, names: Mapping[bool, str]) -> None:
    case_table(
        wrong.assign(
            how=wrong["automatic"].map(names),
            first=in_tongue(wrong, "first"),
            then=in_tongue(wrong, "then"),
        ),
        {
            "how": _("How"),
            "at": _("Dispatched"),
            "kind": _("Class"),
            "first": _("First to"),
            "then": _("Then to"),
        },
        key="statistics.dispatched_wrongly",
    )
