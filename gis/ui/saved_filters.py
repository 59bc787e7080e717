"""Saved filters of a desk: use one, save what is asked now, delete one's own."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st
from sqlalchemy import Connection

from gis.accounts.keepsakes import TITLE_MOST
from gis.accounts.model import Actor
from gis.cases.desks.commands import (
    FilterDraft,
    SavedFilter,
    delete_filter,
    filters_for,
    save_filter,
)
from gis.cases.desks.filters import CaseFilter, filter_of_query
from gis.errors import Invalid, Term
from gis.ui.cache import names_of_areas
from gis.ui.case_filter import go_to
from gis.ui.db import show_error, shown_errors, unit_of_work
from gis.ui.words import _, name_of


def saved_filters(actor: Actor, desk: str, wanted: CaseFilter, *, key: str) -> None:
    """The whole of it, as a popover or an expander holds it."""
    kept: list[SavedFilter] = []
    with shown_errors(), unit_of_work() as conn:
        kept = filters_for(conn, actor=actor, desk=desk)
    st.markdown(f"**{_('Saved filters')}**")
    for one in kept:
        _line(actor, one, key)
    if not kept:
        st.caption(_("None is saved yet."))
    _new(actor, desk, wanted, key)


def _line(actor: Actor, one: SavedFilter, key: str) -> None:
    mine = one.owner_id == actor.person_id
    label = one.title if mine else f"{one.title} · {one.owner}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(label, key=f"{key}.use.{one.id}", on_click=_use, args=(one.query,))
        if mine:
            st.button(
                _("Delete"), key=f"{key}.delete.{one.id}.{one.version}", type="tertiary",
                on_click=_delete, args=(actor, one),
            )  # fmt: skip


def _use(query: str) -> None:
    try:
        go_to(filter_of_query(query))
    except Invalid as error:
        show_error(error)


def _change(work: Callable[[Connection], object]) -> bool:
    with shown_errors():
        with unit_of_work() as conn:
            work(conn)
        return True
    return False


def _delete(actor: Actor, one: SavedFilter) -> None:
    _change(
        lambda conn: delete_filter(
            conn, actor=actor, filter_id=one.id, expected_version=one.version,
            now=datetime.now(UTC),
        )
    )  # fmt: skip


def _new(actor: Actor, desk: str, wanted: CaseFilter, key: str) -> None:
    shares: dict[str | None, Term] = {None: Term("仅本人", "Only me")}
    if actor.scope.covers(""):
        shares[""] = Term("所有人", "Everybody")
    shares.update(names_of_areas(actor.scope.prefixes))
    title = st.text_input(_("Name of the filter"), key=f"{key}.title", max_chars=TITLE_MOST)
    share = st.selectbox(
        _("Who can use it"), list(shares), key=f"{key}.share",
        format_func=lambda code: name_of(shares[code]),
    )  # fmt: skip
    if st.button(_("Save this filter"), key=f"{key}.save"):
        draft = FilterDraft(desk, title, wanted, share)
        if _change(lambda conn: save_filter(conn, actor=actor, draft=draft, now=datetime.now(UTC))):
            st.success(_("The filter “{title}” is saved.").format(title=title.strip()))
