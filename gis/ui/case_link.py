"""The one way to a case's page."""

import streamlit as st

from gis.ui.page_table import PAGES
from gis.ui.words import _


def case_link(number: str) -> None:
    """A link that opens a case; only for people whose posts include the page."""
    st.page_link(
        PAGES / "case.py",
        label=_("Open the case"),
        icon=":material/open_in_new:",
        query_params={"number": number},
    )
