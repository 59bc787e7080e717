"""Duty roster: who is on duty, shift by shift, and where nobody is."""

import streamlit as st

from gis.accounts.model import Permission
from gis.accounts.roster import read_week
from gis.ui import roster_view as view
from gis.ui.cache import names_of_areas
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.shifts_view import new_shift
from gis.ui.words import _

actor = open_page(_("Duty roster"), Permission.VIEW_PEOPLE)

names = names_of_areas(actor.scope.prefixes)
role, area_code, monday = view.choices(names)
week = None
with shown_errors(), unit_of_work() as conn:
    week = read_week(conn, role=role, area_code=area_code, scope=actor.scope, first_day=monday)

if week is None:
    st.stop()
if not week.shifts:
    st.info(_("No shift is defined yet, so nobody can be on duty."))
else:
    view.gaps(week)
    view.coverage(week)
    view.table(actor, week, names)
if actor.may(Permission.MANAGE_ROSTER):
    new_shift(actor, opened=not week.shifts)
