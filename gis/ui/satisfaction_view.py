"""The section "satisfaction of callers" of the statistics page, with the cases behind it."""

import pandas as pd
import streamlit as st

from gis.cases.callers.records import SATISFIED
from gis.evaluation.figures import figures
from gis.evaluation.satisfaction import SATISFACTION_FIGURES, Satisfaction
from gis.ui.words import _, local_number, local_share, locale, name_of, zone


def satisfaction_section(found: Satisfaction, behind: pd.DataFrame) -> None:
    """The share with numerator and denominator, its formula, and the cases behind."""
    st.subheader(_("Satisfaction of callers"))
    words = figures()
    share, counts = st.columns([1, 3])
    share.metric(
        name_of(words["satisfaction_share"].name),
        "–" if found.share is None else local_share(found.share),
    )
    share.caption(
        _("{right} of {all}").format(
            right=local_number(found.satisfied), all=local_number(found.answered)
        )
    )
    said = zip(SATISFIED.values(), (found.satisfied, found.partly, found.unsatisfied), strict=True)
    counts.markdown("  \n".join(f"{name_of(term)}: **{local_number(n)}**" for term, n in said))
    st.caption(
        "  \n".join(
            f"{name_of(words[one].name)} = {name_of(words[one].formula)}"
            for one in SATISFACTION_FIGURES
        )
    )
    if not behind.empty:
        title = _("Cases callers answered about ({n})").format(n=local_number(len(behind)))
        with st.expander(title):
            _table(behind)


def _table(behind: pd.DataFrame) -> None:
    tongue = "zh" if locale() == "zh-CN" else "en"
    names = {str(key): name_of(term) for key, term in SATISFIED.items()}
    shown = pd.DataFrame(
        {
            "link": "/case?number=" + behind["number"],
            "said": behind["satisfied"].map(names),
            "at": pd.to_datetime(behind["at"], utc=True).dt.tz_convert(zone()),
            "words": behind["words"],
            "kind": behind[f"class_{tongue}"],
            "department": behind[f"department_{tongue}"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "link": st.column_config.LinkColumn(
                _("Case"), display_text=r"number=(.*)$", pinned=True
            ),
            "said": _("Answer"),
            "at": st.column_config.DatetimeColumn(_("Call-back"), format="MM-DD HH:mm"),
            "words": st.column_config.Column(_("What was said"), width="large"),
            "kind": _("Class"),
            "department": _("Department"),
        },
        key="statistics.satisfaction",
    )
