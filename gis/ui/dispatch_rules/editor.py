"""The table of rules to edit: loaded at a version, tried, put in force; nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor, role_terms
from gis.dispatch.model import Department
from gis.dispatch.queries import acting_departments
from gis.dispatch.rule_check import POSTS
from gis.dispatch.rule_commands import replace_rules, rules_in_force, table_version
from gis.dispatch.rule_drafts import COLUMNS, RuleDraft, draft_of_row, drafts_of_csv
from gis.dispatch.screen import COLUMN_NAMES, KIND_NAMES, ORDER
from gis.errors import GisError
from gis.exchange.sheets import csv_bytes
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.dispatch_rules.faults import show_faults
from gis.ui.dispatch_rules.trial import is_tried, trial
from gis.ui.session import say_next
from gis.ui.words import _, name_of, today

_HELD, _TURN, _TYPED = "rules.held", "rules.turn", "rules.typed"
TABLE_PX = 460


@dataclass(frozen=True)
class Held:
    """The table in somebody's hands."""

    version: int
    """Of the stored table, when it was loaded."""
    rows: tuple[RuleDraft, ...]
    turn: int
    """Rises when the editor is filled anew."""


def editor(actor: Actor) -> None:
    """The whole part of the page."""
    held = _held(actor)
    departments: list[Department] = []
    with shown_errors(), unit_of_work() as conn:
        departments = acting_departments(conn, on=today())
    _words()
    edited = _table(held, departments)
    drafts, numbers = _written(edited)
    st.session_state[_TYPED] = (held.turn, tuple(drafts))
    _files(held, edited)
    trial(actor, drafts, numbers)
    _save(actor, held, drafts, numbers)


def _written(edited: pd.DataFrame) -> tuple[list[RuleDraft], list[str]]:
    """The rows that say something, and the number that stands before each."""
    rows: list[dict[str, object]] = edited[list(COLUMNS)].to_dict("records")  # type: ignore[assignment]
    drafts = [draft_of_row(row) for row in rows]
    empty = RuleDraft("", "", "", "")
    kept = [(d, str(n)) for d, n in zip(drafts, edited.index, strict=True) if d != empty]
    return [draft for draft, _number in kept], [number for _draft, number in kept]


def _held(actor: Actor) -> Held:
    """The table in hand; after another part of the page was open, as it was typed."""
    found: Held | None = st.session_state.get(_HELD)
    if found is None:
        return _load(actor, int(st.session_state.get(_TURN, 0)))
    turn, typed = st.session_state.get(_TYPED, (-1, found.rows))
    if turn == found.turn and _key(found) not in st.session_state:
        return _keep(Held(found.version, typed, found.turn + 1))
    return found


def _load(actor: Actor, turn: int) -> Held:
    with unit_of_work() as conn:
        version = table_version(conn)
        rows = tuple(rules_in_force(conn, actor=actor, today=today()))
    return _keep(Held(version, rows, turn))


def _key(held: Held) -> str:
    return f"rules.edit.{held.turn}"


def _keep(held: Held) -> Held:
    st.session_state[_HELD] = held
    return held


def _words() -> None:
    with st.expander(_("Which rule wins")):
        st.markdown("\n".join(f"{n}. {name_of(step)}" for n, step in enumerate(ORDER, start=1)))
        st.caption(
            _(
                "Codes are prefixes; an empty area or class means all. Weekdays 1-5 or 1,3 (1 is"
                " Monday), hours 08:00-18:00 of the district; empty means always. A new or changed"
                " row begins today at the earliest, a row taken out ends today. The order is ours."
            )
        )


def _table(held: Held, departments: Sequence[Department]) -> pd.DataFrame:
    frame = pd.DataFrame([{n: getattr(row, n) for n in COLUMNS} for row in held.rows])
    frame = frame.reindex(columns=list(COLUMNS)).astype(object)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    edited: pd.DataFrame = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=False,  # faults name rows by it
        height=TABLE_PX,
        column_config=_columns(departments),
        column_order=shown_columns(held),
        key=_key(held),
    )
    return edited


def shown_columns(held: Held) -> list[str]:
    """The post is asked for where there is a choice, or a row names one that is none any more."""
    posts = {row.post for row in held.rows} | {str(post) for post in POSTS}
    return [name for name in COLUMNS if name != "post" or len(posts - {""}) > 1]


def _columns(departments: Sequence[Department]) -> dict[str, Any]:
    posts = role_terms()
    known = {
        "kind": {word: name_of(term) for word, term in KIND_NAMES.items()},
        "department_code": {d.code: f"{name_of(d.name)} ({d.code})" for d in departments},
        "post": {str(post): name_of(posts[post]) for post in POSTS},
    }
    titles = {name: name_of(COLUMN_NAMES[name]) for name in COLUMNS}
    config: dict[str, Any] = {
        name: st.column_config.TextColumn(titles[name]) for name in COLUMNS if name not in known
    }
    for name, words in known.items():
        config[name] = st.column_config.SelectboxColumn(
            titles[name],
            options=list(words),
            format_func=_say(words),
            width=110 if name == "kind" else "medium",
        )
    return config


def _say(words: Mapping[str, str]) -> Callable[[object], str]:
    """A code by its name; one that is not known as it stands."""
    return lambda code: words.get(str(code), str(code))


def _files(held: Held, edited: pd.DataFrame) -> None:
    out, into = st.columns([1, 3], vertical_alignment="bottom")
    out.download_button(
        _("Table as CSV"), lambda: csv_bytes(edited[list(COLUMNS)].fillna(""), COLUMNS),
        "wanmi-dispatch-rules.csv", "text/csv", key="rules.csv", width="stretch",
    )  # fmt: skip
    if out.button(_("Load the rules again"), key="rules.again", width="stretch"):
        _reset(held)
    sent = into.file_uploader(
        _("Fill the table from a CSV file; nothing is saved yet"), type="csv",
        key=f"rules.file.{held.turn}",
    )  # fmt: skip
    if sent is not None:
        with shown_errors():
            rows = tuple(drafts_of_csv(sent.getvalue(), sent.name))
            _keep(Held(held.version, rows, held.turn + 1))
            say_next(_("{n} rows are in the table. They count when you put them in force.").format(
                n=len(rows)))  # fmt: skip
            st.rerun()


def _reset(held: Held) -> None:
    st.session_state[_TURN] = held.turn + 1
    st.session_state.pop(_HELD, None)
    st.rerun()


def _save(actor: Actor, held: Held, drafts: Sequence[RuleDraft], numbers: Sequence[str]) -> None:
    tried = is_tried(drafts)
    if not tried:
        st.caption(_("Try the table first: then it can be put in force."))
    if not st.button(_("Put in force"), type="primary", key="rules.save", disabled=not tried):
        return
    try:
        with unit_of_work() as conn:
            added, ended = replace_rules(
                conn, actor=actor, drafts=drafts, today=today(), now=datetime.now(UTC),
                expected_version=held.version,
            )  # fmt: skip
    except GisError as error:
        show_faults(error, numbers)
        return
    say_next(_("In force: {added} rules new, {ended} ended.").format(added=added, ended=ended))
    _reset(held)
