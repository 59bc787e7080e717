"""The screen of the call desk: take a call, say how a case stands, ring back."""

import secrets
from datetime import UTC, datetime
from html import escape

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.callers.commands import join_case, take_call
from gis.cases.callers.records import Caller, NewCall
from gis.cases.callers.sealing import KeyRing
from gis.cases.callers.told import spoken, what_next
from gis.cases.model import State
from gis.cases.records import NewCase
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_
from gis.standards.model import CaseClass
from gis.ui.call_desk.backs import back_pane
from gis.ui.call_desk.caller import ask_caller, known_caller
from gis.ui.call_desk.lookup import lookup_pane
from gis.ui.call_desk.matter import ask_class, ask_words, near_cases, offer_near
from gis.ui.call_desk.place import Point, ask_place
from gis.ui.caller_reveal import keys_of_callers
from gis.ui.case_link import case_link
from gis.ui.db import escape_markdown, show_error, shown_errors, unit_of_work
from gis.ui.session import still_here
from gis.ui.words import _, name_of

_TURN, _DONE = "call.turn", "call.done"


@st.fragment
def call_desk() -> None:
    """One of the three panes; a fragment, so that typing redraws nothing else."""
    actor, now = still_here(), datetime.now(UTC)
    ring = keys_of_callers()
    if ring is None:
        return
    panes = {"call": _("Take a call"), "standing": _("How a case stands"), "back": _("Call-backs")}
    pane = st.segmented_control(
        _("Call desk"),
        list(panes),
        default="call",
        format_func=panes.__getitem__,
        key="call.pane",
        label_visibility="collapsed",
        required=True,
    )
    if pane == "standing":
        lookup_pane(actor, ring)
    elif pane == "back":
        back_pane(actor, ring, now)
    elif st.session_state.get(_DONE):
        _say_done()
    else:
        _take(actor, ring, now)


def _take(actor: Actor, ring: KeyRing, now: datetime) -> None:
    """Who, where, what, side by side; the button that saves stands under what is told."""
    turn = int(st.session_state.setdefault(_TURN, 1))
    who, where, what = st.columns([3, 4, 3], gap="medium")
    with who:
        caller = ask_caller(turn)
        near_here = st.container()
        known_caller(actor, ring, caller, key=f"call.{turn}.known")
    with where:
        point = ask_place(actor, turn, now)
    with what:
        chosen = ask_class(turn)
        words = ask_words(turn, chosen)
        save = st.button(
            _("Save as a new case"),
            type="primary",
            shortcut="Ctrl+Enter",
            width="stretch",
            key=f"call.{turn}.save",
        )
        refusals = st.container()
    with near_here:
        joined = offer_near(near_cases(actor, point, chosen, words, now), turn)
    with refusals:
        if save:
            _save(actor, ring, turn, caller, point, chosen, words)
        elif joined:
            _join(actor, ring, turn, caller, joined)


def _key_of(turn: int) -> str:
    """One key a call: sent twice, it is one case."""
    return str(st.session_state.setdefault(f"call.{turn}.key", secrets.token_urlsafe(16)))


def _missing(point: Point | None, chosen: CaseClass | None) -> list[Fault]:
    faults = []
    if point is None:
        faults.append(fault("point", N_("Choose the place from the list, or click on the map.")))
    if chosen is None:
        faults.append(fault("class_code", N_("Choose a class from the list.")))
    return faults


def _save(
    actor: Actor,
    ring: KeyRing,
    turn: int,
    caller: Caller,
    point: Point | None,
    chosen: CaseClass | None,
    words: str,
) -> None:
    if point is None or chosen is None:
        message = N_("The call is not complete yet.")
        show_error(Invalid(message, faults=_missing(point, chosen)))
        return
    report = NewCase(
        kind=chosen.kind,
        class_code=chosen.code,
        lon=point.lon,
        lat=point.lat,
        text=words,
        located_by="map",
    )
    done: tuple[str, State] | None = None
    with shown_errors(), unit_of_work() as conn:
        taken = take_call(
            conn,
            actor=actor,
            ring=ring,
            call=NewCall(caller=caller, report=report),
            key=_key_of(turn),
            now=datetime.now(UTC),
        )
        done = taken.case.number, taken.case.state
    if done:
        _finish(turn, *done, joined=False)


def _join(actor: Actor, ring: KeyRing, turn: int, caller: Caller, number: str) -> None:
    done = False
    with shown_errors(), unit_of_work() as conn:
        join_case(
            conn,
            actor=actor,
            ring=ring,
            number=number,
            caller=caller,
            key=f"{_key_of(turn)}.{number}",
            now=datetime.now(UTC),
        )
        done = True
    if done:
        _finish(turn, number, State.REPORTED, joined=True)


def _finish(turn: int, number: str, state: State, *, joined: bool) -> None:
    st.session_state[_DONE] = (number, state, joined)
    st.session_state[_TURN] = turn + 1
    for name in [key for key in st.session_state if str(key).startswith(f"call.{turn}.")]:
        del st.session_state[name]
    st.rerun()


def _next_call() -> None:
    st.session_state.pop(_DONE, None)


def _say_done() -> None:
    """What the caller is told: the number, large enough to be read out, and what happens next."""
    number, state, joined = st.session_state[_DONE]
    with st.container(border=True):
        st.markdown(
            _("The caller now follows this case. Read out its number:")
            if joined
            else _("The case is saved. Read out its number:")
        )
        st.html(
            "<p style='font-size:2.6rem;font-weight:700;letter-spacing:0.04em;margin:0;"
            f"font-variant-numeric:tabular-nums'>{escape(spoken(number))}</p>"
        )
        if not joined:
            st.markdown(f":material/campaign: {escape_markdown(name_of(what_next(state)))}")
        st.caption(
            _("With the number or from the same telephone the caller can ask how it stands.")
        )
        case_link(number)
    st.button(
        _("Next call"), type="primary", shortcut="Ctrl+Enter", key="call.next", on_click=_next_call
    )
