"""Faults of a table of rules, each with its row."""

from collections.abc import Sequence

import streamlit as st

from gis.errors import GisError, Invalid
from gis.ui.db import show_error
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.words import locale


def show_faults(error: GisError, numbers: Sequence[str]) -> None:
    """
    A refusal, its faults with the row each stands in; the table stays as it was typed.

    `numbers` are those that stand before the rows: after a row was taken out, they have gaps.
    """
    if not isinstance(error, Invalid) or not error.faults:
        show_error(error)
        return
    st.error(error.text(locale()), icon=":material/error:")
    rows = [
        {"row": numbers[int(one.field.removeprefix("row ")) - 1], "fault": one.text(locale())}
        for one in error.faults
    ]
    show_table(rows, "rules.faults")
