"""The desk of a post: its queues at the left, the chosen case with its next move at the right."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.cases.lists import CaseRow, Page
from gis.cases.queries import COUNT_MOST, queue, queue_counts
from gis.cases.queues import Queue, queues_of
from gis.cases.screen import QUEUE_COLUMNS, TimeLamp, queue_cells, time_lamp
from gis.ui.case_view import case_panel
from gis.ui.chips import NO_LAMP
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.phone import on_phone
from gis.ui.session import still_here
from gis.ui.words import _, locale, name_of, zone

PAGE_ROWS = 50
HEIGHT_PX, PHONE_HEIGHT_PX = 620, 260
PINNED = ("number", "lamp")
MOMENTS = ("reported_at", "due_at")
COLUMN_ORDER = ("number", "lamp", *(c.id for c in QUEUE_COLUMNS if c.id not in PINNED))


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


def _columns(lamps: Sequence[TimeLamp]) -> dict[str, Any]:
    """
    How each column looks; lamps have the colours they have everywhere.

    Coloured words are cells with lists of one word: far cheaper than a pandas Styler, which
    walks every cell of the table at each run. States stay plain: the light ones of their
    colours need dark words, and the table writes white.
    """
    colours = {name_of(lamp.words): lamp.colour or NO_LAMP for lamp in lamps}
    config: dict[str, Any] = {}
    for column in QUEUE_COLUMNS:
        label, pinned = name_of(column.label), column.id in PINNED
        if column.id == "lamp":
            config[column.id] = st.column_config.MultiselectColumn(
                label, options=list(colours), color=list(colours.values()), pinned=pinned
            )
        elif column.id in MOMENTS:
            config[column.id] = st.column_config.DatetimeColumn(label, format="MM-DD HH:mm")
        else:
            config[column.id] = st.column_config.Column(label, pinned=pinned)
    return config


def case_table(rows: Sequence[CaseRow], *, now: datetime, key: str) -> str | None:
    """The rows with state and lamp; answers the chosen number, the first one without a choice."""
    if not rows:
        return None
    shown = pd.DataFrame([queue_cells(row, now=now, locale=locale()) for row in rows])
    for name in MOMENTS:
        shown[name] = pd.to_datetime(shown[name], utc=True).dt.tz_convert(zone())
    shown["lamp"] = [[words] for words in shown["lamp"]]
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        height=min(36 * len(rows) + 40, PHONE_HEIGHT_PX if on_phone() else HEIGHT_PX),
        column_order=COLUMN_ORDER,
        column_config=_columns([time_lamp(row, now) for row in rows]),
        on_select="rerun",
        selection_mode="single-row",
        key=f"{key}.table",
    )
    chosen = [row for row in event.selection.rows if row < len(rows)]
    return rows[chosen[0] if chosen else 0].number


def _page(actor: Actor, wanted: Queue, now: datetime, key: str) -> Page | None:
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


def _pager(page: Page, wanted: Queue, key: str) -> None:
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


@st.fragment
def desk(queue_ids: Sequence[str], key: str) -> None:
    """
    The queues of one page and the case in hand.

    A fragment: choosing a row and making a move rerun this part alone. After a
    move the row leaves the queue and the next one is in hand.
    """
    actor, now = still_here(), datetime.now(UTC)
    mine = {q.id: q for q in queues_of(actor)}
    offered = [mine[one] for one in queue_ids if one in mine]
    if not offered:
        st.info(_("Your posts have no queue here."))
        return
    counts: dict[str, int] = {}
    with shown_errors(), unit_of_work() as conn:
        counts = queue_counts(conn, actor=actor, scope=actor.scope, now=now)
    if not counts:
        return
    wanted = pick_queue(offered, counts, key)
    page = _page(actor, wanted, now, key)
    if page is None:
        return
    if not page.rows:
        st.success(_("Nothing waits here. New work appears by itself when you open the page."))
        return
    left, right = st.columns([5, 4], gap="medium")
    with left:
        number = case_table(page.rows, now=now, key=f"{key}.{wanted.id}")
        _pager(page, wanted, key)
    with right:
        if number is not None:
            case_panel(actor, number, now=now)
