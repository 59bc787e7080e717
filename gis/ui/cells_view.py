"""The cells a supervisor walks: which, how many, more, fewer."""

import re
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Row

from gis.accounts.model import Actor, Permission, Role
from gis.accounts.queries import expand_cells
from gis.accounts.rostering import change_cells
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, today


def is_supervisor(row: Row[Any]) -> bool:
    """Whether the person holds the post now."""
    return any(p["role"] == Role.SUPERVISOR.value and p["valid_to"] is None for p in row.posts)


def cells(actor: Actor, row: Row[Any]) -> None:
    """The form; codes of communities stand for all their cells."""
    if not actor.may(Permission.MANAGE_ROSTER):
        return
    with st.form(f"people.cells.{row.id}"):
        typed = st.text_area(
            _("Add cells"), key=f"people.cells.{row.id}.add", max_chars=4000,
            help=_("Codes of unit grids, or of communities for all their cells."),
        )  # fmt: skip
        fewer = st.multiselect(
            _("Take cells away"), row.cells, key=f"people.cells.{row.id}.remove",
            placeholder=_("Choose cells"),
        )  # fmt: skip
        if not st.form_submit_button(_("Change the cells"), type="primary"):
            return
    with shown_errors():
        with unit_of_work() as conn:
            more = expand_cells(conn, re.findall(r"\w+", typed), scope=actor.scope)
            begun, ended = change_cells(
                conn, actor=actor, person_id=row.id, add=more, remove=fewer, today=today(),
                now=datetime.now(UTC),
            )  # fmt: skip
        del st.session_state[f"people.cells.{row.id}.add"]
        say_next(_("{more} cells added, {fewer} taken away.").format(more=begun, fewer=ended))
        st.rerun()
