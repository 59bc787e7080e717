"""Settings: what the district sets about itself, where defaults come from, who changed what."""

import streamlit as st

from gis.accounts.model import Permission
from gis.cases.district_settings import district_settings, setting_history
from gis.ui import settings_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Settings"), Permission.MANAGE_RULES)

found = None
with shown_errors(), unit_of_work() as conn:
    found = district_settings(conn)
    changes = setting_history(conn, actor=actor)
if found is None:
    st.stop()

st.caption(_("What is changed here counts from now on; limits that run keep the end they have."))
keys = view.choose_section(found)
view.table(found, keys)
view.change(actor, found, keys)
view.changes(changes)
