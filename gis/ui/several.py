"""A desk with two ways of working: one case in hand, or several chosen from the same queue."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.lists import CaseRow
from gis.cases.queries import queue
from gis.dispatch.bulk import BULK_MOST
from gis.ui.bulk_form import bulk_form
from gis.ui.case_rows import row_table
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.queue_view import desk, queue_in_hand
from gis.ui.session import still_here
from gis.ui.words import _

_SHOWN = ("number", "state", "lamp", "class", "excerpt", "place", "department")


def desk_or_several(queue_ids: Sequence[str], key: str) -> None:
    """The desk of these queues; a switch turns it into a list from which several are chosen."""
    if st.toggle(_("Several at once"), key=f"{key}.several"):
        several(queue_ids, f"{key}.bulk")
    else:
        desk(queue_ids, key)


@st.fragment
def several(queue_ids: Sequence[str], key: str) -> None:
    """Choose rows of a queue, see what each will get, make it."""
    actor, now = still_here(), datetime.now(UTC)
    wanted = queue_in_hand(actor, queue_ids, key, now=now)
    if wanted is None:
        return
    rows = _rows(actor, wanted.id, now)
    turn = st.session_state.setdefault(f"{key}.turn", 0)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        chosen = _choose(rows, now, f"{key}.{wanted.id}.{turn}")
    with right:
        if not chosen and f"{key}.done" not in st.session_state:
            st.info(_("Tick the cases at the left; what each will get is shown before it is made."))
        elif bulk_form(actor, chosen, key=key):
            st.session_state[f"{key}.turn"] = turn + 1
            st.rerun(scope="fragment")


def _rows(actor: Actor, queue_id: str, now: datetime) -> tuple[CaseRow, ...]:
    with shown_errors(), unit_of_work() as conn:
        return queue(
            conn, queue_id=queue_id, actor=actor, scope=actor.scope, now=now, limit=BULK_MOST
        ).rows
    return ()


def _choose(rows: Sequence[CaseRow], now: datetime, key: str) -> list[str]:
    if not rows:
        st.success(_("Nothing waits here. New work appears by itself when you open the page."))
        return []
    return row_table(rows, now=now, key=key, columns=_SHOWN, mode="multi-row")
