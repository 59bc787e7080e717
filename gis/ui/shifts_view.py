"""The form for a new shift, below the roster."""

from datetime import UTC, datetime, time

import streamlit as st

from gis.accounts.model import Actor
from gis.accounts.shifts import ShiftDraft, create_shift
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _

_TYPED = ("code", "name_zh", "name_en")


def new_shift(actor: Actor, *, opened: bool) -> None:
    """Name, code and hours of a shift; `opened` where the district has none yet."""
    with (
        st.expander(_("Add a shift"), icon=":material/schedule:", expanded=opened),
        st.form("shift.new", border=False),
    ):
        left, right = st.columns(2)
        name_zh = left.text_input(_("Chinese name"), key="shift.new.name_zh", max_chars=50)
        name_en = right.text_input(_("English name"), key="shift.new.name_en", max_chars=50)
        starts = left.time_input(_("Starts"), time(8), key="shift.new.starts")
        ends = right.time_input(_("Ends"), time(16), key="shift.new.ends")
        code = left.text_input(
            _("Code"), key="shift.new.code", max_chars=20, help=_("It stays for ever.")
        )
        st.caption(_("A shift that ends at or before its start runs past midnight."))
        if not st.form_submit_button(_("Add this shift"), type="primary"):
            return
    with shown_errors():
        with unit_of_work() as conn:
            draft = ShiftDraft(code.strip(), name_zh, name_en, starts, ends)
            create_shift(conn, actor=actor, draft=draft, now=datetime.now(UTC))
        for name in _TYPED:
            del st.session_state[f"shift.new.{name}"]
        say_next(_("The shift was added."))
        st.rerun()
