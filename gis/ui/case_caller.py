"""Who rang about a case, on its page: masked, with the number behind a reason."""

from datetime import datetime

import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.callers.call_backs import call_backs_of_case
from gis.cases.callers.queries import callers_of_case
from gis.cases.callers.records import RANG, SATISFIED, CallBack, CallerOfCase
from gis.cases.queries import CaseDetail
from gis.ui.caller_reveal import keys_of_callers, reveal_number
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import still_here
from gis.ui.words import _, local_time, name_of


def case_caller(actor: Actor, detail: CaseDetail, now: datetime) -> None:  # noqa: ARG001
    """The callers of a case and what they said afterwards; nothing where nobody rang."""
    if not (actor.may(Permission.TAKE_CALLS) or actor.may(Permission.REVEAL_CALLERS)):
        return
    number = detail.case.number
    rang = False
    with shown_errors(), unit_of_work() as conn:
        rang = bool(callers_of_case(conn, number, actor=actor, ring=None))
    if rang:
        _callers(number)


@st.fragment
def _callers(number: str) -> None:
    actor, ring = still_here(), keys_of_callers()
    callers: list[CallerOfCase] = []
    tries: list[CallBack] = []
    with shown_errors(), unit_of_work() as conn:
        callers = callers_of_case(conn, number, actor=actor, ring=ring)
        tries = call_backs_of_case(conn, number, actor=actor)
    with st.expander(_("Callers ({n})").format(n=len(callers)), icon=":material/call:"):
        for caller in callers:
            st.markdown(escape_markdown(line_of(caller)))
            if caller.phone and ring is not None:
                reveal_number(actor, ring, caller.caller_id, key=f"case.caller.{number}")
        for one in tries:
            st.markdown(f"{_('Call-back')}: {escape_markdown(line_of_try(one))}")
            if one.words:
                st.text(one.words)


def line_of(caller: CallerOfCase) -> str:
    """A caller in a line: masked number and name, what, when, who took the call."""
    parts = [
        " ".join(part for part in (caller.phone, caller.name) if part) or _("number forgotten"),
        name_of(RANG[caller.rang]),
        local_time(caller.at),
        caller.taken_by or _("System"),
    ]
    if caller.other_cases:
        parts.append(_("{n} other cases").format(n=caller.other_cases))
    return " · ".join(parts)


def line_of_try(one: CallBack) -> str:
    """A try in a line: when, who, what came of it."""
    said = name_of(SATISFIED[one.satisfied]) if one.satisfied else _("not reached")
    parts = [local_time(one.at), one.made_by or _("System"), said]
    if one.next_try_at:
        parts.append(_("again at {time}").format(time=local_time(one.next_try_at)))
    return " · ".join(parts)
