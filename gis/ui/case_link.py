"""The ways to a case's page."""

from typing import Any

import pandas as pd
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


def case_links(numbers: pd.Series) -> pd.Series:
    """The addresses of cases' pages, for a column of `case_column`."""
    return "/case?number=" + numbers


def case_column(title: str, *, pinned: bool = True) -> Any:
    """A column of a table that shows the numbers of cases, each a link."""
    return st.column_config.LinkColumn(title, display_text=r"number=(.*)$", pinned=pinned)
