"""Parts of the settings page: what counts now, changing one, who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.district_settings import PRODUCT_DEFAULTS, SettingChange, change_setting
from gis.cases.setting_inputs import SettingInput, input_of, input_with_codes, said
from gis.cases.setting_words import OTHER, SECTIONS, value_in_words, words_of
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.setting_input import ask, forget, is_drawn
from gis.ui.words import _, local_time, name_of

Settings = Mapping[str, tuple[Any, bool]]
_FORM = "settings.form"


@dataclass(slots=True)
class _Form:
    """A setting that somebody is changing, kept from run to run of the page."""

    key: str
    begun: Any
    """The value with which the field began."""
    seen: Any
    """The value that this person has been shown last."""


def sections_of(settings: Settings) -> dict[str, list[str]]:
    """The keys of each section that has some, in the order of the table."""
    found: dict[str, list[str]] = {section: [] for section in (*SECTIONS, "")}
    for key in settings:
        found[words_of(key).section if words_of(key).section in SECTIONS else ""].append(key)
    return {section: keys for section, keys in found.items() if keys}


def choose_section(settings: Settings) -> list[str]:
    """The keys of the section that is looked at."""
    sections = sections_of(settings)
    chosen = st.segmented_control(
        _("Section"),
        list(sections),
        default=next(iter(sections)),
        format_func=lambda section: name_of(SECTIONS.get(section, OTHER)),
        key="settings.section",
        required=True,
        label_visibility="collapsed",
    )
    return sections[chosen or next(iter(sections))]


def _meaning(key: str) -> str:
    """What a setting means, as a label: English ones are written small in the table."""
    words = name_of(words_of(key).meaning)
    return words[:1].upper() + words[1:]


def table(settings: Settings, keys: Sequence[str]) -> None:
    """Value, default, meaning and origin of each."""
    st.dataframe(
        [
            {
                "meaning": _meaning(key),
                "value": name_of(said(key, settings[key][0])),
                "set": settings[key][1],
                "default": name_of(said(key, PRODUCT_DEFAULTS[key])),
                "origin": name_of(words_of(key).origin),
                "key": key,
            }
            for key in keys
        ],
        hide_index=True,
        column_config={
            "meaning": st.column_config.TextColumn(_("Meaning"), width="large"),
            "value": st.column_config.TextColumn(_("Value")),
            "set": st.column_config.CheckboxColumn(_("Set here")),
            "default": st.column_config.TextColumn(_("Default")),
            "origin": st.column_config.TextColumn(_("Origin of the default")),
            "key": st.column_config.TextColumn(_("Key")),
        },
        key="settings.table",
    )


def change(actor: Actor, settings: Settings, keys: Sequence[str]) -> None:
    """One setting, entered anew; a refusal leaves what was entered."""
    with st.container(border=True):
        st.subheader(_("Change a setting"), anchor=False)
        key = st.selectbox(
            _("Setting"),
            list(keys),
            format_func=_meaning,
            key="settings.key",
        )
        if key is None:
            return
        value, own = settings[key]
        form = _form(key, value)
        with st.form(f"settings.form.{key}", border=False):
            words = ask(_input(key, form.begun), key, value_in_words(form.begun))
            saved = st.form_submit_button(_("Save"), type="primary")
        default = PRODUCT_DEFAULTS[key]
        shown = escape_markdown(name_of(said(key, default)))
        if own and st.button(_("Back to the default: {value}").format(value=shown)):
            words, saved = value_in_words(default), True
    if saved:
        _save(actor, form, words)
        form.seen = value  # a refusal has told it: saving again is deciding on it


def _form(key: str, value: Any) -> _Form:
    """The form as it was begun; anew once its field has gone, or for another setting."""
    found: _Form | None = st.session_state.get(_FORM)
    if found is None or found.key != key or not is_drawn(key):
        found = st.session_state[_FORM] = _Form(key, value, value)
    return found


def _input(key: str, value: Any) -> SettingInput:
    with shown_errors(), unit_of_work() as conn:
        return input_with_codes(conn, key, value)
    return input_of(key)


def _save(actor: Actor, form: _Form, words: str) -> None:
    key = form.key
    with shown_errors():
        with unit_of_work() as conn:
            value = change_setting(
                conn, actor=actor, key=key, words=words, seen=form.seen, now=datetime.now(UTC)
            )
        say_next(
            _("{setting}: now {value}.").format(
                setting=_meaning(key), value=name_of(said(key, value))
            )
        )
        forget(key)
        st.rerun()


def changes(found: Sequence[SettingChange]) -> None:
    """Who changed what, when, from what to what."""
    st.subheader(_("Changes"), anchor=False)
    if not found:
        st.caption(_("Nothing was changed yet: every setting has its default."))
        return
    st.dataframe(
        [
            {
                "at": local_time(one.at),
                "who": one.who or _("System"),
                "setting": _meaning(one.key),
                "was": name_of(said(one.key, one.was)),
                "now": name_of(said(one.key, one.now)),
            }
            for one in found
        ],
        hide_index=True,
        column_config={
            "at": st.column_config.TextColumn(_("When")),
            "who": st.column_config.TextColumn(_("Who")),
            "setting": st.column_config.TextColumn(_("Setting"), width="large"),
            "was": st.column_config.TextColumn(_("Before")),
            "now": st.column_config.TextColumn(_("After")),
        },
        key="settings.changes",
    )
    st.caption(escape_markdown(_("Every change stands on the audit trail.")))
