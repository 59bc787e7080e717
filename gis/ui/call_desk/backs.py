"""Ringing back after the end of a case: whom, what was said, and what follows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.call_backs import due_call_backs, record_call_back
from gis.cases.callers.records import (
    SATISFIED,
    CallBackAnswer,
    DueCallBack,
    Satisfied,
)
from gis.cases.callers.sealing import KeyRing
from gis.cases.intake_rules import TEXT_MOST
from gis.cases.model import State
from gis.ui.caller_reveal import reveal_number
from gis.ui.case_link import case_link
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, local_time, name_of, zone

HEIGHT_PX = 560


def back_pane(actor: Actor, ring: KeyRing, now: datetime) -> None:
    """The callers to ring at the left, the one in hand at the right."""
    due: list[DueCallBack] | None = None
    with shown_errors(), unit_of_work() as conn:
        due = due_call_backs(conn, actor=actor, ring=ring, now=now)
    if due is None:
        return
    if not due:
        st.success(_("Nobody has to be rung back now."))
        return
    left, right = st.columns([5, 4], gap="medium")
    with left:
        at = _table(due)
    with right:
        _in_hand(actor, ring, due[at], now)


def _table(due: Sequence[DueCallBack]) -> int:
    rows = [
        {
            "number": one.number,
            "caller": " ".join(part for part in (one.phone, one.name) if part),
            "class": name_of(one.class_name),
            "street": name_of(one.street),
            "closed": one.closed_at.astimezone(zone()),
            "tries": one.tries,
        }
        for one in due
    ]
    columns = {
        "number": st.column_config.Column(_("Number"), pinned=True),
        "caller": st.column_config.Column(_("Caller")),
        "class": st.column_config.Column(_("Class")),
        "street": st.column_config.Column(_("Street")),
        "closed": st.column_config.DatetimeColumn(_("Closed"), format="MM-DD HH:mm"),
        "tries": st.column_config.NumberColumn(_("Tries")),
    }
    event: Any = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if 33 * (len(rows) + 1) < HEIGHT_PX else HEIGHT_PX,
        placeholder="",
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        key="call.back.table",
    )
    chosen = [row for row in event.selection.rows if row < len(rows)]
    return chosen[0] if chosen else 0


def _in_hand(actor: Actor, ring: KeyRing, one: DueCallBack, now: datetime) -> None:
    st.markdown(f"**{one.number}** · {escape_markdown(name_of(one.class_name))}")
    st.caption(
        _("Closed {time}; reopening is possible until {until}").format(
            time=local_time(one.closed_at), until=local_time(one.may_reopen_until)
        )
    )
    if one.description:
        st.text(one.description[:300])
    case_link(one.number)
    stem = f"call.back.{one.number}.{one.caller_id}.{one.tries}"
    reason = _("Call-back about case {number}").format(number=one.number)
    reveal_number(actor, ring, one.caller_id, key=stem, reason=reason)
    with st.container(border=True):
        _answer_form(actor, ring, one, now, stem)


def _answer_form(actor: Actor, ring: KeyRing, one: DueCallBack, now: datetime, stem: str) -> None:
    reached = st.segmented_control(
        _("Did the caller answer?"),
        [True, False],
        format_func=lambda yes: _("Reached") if yes else _("Not reached"),
        key=f"{stem}.reached",
    )
    if reached is None:
        return
    satisfied, again = (_ask_satisfied(stem), None) if reached else (None, _ask_again(stem, now))
    words = st.text_area(_("What was said"), key=f"{stem}.words", max_chars=TEXT_MOST, height=90)
    reopen = False
    if reached and satisfied in (Satisfied.PARTLY, Satisfied.NO):
        late = now > one.may_reopen_until
        reopen = st.checkbox(
            _("Not fixed: send the case back to be verified"),
            key=f"{stem}.reopen",
            disabled=late,
            help=_("The time for reopening is over.") if late else None,
        )
    label = _("Keep the answer and reopen the case") if reopen else _("Keep the answer")
    if reached is False:
        label = _("Keep that nobody answered")
    if st.button(label, type="primary", shortcut="Ctrl+Enter", width="stretch", key=f"{stem}.go"):
        _keep(
            actor,
            ring,
            CallBackAnswer(
                number=one.number,
                caller_id=one.caller_id,
                version=one.version,
                try_no=one.tries + 1,
                reached=bool(reached),
                satisfied=satisfied,
                words=words or "",
                next_try_at=again,
                reopen=reopen,
            ),
        )


def _ask_satisfied(stem: str) -> Satisfied | None:
    picked = st.segmented_control(
        _("How does the caller find the result?"),
        list(Satisfied),
        format_func=lambda one: name_of(SATISFIED[one]),
        key=f"{stem}.satisfied",
    )
    return Satisfied(picked) if picked else None


def _ask_again(stem: str, now: datetime) -> datetime | None:
    hours = {2: _("in 2 hours"), 24: _("tomorrow at this time"), 72: _("in 3 days")}
    picked = st.segmented_control(
        _("Next try"),
        list(hours),
        default=24,
        format_func=hours.__getitem__,
        key=f"{stem}.again",
        required=True,
    )
    return now + timedelta(hours=int(picked)) if picked else None


def _keep(actor: Actor, ring: KeyRing, answer: CallBackAnswer) -> None:
    after: State | None = None
    with shown_errors(), unit_of_work() as conn:
        after = record_call_back(conn, actor=actor, ring=ring, answer=answer, now=datetime.now(UTC))
    if after is None:
        return
    if answer.reopen:
        say_next(_("Case {number} goes back to be verified.").format(number=answer.number))
    else:
        say_next(_("The call-back about case {number} is kept.").format(number=answer.number))
    st.rerun()
