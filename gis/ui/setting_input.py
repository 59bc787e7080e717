"""The field of a setting: a number with bounds, a choice, times; answers the setting's words."""

from collections.abc import Callable, Mapping
from typing import Final
from unicodedata import normalize

import streamlit as st

from gis.cases.clocks.setting_rules import parts_of
from gis.cases.setting_inputs import InputKind, SettingInput
from gis.ui.words import _, name_of

KEY = "settings.value."
_LIMIT_STEP, _LIMIT_MOST = 0.25, 1000.0


def ask(found: SettingInput, key: str, words: str) -> str:
    """Draw the field that begins with `words`; answers the words of what stands in it."""
    entered = _DRAW[found.kind](found, KEY + key, words)
    if found.rule is not None:
        st.caption(name_of(found.rule))
    return entered


def is_drawn(key: str) -> bool:
    """Whether the page already has the field of a setting, with what was entered."""
    return bool(_names(key))


def forget(key: str) -> None:
    """What was entered for a setting goes: its field begins with the value that counts."""
    for name in _names(key):
        del st.session_state[name]


def _names(key: str) -> list[str]:
    stem = KEY + key
    names = [str(k) for k in st.session_state]
    return [name for name in names if name == stem or name.startswith(f"{stem}.")]


def _number(found: SettingInput, key: str, words: str) -> str:
    lowest, highest = found.bounds
    value = min(max(int(float(words)), lowest), highest)
    return str(
        st.number_input(
            _("Value"), min_value=lowest, max_value=highest, value=value, step=1, key=key
        )
    )


def _choice(found: SettingInput, key: str, words: str) -> str:
    names = list(found.choices)
    return (
        st.selectbox(
            _("Value"),
            names,
            index=names.index(words) if words in names else None,
            format_func=lambda one: name_of(found.choices[one]),
            placeholder=_("Choose one"),
            key=key,
        )
        or ""
    )


def _several(found: SettingInput, key: str, words: str) -> str:
    picked = st.multiselect(
        _("Value"),
        list(found.choices),
        default=[one for one in parts_of(words) if one in found.choices],
        format_func=lambda one: name_of(found.choices[one]),
        placeholder=_("None chosen"),
        key=key,
    )
    return ", ".join(picked)


def _limit(found: SettingInput, key: str, words: str) -> str:
    value, _space, unit = words.partition(" ")
    left, right = st.columns(2)
    number = left.number_input(
        _("Value"), min_value=0.0, max_value=_LIMIT_MOST, value=float(value),
        step=_LIMIT_STEP, format="%g", key=f"{key}.number",
    )  # fmt: skip
    names = list(found.choices)
    chosen = right.selectbox(
        _("Unit"), names, index=names.index(unit) if unit in names else 0,
        format_func=lambda one: name_of(found.choices[one]), key=f"{key}.unit",
    )  # fmt: skip
    return f"{number:g} {chosen}"


def _sessions(found: SettingInput, key: str, words: str) -> str:  # noqa: ARG001
    """A line per session and an empty one for another; a line is taken out by emptying it."""
    lines = []
    for at, part in enumerate([*parts_of(words), ""]):
        begins, _dash, ends = part.partition("-")
        hint = "" if part else "--:--"
        left, right = st.columns(2)
        first = left.text_input(_("Starts"), begins, key=f"{key}.{at}.from", placeholder=hint)
        last = right.text_input(_("Ends"), ends, key=f"{key}.{at}.until", placeholder=hint)
        line = f"{_clock(first)}-{_clock(last)}"
        lines += [line] if line != "-" else []
    return ", ".join(lines)


def _clock(typed: str) -> str:
    """A time as it was typed; Chinese keyboards write wide digits and colons."""
    return normalize("NFKC", typed).strip()


_DRAW: Final[Mapping[InputKind, Callable[[SettingInput, str, str], str]]] = {
    InputKind.NUMBER: _number,
    InputKind.CHOICE: _choice,
    InputKind.SEVERAL: _several,
    InputKind.LIMIT: _limit,
    InputKind.SESSIONS: _sessions,
}
