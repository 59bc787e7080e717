"""Who is at the screen, asked anew at every run, and the guard that opens each page."""

import time
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.accounts.sessions import COOKIE, actor_of_session
from gis.errors import GisError
from gis.ui.cache import district_zone, is_demo
from gis.ui.db import escape_markdown, show_error, unit_of_work
from gis.ui.leaving import sign_in_link
from gis.ui.words import _, set_locale, set_zone

_READ = "wanmi.read"
_NOTICE = "wanmi.notice"
FRESH_SECONDS = 0.5
"""The shell and the page of one run ask once between them."""


def session_token() -> str | None:
    """The cookie of the websocket's handshake."""
    return st.context.cookies.get(COOKIE)


def current_actor() -> Actor | None:
    """
    The person behind this run, read from the session's row; None: signed out or revoked.

    A websocket lives for hours, so the row is asked at each run: one indexed query.
    """
    token = session_token()
    actor: Actor | None
    read_at, read_token, actor = st.session_state.get(_READ, (0.0, None, None))
    if actor is None or read_token != token or time.monotonic() - read_at > FRESH_SECONDS:
        try:
            with unit_of_work() as conn:
                actor = actor_of_session(conn, token, now=datetime.now(UTC))
            set_zone(district_zone().key)
        except GisError as error:
            show_error(error)
            st.stop()
        st.session_state[_READ] = (time.monotonic(), token, actor)
    if actor is not None:
        set_locale(actor.locale)
    return actor


def ask_to_sign_in() -> None:
    """Say that the session has ended and where to go on; ends the run."""
    st.info(_("You are signed out. Sign in to go on; what was saved is kept."))
    sign_in_link(_("Sign in"))
    st.stop()


def open_page(title: str, permission: Permission | None, *, heading: bool = True) -> Actor:
    """
    The guard: the first statement of every page.

    Stops the run with a sentence when nobody is signed in or the permission is missing.
    None as permission: a page for everybody who is signed in. Without `heading` the page fills
    the window and says itself where its data come from.
    """
    actor = current_actor()
    if actor is None:
        ask_to_sign_in()
        raise RuntimeError  # not reached: the run has ended
    if permission is not None and not actor.may(permission):
        refuse_page()
    if heading:
        st.title(title, anchor=False)
    if heading and is_demo():
        st.caption(_("Demo district: generated data, not real."))
    _show_notice()
    return actor


def refuse_page() -> None:
    """Say that the page is not for this person's posts; ends the run."""
    st.error(
        _("Your posts do not include this page. Ask an administrator if they should."),
        icon=":material/lock:",
    )
    st.stop()


def still_here() -> Actor:
    """
    The guard of a fragment: the first statement of each function under `st.fragment`.

    A click inside a fragment runs neither the shell nor the page, so a revoked session would
    go on for as long as its websocket lives. Answers the person with the posts of this minute.
    """
    actor = current_actor()
    if actor is None:
        ask_to_sign_in()
        raise RuntimeError  # not reached: the run has ended
    return actor


def say_next(text: str) -> None:
    """Say `text` on the next run: what was done stays readable after `st.rerun()`."""
    st.session_state[_NOTICE] = text


def _show_notice() -> None:
    text = st.session_state.pop(_NOTICE, None)
    if text:
        st.toast(escape_markdown(text), icon=":material/check:")
