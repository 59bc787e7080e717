"""Tables of this page: titles of columns from one place, links to cases."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from gis.dispatch.screen import TITLES
from gis.ui.case_link import case_column
from gis.ui.words import name_of

ROW_PX, HEAD_PX, MOST_PX = 36, 40, 440


def show_table(rows: Sequence[dict[str, Any]] | pd.DataFrame, key: str) -> None:
    """Rows as a table; nothing for none. A column `link` leads to a case."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    if frame.empty:
        return
    config: dict[str, Any] = {
        name: st.column_config.Column(name_of(TITLES[name])) for name in frame if name in TITLES
    }
    if "link" in frame:
        config["link"] = case_column(name_of(TITLES["number"]))
    st.dataframe(
        frame,
        hide_index=True,
        height=min(ROW_PX * len(frame) + HEAD_PX, MOST_PX),
        column_config=config,
        key=key,
    )
