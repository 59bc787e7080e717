"""Working calendar: a year of days, each with its source; administrators set days."""

import streamlit as st

from gis.accounts.model import Permission
from gis.ui import work_calendar_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _
from gis.worktime.queries import day_history, days_of_year
from gis.worktime.year import shown_year

actor = open_page(_("Working calendar"), Permission.MANAGE_RULES)

year = view.choose_year()
days, edits = None, []
with shown_errors(), unit_of_work() as conn:
    days = shown_year(year, days_of_year(conn, year))
    edits = day_history(conn, actor=actor, year=year)
if days is None:
    st.stop()

view.year_at_a_glance(days)
view.sources()
view.special_days(days)
view.edit(actor, year, days)
view.history(edits)
