"""The inbox of a person: tasks by deadline at the left, the case in hand at the right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from gis.accounts.model import Actor, Role
from gis.cases.clocks.notices import NoticeKind
from gis.cases.desks.commands import mark_seen
from gis.cases.desks.filters import CaseFilter, filter_from, params_of
from gis.cases.desks.inbox import ROWS_MOST, Inbox, Notice, Whose, read_inbox, task_queues
from gis.cases.desks.screen import LAMP_NAMES
from gis.cases.screen import SOURCES
from gis.cases.workflow import STATES
from gis.errors import Term
from gis.ui.case_filter import asked_filter, go_to
from gis.ui.case_view import case_panel
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.inbox import task_list
from gis.ui.phone import on_phone
from gis.ui.saved_filters import saved_filters
from gis.ui.session import still_here
from gis.ui.substitutes_view import standing_in, substitutes
from gis.ui.words import _, local_number, local_time, name_of
from gis.worktime.model import Lamp

KEY = "inbox"
_ICONS: Final = {True: ":material/mark_email_unread:", False: ":material/drafts:"}
NOTICE_NAMES: Final = {
    NoticeKind.OVERDUE: Term("案卷超时", "The case is overdue"),
    NoticeKind.STAGE_OVERDUE: Term("环节超时", "The stage is overdue"),
    NoticeKind.SUPERVISION: Term("督办", "Supervised"),
    NoticeKind.RETURN_LOOP: Term("反复退单", "Returned again and again"),
    NoticeKind.EVIDENCE_FLAG: Term("照片待复核", "Photos to be looked at"),
    NoticeKind.ASSIGNED: Term("指派给您", "Given to you"),
    NoticeKind.TAKEN_BACK: Term("不再由您承办", "No longer in your hands"),
}

WHOSE_NAMES: Final = {
    Whose.ALL: Term("本部门全部，我的在前", "My department's, mine first"),
    Whose.MINE: Term("我的", "Mine"),
    Whose.NOBODYS: Term("未指派到人", "Nobody's"),
}


def _filter(actor: Actor, wanted: CaseFilter) -> None:
    """States of one's own queues, lamp and source; the choice goes into the address."""
    states = [state for queue in task_queues(actor) for state in queue.states]
    stem = f"{KEY}.{hash(wanted) & 0xFFFFFFFF:x}"

    def asked() -> None:
        said = {**params_of(wanted)}
        for name in ("state", "source"):
            said[name] = ",".join(st.session_state.get(f"{stem}.{name}") or ())
        said["lamp"] = str(st.session_state.get(f"{stem}.lamp") or "")
        go_to(filter_from(said))

    left, middle, right = st.columns(3)
    left.multiselect(
        _("State"), states, [s for s in wanted.states if s in states], key=f"{stem}.state",
        format_func=lambda s: name_of(STATES[s].name), placeholder=_("All"), on_change=asked,
    )  # fmt: skip
    lamps = list(Lamp)
    middle.selectbox(
        _("Lamp"), lamps, lamps.index(wanted.lamp) if wanted.lamp else None, key=f"{stem}.lamp",
        format_func=lambda lamp: name_of(LAMP_NAMES[lamp]), placeholder=_("All"), on_change=asked,
    )  # fmt: skip
    right.multiselect(
        _("Source"), list(SOURCES), list(wanted.sources), key=f"{stem}.source",
        format_func=lambda s: name_of(SOURCES[s]), placeholder=_("All"), on_change=asked,
    )  # fmt: skip


def _notices(notices: Sequence[Notice], *, alone: bool) -> None:
    """What the posts should look at; each line opens its case. `alone`: there is no task."""
    if not notices:
        return
    unread = sum(notice.unread for notice in notices)
    title = _("Notices ({unread} unread of {total})").format(
        unread=local_number(unread), total=local_number(len(notices))
    )
    with st.expander(title, icon=":material/notifications:", expanded=alone and unread > 0):
        for notice in notices:
            level = _(" (level {n})").format(n=notice.level) if notice.level is not None else ""
            words = f"{name_of(NOTICE_NAMES[notice.kind])}{level} · {notice.number}"
            if notice.colleague is not None:
                words += " · " + _("told to {name}").format(name=notice.colleague)
            state = name_of(STATES[notice.state].name)
            line = escape_markdown(f"{words} · {state} · {local_time(notice.made_at, 'short')}")
            st.markdown(f"{_ICONS[notice.unread]} [{line}](/case?number={notice.number})")


def _whose(actor: Actor) -> Whose:
    """People of departments choose whether they see their own tasks, all, or those of nobody."""
    if not actor.has(Role.HANDLER):
        return Whose.ALL
    picked = st.segmented_control(
        _("In the hands of"), list(WHOSE_NAMES), default=Whose.ALL, key=f"{KEY}.whose",
        required=True, format_func=lambda whose: name_of(WHOSE_NAMES[whose]),
        label_visibility="collapsed",
    )  # fmt: skip
    return picked or Whose.ALL


def _read(actor: Actor, wanted: CaseFilter, now: datetime, whose: Whose) -> Inbox | None:
    with shown_errors(), unit_of_work() as conn:
        return read_inbox(conn, actor=actor, wanted=wanted, now=now, whose=whose)
    return None


def _see(actor: Actor, number: str, now: datetime) -> None:
    with shown_errors(), unit_of_work() as conn:
        mark_seen(conn, actor=actor, numbers=[number], now=now)


def _only_unread(inbox: Inbox) -> Inbox:
    rows = tuple(row for row in inbox.rows if row.number in inbox.unread)
    return replace(inbox, rows=rows)


def _head(actor: Actor, wanted: CaseFilter) -> bool:
    """Everything above the list; answers whether only unread tasks are wanted."""
    with st.container(horizontal=True, vertical_alignment="center"):
        only_unread = st.toggle(_("Only unread"), key=f"{KEY}.unread")
        with st.popover(_("Filter"), icon=":material/filter_list:"):
            _filter(actor, wanted)
            saved_filters(actor, "inbox", wanted, key=f"{KEY}.saved")
        with st.popover(_("Hand over"), icon=":material/swap_horiz:"):
            substitutes(actor)
        if not on_phone():
            st.caption(_("Keys: j and k move, Enter opens, 1 to 9 choose what next."))
    standing_in(actor)
    return only_unread


@st.fragment
def inbox() -> None:
    """The inbox below the guard of its page; choosing and moving run this part alone."""
    actor, now = still_here(), datetime.now(UTC)
    wanted = asked_filter()
    only_unread = _head(actor, wanted)
    found = _read(actor, wanted, now, _whose(actor))
    if found is None:
        return
    _notices(found.notices, alone=not found.rows)
    shown = _only_unread(found) if only_unread else found
    if not shown.rows:
        st.success(_("Nothing waits here. New work appears by itself when you open the page."))
        return
    if found.more:
        st.caption(
            _("The {most} most urgent tasks are shown.").format(most=local_number(ROWS_MOST))
        )
    if on_phone():
        task_list(shown.rows, now=now, unread=found.unread, key=f"{KEY}.list", mine=found.mine)
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        number = task_list(
            shown.rows, now=now, unread=found.unread, key=f"{KEY}.list", mine=found.mine
        )
    with right, st.container(key="inbox-case"):
        if number is not None:
            if not only_unread:
                _see(actor, number, now)
            case_panel(actor, number, now=now)
