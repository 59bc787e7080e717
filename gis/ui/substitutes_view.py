"""Handing one's tasks over for some days, and whose tasks one has."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from gis.accounts.model import Actor
from gis.accounts.substitutes import (
    LONGEST_DAYS,
    Window,
    end_substitute,
    name_substitute,
    who_fits,
    windows_of,
)
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_date, today

KEY = "inbox.substitute"


def standing_in(actor: Actor) -> None:
    """A line above the tasks while they are not only one's own."""
    if not actor.stands_for:
        return
    found: list[Window] = []
    with shown_errors(), unit_of_work() as conn:
        found = windows_of(conn, actor=actor, today=today())
    for window in found:
        if window.person_id in actor.stands_for:
            st.info(
                _("You stand in for {name} until {day}.").format(
                    name=escape_markdown(window.person), day=local_date(window.last_day)
                ),
                icon=":material/swap_horiz:",
            )


def substitutes(actor: Actor) -> None:
    """Windows that run or will, and a new one."""
    found: list[Window] = []
    fitting: dict[int, str] = {}
    with shown_errors(), unit_of_work() as conn:
        found = windows_of(conn, actor=actor, today=today())
        fitting = who_fits(conn, actor=actor, today=today())
    st.markdown(f"**{_('Hand your tasks over')}**")
    for window in found:
        _window(actor, window)
    if not fitting:
        st.caption(_("Nobody else holds your posts over your areas."))
        return
    _new(actor, fitting)


def _window(actor: Actor, window: Window) -> None:
    words = f"{window.person} → {window.substitute}"
    st.text(f"{words} · {local_date(window.first_day)} – {local_date(window.last_day)}")
    st.button(_("End it now"), key=f"{KEY}.end.{window.id}", on_click=_end, args=(actor, window.id))


def _end(actor: Actor, window_id: int) -> None:
    with shown_errors(), unit_of_work() as conn:
        end_substitute(conn, actor=actor, window_id=window_id, now=datetime.now(UTC))


def _new(actor: Actor, fitting: dict[int, str]) -> None:
    other = st.selectbox(
        _("Substitute"), list(fitting), index=None, key=f"{KEY}.who",
        format_func=fitting.__getitem__, placeholder=_("Choose a person"),
    )  # fmt: skip
    first = st.date_input(_("First day"), today(), format="YYYY-MM-DD", key=f"{KEY}.first")
    last = st.date_input(
        _("Last day"), today() + timedelta(days=1), format="YYYY-MM-DD", key=f"{KEY}.last"
    )
    st.caption(
        _("At most {most} days. It ends by itself; the history names both of you.").format(
            most=LONGEST_DAYS
        )
    )
    if not st.button(_("Hand over"), key=f"{KEY}.go", disabled=other is None):
        return
    if other is None or first is None or last is None or actor.person_id is None:
        return
    with shown_errors():
        with unit_of_work() as conn:
            name_substitute(
                conn, actor=actor, person_id=actor.person_id, substitute_id=other,
                first_day=first, last_day=last, today=today(), now=datetime.now(UTC),
            )  # fmt: skip
        st.success(_("Your tasks are handed over."))
