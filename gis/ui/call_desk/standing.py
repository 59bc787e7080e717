"""How a case stands, in the words for a citizen: stage, what happens next, what was replied."""

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.told import what_next
from gis.cases.clusters.model import Reply
from gis.cases.clusters.queries import replies_to, standing_for
from gis.cases.clusters.screen import REPLY_WORDS
from gis.cases.model import State
from gis.cases.queries import CaseDetail, case_by_number
from gis.cases.workflow import STATES
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_time, name_of

REPLIES_SHOWN = 3


def say_standing(actor: Actor, number: str) -> CaseDetail | None:
    """Read out: the stage, the next step, the newest replies; None where the case is not seen."""
    detail: CaseDetail | None = None
    replies: list[Reply] = []
    stands: State | None = None
    with shown_errors(), unit_of_work() as conn:
        detail = case_by_number(conn, number, scope=actor.scope)
        replies = replies_to(conn, detail.case.id, scope=actor.scope)
        into = standing_for(conn, detail.case.id, scope=actor.scope)
        stands = into.state if into else None
    if detail is None:
        return None
    case = detail.case
    with st.container(border=True):
        row = STATES[case.state]
        st.markdown(
            _("Stage {n} of 6: {stage}").format(n=row.stage_no, stage=name_of(row.stage))
            + f" · **{escape_markdown(name_of(row.name))}**"
        )
        st.markdown(f":material/campaign: {escape_markdown(name_of(what_next(case.state)))}")
        if stands is not None:
            st.markdown(f":material/merge: {escape_markdown(name_of(what_next(stands)))}")
        elif case.open and case.due_at:
            st.caption(_("Time limit: {time}").format(time=local_time(case.due_at)))
        for reply in replies[:REPLIES_SHOWN]:
            words = name_of(REPLY_WORDS[reply.kind])
            st.caption(f"{local_time(reply.made_at)} · {escape_markdown(words)}")
            if reply.words:
                st.text(reply.words)
    return detail
