"""Parts of the roster page: which week, where nobody is, the table to edit."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from gis.accounts.model import Actor, Permission, Role, role_terms
from gis.accounts.roster import PEOPLE_MOST, Week, monday_of
from gis.accounts.rostering import change_duties
from gis.accounts.screen import (
    ROSTER_ROLES,
    area_label,
    coverage_table,
    roster_changes,
    roster_table,
    shift_label,
)
from gis.errors import Term
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, local_date, locale, name_of, today

GAPS_NAMED = 6


def choices(names: Mapping[str, Term]) -> tuple[Role, str, date]:
    """Role, area and the Monday of the week."""
    role, area, week = st.columns([2, 3, 3], vertical_alignment="bottom")
    chosen = role.selectbox(
        _("Role"), ROSTER_ROLES, format_func=lambda r: name_of(role_terms()[r]), key="roster.role"
    )
    code = area.selectbox(
        _("Area"), list(names) or [""], key="roster.area",
        format_func=lambda c: area_label(c, names, locale()),
    )  # fmt: skip
    st.session_state.setdefault("roster.monday", monday_of(today()))
    with week.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Week before"), key="roster.back"):
            st.session_state["roster.monday"] -= timedelta(days=7)
        if st.button(_("Week after"), key="roster.next"):
            st.session_state["roster.monday"] += timedelta(days=7)
        if st.button(_("This week"), key="roster.now"):
            st.session_state["roster.monday"] = monday_of(today())
        monday = st.session_state["roster.monday"]
        st.markdown(f"**{local_date(monday)} – {local_date(monday + timedelta(days=6))}**")
    return Role(chosen), code or "", monday


def gaps(week: Week) -> None:
    """Say where nobody is on duty, from today on: a gap is shown, not lost."""
    ahead = [(day, shift) for day, shift in week.gaps() if day >= today()]
    if not ahead:
        st.success(_("Somebody is on duty in every shift."), icon=":material/check:")
        return
    named = ", ".join(
        f"{local_date(day, 'week')} {shift_label(shift, locale())}"
        for day, shift in ahead[:GAPS_NAMED]
    )
    more = " …" if len(ahead) > GAPS_NAMED else ""
    words = _("Nobody is on duty in {n} shifts: {shifts}").format(n=len(ahead), shifts=named)
    st.warning(escape_markdown(words + more), icon=":material/warning:")


def coverage(week: Week) -> None:
    """Shifts by days."""
    columns: dict[str, Any] = {"shift": st.column_config.TextColumn(_("Shift"), pinned=True)}
    columns |= {
        day.isoformat(): st.column_config.TextColumn(local_date(day, "week")) for day in week.days
    }
    st.dataframe(
        coverage_table(week, locale()), hide_index=True, column_config=columns,
        key="roster.coverage",
    )  # fmt: skip


def table(actor: Actor, week: Week, names: Mapping[str, Term]) -> None:
    """People by days; past days and readers without the permission only look."""
    if not week.people:
        st.info(_("Nobody holds this post in this area. Give posts on the staff page."))
        return
    if len(week.people) == PEOPLE_MOST:
        st.caption(_("Only the first {n} are shown: choose a smaller area.").format(n=PEOPLE_MOST))
    may = actor.may(Permission.MANAGE_ROSTER)
    past = [day.isoformat() for day in week.days if day < today()]
    key = f"roster.edit.{st.session_state.get('roster.round', 0)}"
    with st.form("roster.form", border=False):
        st.data_editor(
            roster_table(week, names, locale()),
            hide_index=True,
            disabled=["name", "area", *past] if may else True,
            column_config=_columns(week),
            key=key,
        )
        saved = st.form_submit_button(_("Save the roster"), type="primary", disabled=not may)
    if saved:
        edited = st.session_state[key]["edited_rows"]
        with shown_errors():
            with unit_of_work() as conn:
                n = change_duties(
                    conn, actor=actor, changes=roster_changes(week, edited), today=today(),
                    now=datetime.now(UTC),
                )  # fmt: skip
            st.session_state["roster.round"] = st.session_state.get("roster.round", 0) + 1
            say_next(_("{n} days changed.").format(n=n))
            st.rerun()


def _columns(week: Week) -> dict[str, Any]:
    labels = {shift.code: shift_label(shift, locale()) for shift in week.shifts}
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn(_("Full name"), pinned=True),
        "area": st.column_config.TextColumn(_("Area")),
    }
    return columns | {
        day.isoformat(): st.column_config.MultiselectColumn(
            local_date(day, "week"), options=list(labels), format_func=labels.__getitem__
        )
        for day in week.days
    }
