"""Checks: what to look at in the street."""

import streamlit as st

from gis.accounts.model import Permission
from gis.ui.queue_view import desk
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("Checks"), Permission.MOVE_CASES)
desk(("checking", "my_reports"), "checking")
st.link_button(
    _("My tasks on a phone, also without a network"), "/log/work", icon=":material/smartphone:"
)
