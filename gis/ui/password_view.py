"""One's own password."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.commands import set_password
from gis.accounts.model import Actor
from gis.accounts.passwords import check_policy, hash_password, verify
from gis.accounts.signing_in import credentials_of, finish
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.words import _

_REFUSED = N_("The password cannot be taken.")


def own_password(actor: Actor) -> None:
    """The form; the present password is asked, because a screen may be left open."""
    if actor.demo or actor.person_id is None:
        return
    with (
        st.expander(_("Change my password"), icon=":material/key:"),
        st.form("home.password", clear_on_submit=True),
    ):
        present = st.text_input(
            _("Present password"), type="password", autocomplete="current-password"
        )
        first = st.text_input(_("New password"), type="password", autocomplete="new-password")
        again = st.text_input(_("Once more"), type="password", autocomplete="new-password")
        if not st.form_submit_button(_("Set this password")):
            return
    with shown_errors():
        _change(actor, actor.person_id, present, first, again)
        st.rerun()


def _change(actor: Actor, person_id: int, present: str, first: str, again: str) -> None:
    """Check all three, then store; a wrong present password counts like a failed sign-in."""
    if first != again:
        raise Invalid(_REFUSED, faults=[fault("password", N_("The two entries differ."))])
    check_policy(first, actor.login)
    with unit_of_work() as conn:
        known = credentials_of(conn, actor.login)
    now = datetime.now(UTC)
    if not verify(known.password_hash, present):
        with unit_of_work() as conn:
            finish(conn, known, matches=False, now=now)
        raise Invalid(_REFUSED, faults=[fault("present", N_("The present password is not right."))])
    hashed = hash_password(first)
    with unit_of_work() as conn:
        set_password(conn, actor=actor, person_id=person_id, password_hash=hashed, now=now)
