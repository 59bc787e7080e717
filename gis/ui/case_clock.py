"""The clocks of a case on its page: how the end came about, and what each stage took."""

from datetime import datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.clocks.explained import CaseClocks, clocks_of_case, taken
from gis.cases.queries import CaseDetail
from gis.cases.screen import span_words
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_time, name_of


def clock_section(actor: Actor, detail: CaseDetail, now: datetime) -> None:
    """Both clocks; nothing where none ever ran."""
    clocks = None
    with shown_errors(), unit_of_work() as conn:
        clocks = clocks_of_case(conn, detail.case.id, scope=actor.scope, person_id=actor.person_id)
    if clocks is None or not (clocks.limit or clocks.stages):
        return
    with st.expander(_("Time limits explained"), icon=":material/timer:"):
        for sentence in clocks.limit:
            st.markdown(f"- {escape_markdown(name_of(sentence))}")
        if not clocks.limit:
            st.caption(_("The handling limit has not begun."))
        if clocks.stages:
            _stages(clocks, now)


def _stages(clocks: CaseClocks, now: datetime) -> None:
    st.dataframe(
        [
            {
                "stage": name_of(run.name),
                "began": local_time(run.began_at, "short"),
                "limit": name_of(run.limit.label),
                "due": local_time(run.due_at, "short"),
                "taken": name_of(span_words(taken(run, now))),
                "state": _("late")
                if run.late(now)
                else (_("in time") if run.ended_at else _("running")),
            }
            for run in clocks.stages
        ],
        hide_index=True,
        column_config={
            "stage": st.column_config.TextColumn(_("Stage"), pinned=True),
            "began": st.column_config.TextColumn(_("Began")),
            "limit": st.column_config.TextColumn(_("Limit")),
            "due": st.column_config.TextColumn(_("Due")),
            "taken": st.column_config.TextColumn(_("Took")),
            "state": st.column_config.TextColumn(_("Result")),
        },
        key=f"case_clock.{clocks.stages[0].began_at.timestamp()}",
    )
