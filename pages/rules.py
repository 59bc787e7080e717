"""Dispatch rules: edited as a table, tried before they count, explained, and looked through."""

import streamlit as st

from gis.accounts.model import Permission
from gis.db.settings import read_setting
from gis.ui.db import unit_of_work
from gis.ui.dispatch_rules.automatic_view import automatic
from gis.ui.dispatch_rules.changes import changes
from gis.ui.dispatch_rules.editor import editor
from gis.ui.dispatch_rules.reasons import reasons_form
from gis.ui.dispatch_rules.whole import whole
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Dispatch rules"), Permission.MANAGE_RULES)

with unit_of_work() as conn:
    edition = str(read_setting(conn, "edition"))

parts = {
    "table": _("Table"),
    "whole": _("Completeness"),
    "why": _("Explain"),
    "automatic": _("Automatic dispatch"),
    "changes": _("Changes"),
}
part = st.segmented_control(
    _("Part"), list(parts), default="table", format_func=parts.__getitem__, required=True,
    key="rules.part", label_visibility="collapsed",
)  # fmt: skip
if part == "table":
    editor(actor)
elif part == "whole":
    whole(actor)
elif part == "why":
    reasons_form(edition)
elif part == "automatic":
    automatic(actor, edition)
else:
    changes(actor)
