"""Who rings: number and name, and what is known of the caller while the number is typed."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.commands import note_question
from gis.cases.callers.phones import NAME_MOST, faults_of_number
from gis.cases.callers.queries import caller_card
from gis.cases.callers.records import RANG, Caller, CallerCard, CallerCase
from gis.cases.callers.sealing import KeyRing
from gis.cases.screen import state_chip
from gis.ui.call_desk.standing import say_standing
from gis.ui.case_link import case_link
from gis.ui.chips import chip_html
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_date, name_of, zone

CASES_SHOWN = 3


def ask_caller(turn: int) -> Caller:
    """Number and name; both stay as typed until the call is saved."""
    phone = st.text_input(
        _("Telephone number"),
        key=f"call.{turn}.phone",
        live=True,
        max_chars=30,
        type="phone",
        icon=":material/call:",
        autocomplete="off",
        placeholder=_("Mobile or fixed line"),
    )
    name = st.text_input(
        _("Name, if the caller says it"),
        key=f"call.{turn}.name",
        max_chars=NAME_MOST,
        autocomplete="off",
    )
    return Caller(phone=phone or "", name=name or "")


def known_caller(actor: Actor, ring: KeyRing, caller: Caller, *, key: str) -> CallerCard | None:
    """The card of a number that is whole; says so when nobody is known by it."""
    if faults_of_number(caller.phone):
        return None
    card: CallerCard | None = None
    with shown_errors(), unit_of_work() as conn:
        card = caller_card(conn, actor=actor, ring=ring, phone=caller.phone)
    if card is None:
        st.caption(_("Nobody has rung from this number about your area before."))
        return None
    with st.container(border=True):
        who = " ".join(part for part in (card.phone, card.name) if part)
        st.markdown(f":material/contact_phone: **{escape_markdown(who)}**")
        st.caption(
            _("Cases: {n}, since {day}").format(
                n=len(card.cases), day=local_date(card.since.astimezone(zone()).date())
            )
        )
        for case in card.cases[:CASES_SHOWN]:
            case_of_caller(actor, ring, case, caller, key=f"{key}.{case.number}")
    return card


def case_of_caller(
    actor: Actor, ring: KeyRing, case: CallerCase, caller: Caller, *, key: str
) -> None:
    """One earlier case in two lines; a button tells how it stands and keeps that it was asked."""
    facts = " · ".join((name_of(case.class_name), name_of(case.street), name_of(RANG[case.rang])))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(chip_html(state_chip(case.state)), width="content")
        st.markdown(f"**{case.number}**", width="content")
    st.caption(escape_markdown(facts))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        case_link(case.number)
        if st.button(_("How does it stand?"), key=f"{key}.ask", icon=":material/help:"):
            st.session_state[f"{key}.told"] = True
            with shown_errors(), unit_of_work() as conn:
                note_question(
                    conn,
                    actor=actor,
                    ring=ring,
                    number=case.number,
                    caller=caller,
                    now=datetime.now(UTC),
                )
    if st.session_state.get(f"{key}.told"):
        say_standing(actor, case.number)
