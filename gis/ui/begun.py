"""Forms that somebody has begun: what they began with stays, whatever others do meanwhile."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")
_FORMS = "begun.forms"
_LEFT = "begun.left"


@dataclass
class Begun(Generic[T]):
    """A form on the screen: the version it decides on and what the person saw of it."""

    stem: str
    """What the keys of its widgets begin with; another stem is an empty form."""
    version: int | str
    """The version that a command is told: what the person looked at, not what is there now."""
    seen: T
    untouched: dict[str, object] = field(default_factory=dict)
    """What stood in its widgets before anybody touched them."""

    def _values(self) -> Iterator[tuple[str, object]]:
        for key in st.session_state:
            if str(key).startswith(f"{self.stem}."):
                yield str(key), st.session_state[key]

    def is_touched(self) -> bool:
        """Whether something is typed or chosen in it, or its button was pressed for this run."""
        return any(value and value != self.untouched.get(key) for key, value in self._values())

    def words(self) -> list[str]:
        """What was typed into it."""
        found = [value for _key, value in self._values() if isinstance(value, str)]
        return [value for value in found if value]

    def drawn(self) -> None:
        """Remember what stands in widgets that were drawn for the first time."""
        for key, value in self._values():
            self.untouched.setdefault(key, deepcopy(value))

    def go_on(self, version: int | str, seen: T) -> None:
        """Decide on this version from now on; everything typed stays."""
        self.version, self.seen = version, seen


def _forms(number: str) -> dict[str, Begun[Any]]:
    """The forms of the case on the screen; those of the case before it are forgotten."""
    shown, forms = st.session_state.get(_FORMS, ("", {}))
    if shown != number:
        forms = {}
        st.session_state[_FORMS] = (number, forms)
    return forms  # type: ignore[no-any-return]


def begin(number: str, name: str, version: int | str, seen: T) -> Begun[T]:
    """
    The form `name` of a case, as it was begun.

    While it is touched it keeps the version and the things it was begun with.
    An untouched one follows what is there now.
    """
    forms = _forms(number)
    kept: Begun[T] | None = forms.get(name)
    if kept is None or (kept.version != version and not kept.is_touched()):
        kept = forms[name] = Begun(f"{name}.{version}", version, seen)
    elif kept.version == version:
        kept.seen = seen
    return kept


def finish(number: str, name: str) -> None:
    """Forget a form that was made or dropped: the next one is empty."""
    _forms(number).pop(name, None)


def is_being_filled(number: str) -> bool:
    """Whether a form of this case is touched."""
    shown, forms = st.session_state.get(_FORMS, ("", {}))
    return bool(shown == number and any(form.is_touched() for form in forms.values()))


def words_left(number: str) -> list[str]:
    """
    What was typed for a case that this person may not see any more, to be copied elsewhere.

    Its widgets are not drawn again, so the words are kept from the first run without them.
    """
    shown, forms = st.session_state.get(_FORMS, ("", {}))
    if shown == number:
        words = [word for form in forms.values() for word in form.words()]
        st.session_state[_LEFT] = (number, words)
        del st.session_state[_FORMS]
    kept_for, words = st.session_state.get(_LEFT, ("", []))
    return list(words) if kept_for == number else []
