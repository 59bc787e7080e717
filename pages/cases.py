"""All cases: find, narrow, sort and take out the cases of the area; lists of one's own."""

import streamlit as st

from gis.accounts.model import Permission
from gis.cases.queues import QUEUES, queues_of
from gis.ui.case_list import case_list
from gis.ui.queue_view import desk
from gis.ui.session import open_page
from gis.ui.words import _, name_of

actor = open_page(_("All cases"), Permission.VIEW_CASES)
LISTS = ("nobody_on_duty", "to_audit", "my_reports")
lists = [one.id for one in queues_of(actor) if one.id in LISTS]
view = "find"
if lists:
    view = str(
        st.segmented_control(
            _("Lists"), ["find", *lists], default="find", key="cases.view", required=True,
            format_func=lambda one: _("Find cases") if one == "find" else name_of(QUEUES[one].name),
            label_visibility="collapsed",
        )
    )  # fmt: skip
if view == "find":
    case_list()
else:
    desk((view,), "cases")
