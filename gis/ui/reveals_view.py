"""Who looked at callers' numbers, how often and why: what the auditor reads."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.queries import REVEALS_MOST, reveals_by_person
from gis.cases.callers.records import RevealCount
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.words import _, name_of, zone

PERIODS = (7, 30, 90, 365)


def reveals_view(actor: Actor) -> None:
    """A row a person, the most looks first."""
    days = st.segmented_control(
        _("Period"),
        PERIODS,
        default=30,
        format_func=lambda n: _("{n} days").format(n=n),
        key="reveals.days",
        label_visibility="collapsed",
        required=True,
    )
    now = datetime.now(UTC)
    found: list[RevealCount] | None = None
    with shown_errors(), unit_of_work() as conn:
        found = reveals_by_person(
            conn,
            actor=actor,
            starts=now - timedelta(days=int(days or 30)),
            ends=now + timedelta(minutes=1),
            zone=zone().key,
        )
    if found is None:
        return
    if not found:
        st.success(_("Nobody looked at a caller's number in this period."))
        return
    _table(found)
    st.caption(
        _(
            "At most {n} persons are listed. Every look stands on the audit trail with its reason;"
            " what an unusual number is, is for you to judge."
        ).format(n=REVEALS_MOST)
    )


def _table(found: list[RevealCount]) -> None:
    rows = [
        {
            "name": one.name or _("System"),
            "department": name_of(one.department) if one.department else "",
            "reveals": one.reveals,
            "callers": one.callers,
            "most": one.most_in_a_day,
            "last": one.last_at.astimezone(zone()),
            "reasons": " · ".join(one.reasons),
        }
        for one in found
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "name": st.column_config.Column(_("Name"), pinned=True),
            "department": st.column_config.Column(_("Department")),
            "reveals": st.column_config.NumberColumn(_("Looks")),
            "callers": st.column_config.NumberColumn(_("Callers")),
            "most": st.column_config.NumberColumn(_("Most in a day")),
            "last": st.column_config.DatetimeColumn(_("Last look"), format="YYYY-MM-DD HH:mm"),
            "reasons": st.column_config.Column(_("Newest reasons"), width="large"),
        },
        key="reveals.table",
    )
