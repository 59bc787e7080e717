"""A citizen asks how a case stands: by its number, or by the telephone the report came from."""

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.phones import faults_of_number
from gis.cases.callers.records import Caller
from gis.cases.callers.sealing import KeyRing
from gis.cases.records import is_case_number
from gis.ui.call_desk.caller import known_caller
from gis.ui.call_desk.standing import say_standing
from gis.ui.case_link import case_link
from gis.ui.db import escape_markdown
from gis.ui.words import _

_FIELD = "call.lookup"


def lookup_pane(actor: Actor, ring: KeyRing) -> None:
    """One field for both; nothing is said of cases outside one's own area."""
    with st.container(width=720):
        typed = st.text_input(
            _("Number of the case, or telephone number"),
            key=_FIELD,
            live=True,
            max_chars=40,
            autocomplete="off",
            icon=":material/search:",
        )
        asked = "-".join((typed or "").split()) if " " in (typed or "").strip() else typed or ""
        if is_case_number(asked.strip()):
            _by_number(actor, asked.strip())
        elif typed and not faults_of_number(typed):
            known_caller(actor, ring, Caller(phone=typed), key="call.lookup.known")
        else:
            st.caption(_("The whole number, as it was read out: 110101001 261122 0007."))


def _by_number(actor: Actor, number: str) -> None:
    detail = say_standing(actor, number)
    if detail is None:
        return
    if detail.description:
        st.caption(escape_markdown(detail.description[:200]))
    case_link(number)
