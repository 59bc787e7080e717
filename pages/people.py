"""People: persons, their posts and cells, and the departments they belong to."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st
from sqlalchemy import Row

from gis.accounts.model import Permission
from gis.accounts.queries import list_departments, list_people, person_sheet
from gis.ui import cells_view, departments_view
from gis.ui import people_view as view
from gis.ui.cache import names_of_areas
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _, name_of, today

actor = open_page(_("Staff"), Permission.VIEW_PEOPLE)

part = st.segmented_control(
    _("Show"),
    ["persons", "departments"],
    default="persons",
    required=True,
    format_func={"persons": _("Persons"), "departments": _("Departments")}.__getitem__,
    key="people.part",
    label_visibility="collapsed",
)
names = names_of_areas(actor.scope.prefixes, deepest=4)
departments: list[Row[Any]] = []
rows: list[Row[Any]] = []
total = 0
with shown_errors(), unit_of_work() as conn:
    departments = list_departments(conn, today=today())

if part == "departments":
    chosen = departments_view.listing(departments)
    if view.may_manage(actor):
        departments_view.form(actor, chosen)
    st.stop()

choices = {row.id: name_of(row) for row in departments}
wanted = view.filters(choices)
with shown_errors(), unit_of_work() as conn:
    rows, total = list_people(conn, scope=actor.scope, wanted=wanted, today=today())

person_id = view.listing(rows, total, names)
person = None
if person_id is not None:
    with shown_errors(), unit_of_work() as conn:
        person = person_sheet(
            conn, person_id, scope=actor.scope, today=today(), now=datetime.now(UTC)
        )
if person is None:
    if view.may_manage(actor):
        view.new_person(actor, choices)
    st.stop()

left, right = st.columns(2, gap="large")
with left:
    view.sheet(person, names)
with right:
    if view.may_manage(actor):
        with st.expander(_("Name, department, phone")):
            view.change(actor, person, choices)
        with st.expander(_("Posts")):
            view.posts(actor, person, names)
        with st.expander(_("Access")):
            view.access(actor, person)
    if cells_view.is_supervisor(person):
        with st.expander(_("Cells")):
            cells_view.cells(actor, person)
