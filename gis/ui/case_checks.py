"""Conditions to tick and questions of the class, inside the form of a move."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from gis.cases.tasks.checklists import CheckItem
from gis.cases.tasks.questions import ANSWER_MOST, NUMBER_MOST, AnswerKind, Question
from gis.ui.db import escape_markdown
from gis.ui.words import _, locale, name_of


def ask_checks(items: Sequence[CheckItem], key: str, *, label: str) -> list[int]:
    """A box per condition, with whose rule it is below it; answers the numbers ticked."""
    if not items:
        return []
    st.markdown(f"**{escape_markdown(label)}**")
    found = []
    for item in items:
        words = name_of(item.wording)
        if item.limit is not None:
            words = with_limit(words, name_of(item.limit))
        if st.checkbox(escape_markdown(words), key=f"{key}.{item.condition_no}"):
            found.append(item.condition_no)
    for origin in dict.fromkeys(name_of(item.origin) for item in items):
        st.caption(escape_markdown(origin))
    return found


def with_limit(words: str, limit: str) -> str:
    """A condition with its time limit in brackets, as the language writes them."""
    return f"{words}（{limit}）" if locale() == "zh-CN" else f"{words} ({limit})"


def _yes_no(question: Question, key: str) -> object:
    picked = st.segmented_control(
        escape_markdown(name_of(question.name)),
        [True, False],
        format_func=lambda yes: _("Yes") if yes else _("No"),
        key=key,
    )
    return picked if isinstance(picked, bool) else None


def _choice(question: Question, key: str) -> object:
    return st.segmented_control(
        escape_markdown(name_of(question.name)),
        list(question.choices),
        format_func=lambda word: name_of(question.choices[word]),
        key=key,
    )


def _number(question: Question, key: str) -> object:
    return st.number_input(
        escape_markdown(name_of(question.name)),
        min_value=0.0,
        max_value=NUMBER_MOST,
        value=None,
        format="%g",
        key=key,
    )


def _text(question: Question, key: str) -> object:
    label = escape_markdown(name_of(question.name))
    return st.text_input(label, max_chars=ANSWER_MOST, key=key) or None


_DRAW: Mapping[AnswerKind, Callable[[Question, str], object]] = {
    AnswerKind.YES_NO: _yes_no,
    AnswerKind.CHOICE: _choice,
    AnswerKind.NUMBER: _number,
    AnswerKind.TEXT: _text,
}


def ask_questions(questions: Sequence[Question], key: str) -> dict[str, object]:
    """The questions of the class; answers what was answered, the others are left out."""
    if not questions:
        return {}
    st.markdown(f"**{_('Questions of this class')}**")
    given = {q.id: _DRAW[q.answer](q, f"{key}.{q.id}") for q in questions}
    st.caption(_("Proposed by this system; leave out what is not known."))
    return {name: value for name, value in given.items() if value is not None}
