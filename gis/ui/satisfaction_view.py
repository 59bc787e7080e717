"""The section "satisfaction of callers" of the statistics page, with the cases behind it."""

import pandas as pd
import streamlit as st

from gis.cases.callers.records import SATISFIED
from gis.evaluation.figures import figures
from gis.evaluation.satisfaction import SATISFACTION_FIGURES, Satisfaction
from gis.ui.counted_cases import case_table, in_tongue, say_formulas
from gis.ui.words import _, local_number, local_share, name_of


def satisfaction_section(found: Satisfaction, behind: pd.DataFrame) -> None:
    """The share with numerator and denominator, its formula, and the cases behind."""
    st.subheader(_("Satisfaction of callers"))
    share, counts = st.columns([1, 3])
    share.metric(
        name_of(figures()["satisfaction_share"].name),
        "–" if found.share is None else local_share(found.share),
    )
    share.caption(
        _("{right} of {all}").format(
            right=local_number(found.satisfied), all=local_number(found.answered)
        )
    )
    said = zip(SATISFIED.values(), (found.satisfied, found.partly, found.unsatisfied), strict=True)
    counts.markdown("  \n".join(f"{name_of(term)}: **{local_number(n)}**" for term, n in said))
    say_formulas(SATISFACTION_FIGURES)
    if not behind.empty:
        title = _("Cases callers answered about ({n})").format(n=local_number(len(behind)))
        with st.expander(title):
            _table(behind)


def _table(behind: pd.DataFrame) -> None:
    names = {str(key): name_of(term) for key, term in SATISFIED.items()}
    case_table(
        behind.assign(
            said=behind["satisfied"].map(names), department=in_tongue(behind, "department")
        ),
        {
            "said": _("Answer"),
            "at": _("Call-back"),
            "words": st.column_config.Column(_("What was said"), width="large"),
            "kind": _("Class"),
            "department": _("Department"),
        },
        key="statistics.satisfaction",
    )
