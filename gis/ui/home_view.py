"""Parts of the start page: what waits, one's own shifts, the way to every page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.accounts.roster import Shift
from gis.accounts.screen import shift_label
from gis.cases.desks.inbox import Inbox
from gis.cases.queries import COUNT_MOST
from gis.cases.queues import queues_of
from gis.cases.screen import time_lamp
from gis.ui.page_table import PAGES, QUEUE_PAGES, Page, first_page, offered
from gis.ui.words import _, local_date, local_number, locale, name_of, today
from gis.worktime.model import Lamp

TILES_IN_A_ROW = 4


def next_step(actor: Actor) -> None:
    """The page the post works on most."""
    first = first_page(actor)
    if first is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="home-next"):
        st.page_link(
            PAGES / first.file, label=f"**{_(first.title)}**", icon=f":material/{first.icon}:"
        )
        st.caption(_(first.says))


def news(inbox: Inbox, *, now: datetime) -> None:
    """What waits in the inbox, what of it is new or late, and the unread notices."""
    unread = sum(notice.unread for notice in inbox.notices)
    late = sum(time_lamp(row, now).lamp is Lamp.RED for row in inbox.rows)
    tasks = local_number(len(inbox.rows)) + ("+" if inbox.more else "")
    parts = {
        _("{n} tasks").format(n=tasks): len(inbox.rows),
        _("{n} not read yet").format(n=local_number(len(inbox.unread))): len(inbox.unread),
        _("{n} overdue").format(n=local_number(late)): late,
        _("{n} unread notices").format(n=local_number(unread)): unread,
    }
    words = " · ".join(part for part, count in parts.items() if count)
    if not words:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.page_link(PAGES / "inbox.py", label=_("Inbox"), icon=":material/task_alt:")
        st.markdown(f":red[{words}]" if late else words, width="content")


def waiting(actor: Actor, counts: Mapping[str, int]) -> None:
    """The queues with their counts; each leads to its page."""
    files = {page.file for page in offered(actor)}
    shown = [q for q in queues_of(actor) if QUEUE_PAGES.get(q.id) in files]
    if not shown:
        return
    with st.container(key="home-tiles"):
        columns = st.columns(TILES_IN_A_ROW)
    for position, queue in enumerate(shown):
        count = counts.get(queue.id, 0)
        more = "+" if count >= COUNT_MOST else ""
        with columns[position % TILES_IN_A_ROW], st.container(border=True):
            st.metric(name_of(queue.name), local_number(count) + more)
            st.page_link(PAGES / QUEUE_PAGES[queue.id], label=_("Show these cases"))


def duty(duties: Sequence[tuple[date, Shift]]) -> None:
    """The shift of today, or the next one within a week."""
    if not duties:
        return
    day, shift = duties[0]
    label = shift_label(shift, locale())
    if day == today():
        words = _("You are on duty today: {shift}.").format(shift=label)
    else:
        words = _("Your next shift: {day}, {shift}.").format(
            day=local_date(day, "week"), shift=label
        )
    st.info(words, icon=":material/badge:")


def other_pages(actor: Actor) -> None:
    """Every other page with a sentence."""
    first = first_page(actor)
    listed: list[Page] = [
        page
        for page in offered(actor)
        if page != first and not page.hidden and page.file != "home.py"
    ]
    half = (len(listed) + 1) // 2
    with st.container(key="home-pages"):
        columns = st.columns(2)
    for position, page in enumerate(listed):
        with columns[position // half]:
            st.page_link(PAGES / page.file, label=_(page.title), icon=f":material/{page.icon}:")
            st.caption(_(page.says))
