"""What a caller tells of: class, the questions to ask, words; and cases that may be the same."""

from datetime import datetime

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.clusters.model import Candidate
from gis.cases.clusters.queries import likely_duplicates
from gis.cases.intake_rules import TEXT_MOST
from gis.cases.screen import state_chip
from gis.cases.settings import read_case_settings
from gis.cases.tasks.questions import answers_in_words, questions_of
from gis.standards.model import CaseClass, Kind
from gis.standards.queries import active_classes
from gis.ui.call_desk.place import Point
from gis.ui.case_checks import ask_questions
from gis.ui.chips import chip_html
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_number, locale, name_of

NEAR_MOST = 3


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def _classes() -> list[CaseClass]:
    """Events first: they are what people ring about."""
    with unit_of_work() as conn:
        found = active_classes(conn, read_case_settings(conn).edition)
    return sorted(found, key=lambda one: one.kind is not Kind.EVENT)


def _label(one: CaseClass) -> str:
    return f"{name_of(one.name)} · {name_of(one.class_name)} · {one.code}"


def ask_class(turn: int) -> CaseClass | None:
    """The class, found while its name, its main class or its code is typed."""
    return st.selectbox(
        _("Class"),
        _classes(),
        index=None,
        format_func=_label,
        key=f"call.{turn}.class",
        filter_mode="contains",
        placeholder=_("Type a part of the name or the code"),
    )


def ask_words(turn: int, chosen: CaseClass | None) -> str:
    """The script of the class and the words of the caller; answered questions join the words."""
    answers: dict[str, object] = {}
    if chosen is not None:
        script = questions_of(chosen.kind, chosen.edition, chosen.code)
        answers = ask_questions(script, f"call.{turn}.{chosen.kind}.{chosen.code}")
    typed = st.text_area(
        _("What the caller says"),
        key=f"call.{turn}.text",
        height=110,
        max_chars=TEXT_MOST,
        placeholder=_("No names and no numbers here: this text is read by many."),
    )
    colon = "：" if locale() == "zh-CN" else ": "
    said = [f"{name_of(q)}{colon}{name_of(a)}" for q, a in answers_in_words(answers)]
    return "\n".join(part for part in ((typed or "").strip(), *said) if part)


def near_cases(
    actor: Actor, point: Point | None, chosen: CaseClass | None, words: str, now: datetime
) -> list[Candidate]:
    """Cases near the place that may tell of the same thing, likeliest first."""
    if point is None:
        return []
    with shown_errors(), unit_of_work() as conn:
        return likely_duplicates(
            conn,
            actor=actor,
            kind=chosen.kind if chosen else Kind.EVENT,
            class_code=chosen.code if chosen else "",
            lon=point.lon,
            lat=point.lat,
            text=words,
            now=now,
            most=NEAR_MOST,
        )
    return []


def offer_near(found: list[Candidate], turn: int) -> str | None:
    """The cases near, each with a way to join it; answers the number that was joined."""
    if not found:
        return None
    st.markdown(f"**{_('Perhaps the same')}**")
    joined = None
    for one in found:
        with st.container(border=True):
            _say_candidate(one)
            if one.excerpt:
                st.text(one.excerpt)
            if one.open and st.button(
                _("Join the caller to this case"),
                key=f"call.{turn}.join.{one.number}",
                icon=":material/group_add:",
                width="stretch",
            ):
                joined = one.number
    return joined


def _say_candidate(one: Candidate) -> None:
    """What it is and why it may be the same, with its first photo where it has one."""
    left, right = st.columns([3, 1]) if one.photo else (st.container(), None)
    with left:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(chip_html(state_chip(one.state)), width="content")
            if one.class_name:
                st.markdown(f"**{escape_markdown(name_of(one.class_name))}**", width="content")
        st.caption(escape_markdown(name_of(one.reason)))
        people = _("{n} people reported").format(n=local_number(one.reporters))
        st.caption(f"{one.number} · {people}")
    if right is not None:
        # a hash: nothing of people is in the HTML
        right.html(
            f'<img src="/files/{one.photo}?size=thumb" alt="" loading="lazy"'
            ' style="width:100%;border-radius:6px">'
        )
