"""A caller's number behind a reason: shown for a short while, on the trail for ever."""

import time
from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.callers.commands import REASON_MOST, reveal
from gis.cases.callers.keeping import ring_of
from gis.cases.callers.records import Revealed
from gis.cases.callers.sealing import KeyRing
from gis.runtime import runtime
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _

SHOWN_SECONDS = 120.0
"""Long enough to dial and to dial again."""
_SEEN = "call.seen"


def keys_of_callers() -> KeyRing | None:
    """The keys of this copy; None after saying what is wrong with them."""
    home = runtime().settings.home
    with shown_errors(), unit_of_work() as conn:
        return ring_of(conn, home, now=datetime.now(UTC))
    return None


def reveal_number(
    actor: Actor, ring: KeyRing, caller_id: int, *, key: str, reason: str = ""
) -> None:
    """The reason to be said and the button; after it, name and number for `SHOWN_SECONDS`."""
    if not actor.may(Permission.REVEAL_CALLERS):
        return
    shown = _still_shown(caller_id)
    if shown is not None:
        st.markdown(f"### {escape_markdown(shown.phone)} {escape_markdown(shown.name)}")
        st.caption(_("Your look at this number is on the trail."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said = st.text_input(
            _("Why the number is needed"),
            value=reason,
            max_chars=REASON_MOST,
            key=f"{key}.reason.{caller_id}",
        )
        asked = st.button(
            _("Show the number"), icon=":material/visibility:", key=f"{key}.show.{caller_id}"
        )
    if asked and _look(actor, ring, caller_id, said or ""):
        st.rerun()


def _look(actor: Actor, ring: KeyRing, caller_id: int, reason: str) -> bool:
    """Whether it may be shown: the trail holds the look by then."""
    found: Revealed | None = None
    with shown_errors(), unit_of_work() as conn:
        found = reveal(
            conn,
            actor=actor,
            ring=ring,
            caller_id=caller_id,
            reason=reason,
            now=datetime.now(UTC),
        )
    if found is None:
        return False
    st.session_state[_SEEN] = (caller_id, found, time.monotonic() + SHOWN_SECONDS)
    return True


def _still_shown(caller_id: int) -> Revealed | None:
    whose, found, until = st.session_state.get(_SEEN, (None, None, 0.0))
    if whose != caller_id or time.monotonic() > until:
        if time.monotonic() > until:
            st.session_state.pop(_SEEN, None)
        return None
    return found if isinstance(found, Revealed) else None
