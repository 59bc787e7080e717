"""The dispatcher's board: queue and map side by side, the next move below; several rows at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.lists import CaseRow
from gis.cases.queues import Queue
from gis.ui.bulk_form import bulk_form
from gis.ui.case_rows import row_cards, row_table
from gis.ui.case_view import BOARD_MAP_PX, case_on_board
from gis.ui.phone import on_phone
from gis.ui.queue_view import in_hand, pager, queue_in_hand, queue_page
from gis.ui.session import still_here
from gis.ui.words import _

_SHOWN = ("number", "lamp", "state", "class", "excerpt", "place", "department")
_DONE = "done"


@st.fragment
def board(queue_ids: Sequence[str], key: str) -> None:
    """
    The queues of the page; a fragment, so that a choice or a move runs this part alone.

    One row: the case on the map, with what the rules propose. Several: one form for all.
    """
    actor, now = still_here(), datetime.now(UTC)
    wanted = queue_in_hand(actor, queue_ids, key, now=now)
    if wanted is None:
        return
    page = queue_page(actor, wanted, now, key)
    if page is None:
        return
    if on_phone() and page.rows:
        row_cards(page.rows, now=now)
    else:
        _desk(actor, page.rows, wanted, now, key)
    pager(page, wanted, key)


def _desk(actor: Actor, rows: Sequence[CaseRow], wanted: Queue, now: datetime, key: str) -> None:
    turn = st.session_state.setdefault(f"{key}.turn", 0)
    left, right = st.columns([6, 5], gap="small")
    with left:
        chosen = _choose(rows, now, f"{key}.{wanted.id}.{turn}")
    if len(chosen) > 1 or f"{key}.bulk.{_DONE}" in st.session_state:
        with right, st.container(border=True):
            if bulk_form(actor, chosen, key=f"{key}.bulk"):
                st.session_state[f"{key}.turn"] = turn + 1
                st.rerun(scope="fragment")
        return
    number = in_hand(rows, chosen, f"{key}.{wanted.id}")
    if number is not None:
        case_on_board(actor, number, now=now, map_in=right)


def _choose(rows: Sequence[CaseRow], now: datetime, key: str) -> list[str]:
    if not rows:
        st.success(_("Nothing waits here. New work appears by itself when you open the page."))
        return []
    return row_table(rows, now=now, key=key, columns=_SHOWN, mode="multi-row", height=BOARD_MAP_PX)
