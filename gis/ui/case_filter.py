"""The filter above a list of cases, kept in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.desks.filters import NAMES, CaseFilter, Show, filter_from, params_of
from gis.cases.desks.screen import FIELD_NAMES, LAMP_NAMES, ORDER_NAMES, SHOW_NAMES
from gis.cases.model import State
from gis.cases.queues import Order
from gis.cases.screen import QUEUE_COLUMNS, SOURCES
from gis.cases.workflow import STATES
from gis.errors import Invalid, Term
from gis.ui.cache import case_classes, departments_named, names_of_areas
from gis.ui.db import show_error
from gis.ui.words import _, name_of
from gis.worktime.model import Lamp

_STREET, _COMMUNITY = 9, 4
_REFUSED = "cases.refused"
_INDENT = {4: 0, 6: 0, 9: 1, 12: 2, 15: 3}


@dataclass(frozen=True, slots=True)
class Names:
    """What may be chosen where the choice is long, by value."""

    areas: Mapping[str, Term]
    classes: Mapping[str, Term]
    departments: Mapping[int, Term]

    def by_field(self) -> dict[str, Mapping[Any, Term]]:
        """As `filter_lines` takes them."""
        return {"area": self.areas, "class": self.classes, "department": self.departments}


def names_for(actor: Actor, wanted: CaseFilter) -> Names:
    """Areas down to streets and below the chosen ones; classes; departments."""
    areas = dict(names_of_areas(actor.scope.prefixes))
    streets = tuple(
        code for code in wanted.areas if len(code) >= _STREET and actor.scope.covers(code)
    )
    if streets:
        below = tuple(sorted({code[:_STREET] for code in streets}))
        areas |= names_of_areas(below, _COMMUNITY)
    for code in wanted.areas:
        areas.setdefault(code, Term(code, code))
    classes = {**case_classes()}
    for one in wanted.classes:
        classes.setdefault(one, Term(one, one))
    departments = {**departments_named()}
    for number in wanted.departments:
        departments.setdefault(number, Term(str(number), str(number)))
    return Names(dict(sorted(areas.items())), classes, departments)


def asked_filter() -> CaseFilter:
    """
    The filter of the address; what cannot be read is said and left out.

    A page of the list belongs to its filter: `after` counts only with it.
    """
    given = {name: st.query_params.get(name, "") for name in NAMES}
    try:
        return filter_from(given)
    except Invalid as error:
        show_error(error)
        wrong = {fault.field for fault in error.faults}
        kept = {name: text for name, text in given.items() if name not in wrong}
        return filter_from(kept)


def go_to(wanted: CaseFilter) -> None:
    """Write a filter into the address; the list begins at its first page."""
    st.query_params.from_dict(params_of(wanted))


def _area_label(names: Mapping[str, Term], code: str) -> str:
    return "　" * _INDENT.get(len(code), 0) + name_of(names[code])


def _many(name: str, options: Any, chosen: Any, spoken: Any, key: str) -> None:
    st.multiselect(
        name_of(FIELD_NAMES[name]), list(options), default=list(chosen), format_func=spoken,
        key=f"{key}.{name}", placeholder=_("All"),
    )  # fmt: skip


def _one(name: str, options: Any, chosen: Any, spoken: Any, key: str) -> None:
    choices = list(options)
    st.selectbox(
        name_of(FIELD_NAMES[name]), choices, index=choices.index(chosen),
        format_func=spoken, key=f"{key}.{name}",
    )  # fmt: skip


def _narrow(wanted: CaseFilter, names: Names, key: str) -> None:
    """What can be narrowed besides words, state and area."""
    first, second, third = st.columns(3)
    with first:
        _many("class", names.classes, wanted.classes, lambda c: name_of(names.classes[c]), key)
        _many("source", SOURCES, wanted.sources, lambda s: name_of(SOURCES[s]), key)
    with second:
        _many(
            "department", names.departments, wanted.departments,
            lambda d: name_of(names.departments[d]), key,
        )  # fmt: skip
        _one(
            "lamp", [None, *Lamp], wanted.lamp,
            lambda lamp: name_of(LAMP_NAMES[lamp]) if lamp else _("All"), key,
        )  # fmt: skip
    with third:
        _day("from", wanted.first, key)
        _day("to", wanted.last, key)
    column_names = {column.id: column.label for column in QUEUE_COLUMNS}
    _many("columns", column_names, wanted.columns, lambda c: name_of(column_names[c]), key)


def _day(name: str, chosen: date | None, key: str) -> None:
    st.date_input(
        name_of(FIELD_NAMES[name]), value=chosen, format="YYYY-MM-DD", key=f"{key}.{name}"
    )


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return "" if value is None else str(value)


def filter_form(wanted: CaseFilter, names: Names, *, key: str) -> None:
    """
    The filter as a form; what is asked goes into the address.

    A refusal leaves everything as it was typed: the address does not change.
    """
    stem = f"{key}.{hash(wanted) & 0xFFFFFFFF:x}"
    with st.form(f"{stem}.form", border=True):
        left, middle, right, last = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
        with left:
            st.text_input(
                name_of(FIELD_NAMES["q"]), " ".join(wanted.words), key=f"{stem}.q", max_chars=200,
                placeholder=_("Number, text, place, class, person"), icon=":material/search:",
            )  # fmt: skip
        with middle:
            _many("area", names.areas, wanted.areas, lambda c: _area_label(names.areas, c), stem)
        with right:
            _one("show", Show, wanted.show, lambda s: name_of(SHOW_NAMES[s]), stem)
        with last:
            _one("order", Order, wanted.order, lambda o: name_of(ORDER_NAMES[o]), stem)
        _many("state", State, wanted.states, lambda s: name_of(STATES[s].name), stem)
        with st.expander(_("More filters and columns"), expanded=_is_more(wanted)):
            _narrow(wanted, names, stem)
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Show these cases"), type="primary", on_click=_ask, args=(stem,)
            )
            st.form_submit_button(_("Clear the filter"), on_click=go_to, args=(CaseFilter(),))
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        show_error(refused)


def _is_more(wanted: CaseFilter) -> bool:
    return bool(
        wanted.classes or wanted.sources or wanted.departments or wanted.lamp or wanted.first
        or wanted.last or wanted.columns
    )  # fmt: skip


def _ask(stem: str) -> None:
    """What the form holds, into the address; a refusal is shown by the run that follows."""
    said = {name: _as_text(st.session_state.get(f"{stem}.{name}")) for name in NAMES}
    try:
        go_to(filter_from(said))
    except Invalid as error:
        st.session_state[_REFUSED] = error
