"""The desk of a post: its queues at the left, the chosen case with its next move at the right."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.lists import CaseRow, Page
from gis.cases.queries import COUNT_MOST, queue, queue_counts
from gis.cases.queues import Queue, queues_of
from gis.ui.begun import is_being_filled
from gis.ui.case_rows import row_cards, row_table
from gis.ui.case_view import case_panel
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.phone import on_phone
from gis.ui.session import still_here
from gis.ui.words import _, name_of

PAGE_ROWS = 50


def _count(n: int) -> str:
    return f"{COUNT_MOST}+" if n >= COUNT_MOST else str(n)


def pick_queue(offered: Sequence[Queue], counts: dict[str, int], key: str) -> Queue:
    """The queues of the page with their counts; one queue needs no choice."""
    if len(offered) == 1:
        st.caption(f"{name_of(offered[0].name)} **{_count(counts[offered[0].id])}**")
        return offered[0]
    by_id = {q.id: q for q in offered}
    picked = st.segmented_control(
        _("Queue"),
        list(by_id),
        default=offered[0].id,
        format_func=lambda q: f"{name_of(by_id[q].name)} **{_count(counts[q])}**",
        key=f"{key}.queue",
        label_visibility="collapsed",
        required=True,
    )
    return by_id[str(picked)]


def in_hand(rows: Sequence[CaseRow], chosen: Sequence[str], key: str) -> str | None:
    """
    The case in hand: the chosen one, the one before while it is there, else the next one.

    More urgent ones that come meanwhile do not take its place, and a case
    whose form is being filled in stays even when it has left the queue.
    """
    numbers = [row.number for row in rows]
    number, place = st.session_state.get(_hand(key), ("", 0))
    if chosen:
        number = chosen[0]
    elif number not in numbers and not is_being_filled(number):
        number = numbers[min(place, len(numbers) - 1)] if numbers else ""
    place = numbers.index(number) if number in numbers else place
    st.session_state[_hand(key)] = (number, place)
    return number or None


def _hand(key: str) -> str:
    return f"{key}.hand"


def queue_page(actor: Actor, wanted: Queue, now: datetime, key: str) -> Page | None:
    """The page of a queue that is turned to; None when it could not be read."""
    mark = st.session_state.get(f"{key}.after.{wanted.id}")
    with shown_errors(), unit_of_work() as conn:
        return queue(
            conn,
            queue_id=wanted.id,
            actor=actor,
            scope=actor.scope,
            now=now,
            limit=PAGE_ROWS,
            after=mark,
        )
    return None


def _turn(key: str, wanted: Queue, after: str | None) -> None:
    st.session_state[f"{key}.after.{wanted.id}"] = after
    st.session_state.pop(_hand(f"{key}.{wanted.id}"), None)


def pager(page: Page, wanted: Queue, key: str) -> None:
    """Buttons to the first and the next page, where there is more than one."""
    turned = st.session_state.get(f"{key}.after.{wanted.id}") is not None
    if not turned and page.next_after is None:
        return
    first, following = st.columns(2)
    first.button(
        _("First page"), key=f"{key}.first", disabled=not turned, on_click=_turn,
        args=(key, wanted, None), width="stretch",
    )  # fmt: skip
    following.button(
        _("Next page"), key=f"{key}.next", disabled=page.next_after is None, on_click=_turn,
        args=(key, wanted, page.next_after), width="stretch",
    )  # fmt: skip


def queue_in_hand(
    actor: Actor, queue_ids: Sequence[str], key: str, *, now: datetime
) -> Queue | None:
    """The queue that is chosen among those of the page; None where the person has none of them."""
    mine = {q.id: q for q in queues_of(actor)}
    offered = [mine[one] for one in queue_ids if one in mine]
    if not offered:
        st.info(_("Your posts have no queue here."))
        return None
    counts: dict[str, int] = {}
    with shown_errors(), unit_of_work() as conn:
        counts = queue_counts(conn, actor=actor, scope=actor.scope, now=now)
    return pick_queue(offered, counts, key) if counts else None


@st.fragment
def desk(queue_ids: Sequence[str], key: str) -> None:
    """
    The queues of one page and the case in hand.

    A fragment: choosing a row and making a move rerun this part alone. After a
    move the row leaves the queue and the next one is in hand.
    """
    actor, now = still_here(), datetime.now(UTC)
    wanted = queue_in_hand(actor, queue_ids, key, now=now)
    if wanted is None:
        return
    page = queue_page(actor, wanted, now, key)
    if page is None:
        return
    if not page.rows:
        st.success(_("Nothing waits here. New work appears by itself when you open the page."))
    elif on_phone():
        row_cards(page.rows, now=now)
        pager(page, wanted, key)
        return
    left, right = st.columns([5, 4], gap="medium")
    stem, chosen = f"{key}.{wanted.id}", list[str]()
    with left:
        if page.rows:
            chosen = row_table(page.rows, now=now, key=f"{stem}.table")
        pager(page, wanted, key)
    number = in_hand(page.rows, chosen, stem)
    with right:
        if number is not None:
            case_panel(actor, number, now=now)
