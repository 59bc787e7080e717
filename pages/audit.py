"""Case audit: photos that do not fit, supervisors far from the others, the drawn sample."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Permission
from gis.cases.settings import CaseSettings, read_case_settings
from gis.ui import audit_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Case audit"), Permission.AUDIT_CASES)
parts = {
    "findings": _("Doubts about photos"),
    "supervisors": _("Supervisors compared"),
    "sample": _("Self-handled cases"),
}
now, settings = datetime.now(UTC), CaseSettings()
with shown_errors(), unit_of_work() as conn:
    settings = read_case_settings(conn)
with st.container(horizontal=True, vertical_alignment="bottom"):
    part = st.segmented_control(
        _("Show"), list(parts), default="findings", required=True,
        format_func=parts.__getitem__, key="audit.part", label_visibility="collapsed",
    )  # fmt: skip
    starts, ends = view.period(settings, now)

if part == "findings":
    view.findings(actor, starts, ends)
elif part == "supervisors":
    view.supervisors(actor, starts, ends, settings)
else:
    view.sample(actor, starts, settings)
