"""Case: one case with its place, its history and what can be done next."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Permission
from gis.ui.case_view import case_page
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Case"), Permission.VIEW_CASES)
number = st.query_params.get("number", "")
if number:
    case_page(actor, number, now=datetime.now(UTC))
else:
    st.info(_("No case is chosen. Open one from a queue, the map or the list."))
