"""About: where the data come from, what was generated, what is set."""

import streamlit as st

from gis.accounts.model import Permission
from gis.catalog.datasets import list_datasets
from gis.db.settings import DEFAULTS, read_settings_of
from gis.files.checking import BadFile, Tally, bad_files, tally
from gis.ui import about_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("About"), None)

st.write(
    _(
        "Wanmi runs a district by its unit grids: what is wrong in the street is reported, filed,"
        " dispatched, handled, checked and closed, cell by cell. It works without the internet."
    )
)
rows, values = [], dict(DEFAULTS)
found: Tally | None = None
bad: list[BadFile] = []
with shown_errors(), unit_of_work() as conn:
    rows = list_datasets(conn)
    values = read_settings_of(conn, *DEFAULTS)

st.subheader(_("Data"), anchor=False)
if rows:
    view.datasets(rows)
else:
    st.info(_("No data set is loaded yet. See “load” on the command line."))

st.subheader(_("Settings"), anchor=False)
view.settings(values)

if actor.may(Permission.VIEW_AUDIT):
    st.subheader(_("Stored files"), anchor=False)
    with shown_errors(), unit_of_work() as conn:
        found, bad = tally(conn), bad_files(conn)
    if found is not None:
        view.stored_files(found, bad)
