"""All cases: the open cases of the area, and the way to one by its number."""

import streamlit as st

from gis.accounts.model import Permission
from gis.ui.case_link import case_link
from gis.ui.queue_view import desk
from gis.ui.session import open_page
from gis.ui.words import _

open_page(_("All cases"), Permission.VIEW_CASES)
number = st.text_input(
    _("Case number"), placeholder="110101001-261122-0007", key="cases.number", max_chars=40
)
if number.strip():
    case_link(number.strip())
desk(("open", "my_reports", "nobody_on_duty"), "cases")
