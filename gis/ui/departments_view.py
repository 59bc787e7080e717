"""Departments: the list and the form."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Row

from gis.accounts.model import Actor
from gis.accounts.people_rules import DepartmentDraft
from gis.accounts.posts import create_department, update_department
from gis.accounts.screen import DEPARTMENT_KINDS, departments_table
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import say_next
from gis.ui.words import _, locale


def listing(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """The list; answers the chosen department."""
    chosen = st.dataframe(
        departments_table(rows, locale()),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="departments.list",
        placeholder="",
        column_config={
            "code": st.column_config.TextColumn(_("Code"), pinned=True),
            "name": st.column_config.TextColumn(_("Name")),
            "kind": st.column_config.TextColumn(_("Kind")),
            "area_code": st.column_config.TextColumn(_("Area")),
            "people": st.column_config.NumberColumn(_("Persons")),
        },
    )
    picked = chosen["selection"]["rows"]
    return rows[picked[0]] if picked and picked[0] < len(rows) else None


def form(actor: Actor, row: Row[Any] | None) -> None:
    """A new department, or the chosen one to be changed; the code stays for ever."""
    key = f"departments.{row.id}.{row.version}" if row else "departments.new"
    st.subheader(_("Change the department") if row else _("Add a department"), anchor=False)
    kinds = list(DEPARTMENT_KINDS)
    with st.form(key):
        draft = DepartmentDraft(
            code=row.code
            if row
            else st.text_input(_("Code"), key=f"{key}.code", max_chars=20).strip(),
            kind=st.selectbox(
                _("Kind"), kinds, format_func=lambda k: _(DEPARTMENT_KINDS[k]),
                index=kinds.index(row.kind) if row and row.kind in kinds else 2, key=f"{key}.kind",
            ),
            name_zh=st.text_input(
                _("Chinese name"), row.name_zh if row else "", key=f"{key}.zh", max_chars=50
            ),
            name_en=st.text_input(
                _("English name"), row.name_en if row else "", key=f"{key}.en", max_chars=50
            ),
            area_code=st.text_input(
                _("Area code"), row.area_code if row else "", key=f"{key}.area", max_chars=16,
                help=_("Empty: it serves the whole district."),
            ).strip(),
        )  # fmt: skip
        label = _("Save changes") if row else _("Add this department")
        if not st.form_submit_button(label, type="primary"):
            return
    with shown_errors():
        with unit_of_work() as conn:
            now = datetime.now(UTC)
            if row is None:
                create_department(conn, actor=actor, draft=draft, now=now)
            else:
                update_department(
                    conn, actor=actor, department_id=row.id, draft=draft, now=now,
                    expected_version=row.version,
                )  # fmt: skip
        say_next(_("Saved."))
        st.rerun()
