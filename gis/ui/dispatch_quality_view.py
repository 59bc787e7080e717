"""The section "correct dispatch" of the statistics page: automatic and manual apart."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from gis.evaluation.dispatching import DISPATCH_FIGURES, DispatchQuality
from gis.evaluation.figures import figures
from gis.ui.words import _, local_number, local_share, locale, zone


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
    words = figures()
    st.caption(
        "  \n".join(
            f"{words[one].name.text(locale())} = {words[one].formula.text(locale())}"
            for one in DISPATCH_FIGURES
        )
    )
    if not wrong.empty:
        with st.expander(_("Cases dispatched wrongly ({n})").format(n=local_number(len(wrong)))):
            _table(wrong, names)


def _table(wrong: pd.DataFrame, names: Mapping[bool, str]) -> None:
    tongue = "zh" if locale() == "zh-CN" else "en"
    shown = pd.DataFrame(
        {
            "link": "/case?number=" + wrong["number"],
            "how": wrong["automatic"].map(names),
            "at": pd.to_datetime(wrong["at"], utc=True).dt.tz_convert(zone()),
            "kind": wrong[f"class_{tongue}"],
            "first": wrong[f"first_{tongue}"],
            "then": wrong[f"then_{tongue}"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "link": st.column_config.LinkColumn(
                _("Case"), display_text=r"number=(.*)$", pinned=True
            ),
            "how": _("How"),
            "at": st.column_config.DatetimeColumn(_("Dispatched"), format="MM-DD HH:mm"),
            "kind": _("Class"),
            "first": _("First to"),
            "then": _("Then to"),
        },
        key="statistics.dispatched_wrongly",
    )
