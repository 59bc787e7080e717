"""Several cases at once: what each will get is shown first, then one button makes it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor
from gis.cases.model import Move
from gis.cases.move_fields import FieldKind
from gis.cases.options import FieldOption, fields_of_move
from gis.cases.workflow import MOVES, STATES
from gis.dispatch.bulk import OWN_FIELDS, Chosen, chosen_cases, make, moves_for, preview
from gis.dispatch.outcomes import Outcome
from gis.dispatch.queries import acting_departments
from gis.errors import Term
from gis.runtime import runtime
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_time, locale, name_of, today

_ASKED = frozenset({FieldKind.TEXT, FieldKind.CHOICE, FieldKind.CASE, FieldKind.DEPARTMENT})
"""Fields that are the same for all; supervisors and conditions are chosen case by case."""


def bulk_form(actor: Actor, numbers: Sequence[str], *, key: str = "bulk") -> bool:
    """
    The form for several cases: move, what goes with it, preview, one button.

    Answers whether something has just been made; the result stays shown until
    another choice is made.
    """
    stem = f"{key}.{hash(tuple(numbers))}"
    done: list[Outcome] | None = st.session_state.get(f"{key}.done")
    if done is not None:
        _show(done, done=True)
        if st.button(_("Go on"), key=f"{key}.on"):
            del st.session_state[f"{key}.done"]
            return True
        return False
    chosen: list[Chosen] = []
    with shown_errors(), unit_of_work() as conn:
        chosen = chosen_cases(conn, actor=actor, numbers=numbers)
    possible = moves_for(actor, chosen)
    if not possible:
        st.info(_("Choose cases that your posts can move."))
        return False
    move = st.selectbox(
        _("What next"),
        possible,
        format_func=lambda one: name_of(MOVES[one].label),
        key=f"{stem}.move",
    )
    fields = _fields(move, f"{stem}.{move}")
    found = _preview(actor, numbers, move, fields)
    if found is None:
        return False
    _show(found, done=False)
    return _button(actor, found, move, fields, key=key, stem=stem)


def _fields(move: Move, stem: str) -> dict[str, object]:
    """What goes with the move and is the same for every case."""
    values: dict[str, object] = {}
    for field in fields_of_move(MOVES[move]):
        if field.kind in _ASKED:
            values[field.name] = _draw(move, field, f"{stem}.{field.name}")
    if move in OWN_FIELDS:
        st.caption(_("What is left empty, each case takes from its own rule."))
    return {name: value for name, value in values.items() if value not in (None, "")}


def _draw(move: Move, field: FieldOption, key: str) -> object:
    label = name_of(field.label)
    if field.kind is FieldKind.TEXT:
        return st.text_area(label, key=key, max_chars=4000, height=70)
    if field.kind is FieldKind.CASE:
        return st.text_input(label, placeholder="110101001-261122-0007", key=key)
    names: Mapping[Any, Term] = dict(zip(field.choices, field.names, strict=True))
    if field.kind is FieldKind.DEPARTMENT:
        with shown_errors(), unit_of_work() as conn:
            names = {d.id: d.name for d in acting_departments(conn, on=today())}
    own = _("Each by its rule") if move in OWN_FIELDS else _("Choose one")
    return st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda one: name_of(names[one]),
        placeholder=own,
        key=key,
    )


def _preview(
    actor: Actor, numbers: Sequence[str], move: Move, fields: Mapping[str, object]
) -> list[Outcome] | None:
    with shown_errors(), unit_of_work() as conn:
        return preview(
            conn, actor=actor, numbers=numbers, move=move, fields=fields, now=datetime.now(UTC)
        )
    return None


def _why(outcome: Outcome) -> str:
    if outcome.reason is None:
        return ""
    faults = getattr(outcome.reason, "faults", ())
    return " ".join([outcome.reason.text(locale()), *(fault.text(locale()) for fault in faults)])


def _show(found: Sequence[Outcome], *, done: bool) -> None:
    """One row per case: what it gets, or why not; refusals stand first."""
    good = sum(outcome.will for outcome in found)
    said = _("{good} made, {bad} not") if done else _("{good} will be made, {bad} will not")
    st.markdown(f"**{said.format(good=good, bad=len(found) - good)}**")
    rows = [
        {
            "mark": "✓" if outcome.will else "✕",
            "number": outcome.number,
            "state": _states(outcome),
            "gets": " · ".join(_gets(outcome)),
            "why": _why(outcome),
        }
        for outcome in sorted(found, key=lambda one: one.will)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=min(36 * len(rows) + 40, 400),
        column_config={
            "mark": st.column_config.Column("", width=40),
            "number": _("Number"),
            "state": _("State"),
            "gets": _("Gets"),
            "why": _("Why not"),
        },
    )


def _states(outcome: Outcome) -> str:
    named = [name_of(STATES[one].name) for one in (outcome.before, outcome.after) if one]
    return " → ".join(named)


def _gets(outcome: Outcome) -> list[str]:
    parts = [name_of(outcome.department)] if outcome.department else []
    parts += [outcome.supervisor] if outcome.supervisor else []
    parts += [_("due {when}").format(when=local_time(outcome.due_at))] if outcome.due_at else []
    return parts if outcome.will else []


def _button(
    actor: Actor,
    found: list[Outcome],
    move: Move,
    fields: Mapping[str, object],
    *,
    key: str,
    stem: str,
) -> bool:
    good = [outcome for outcome in found if outcome.will]
    words = _("{move}: {count} cases").format(
        move=escape_markdown(name_of(MOVES[move].label)), count=len(good)
    )
    if not st.button(words, type="primary", key=f"{stem}.go", disabled=not good, width="stretch"):
        return False
    request = st.session_state.setdefault(f"{stem}.request", f"bulk-{uuid4().hex}")
    with shown_errors():
        st.session_state[f"{key}.done"] = make(
            runtime().engine,
            actor=actor,
            decided=good,
            move=move,
            fields=fields,
            now=datetime.now(UTC),
            key=request,
        )
        return True
    return False
