"""Start: who you are here, and the way to your work."""

import streamlit as st

from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Start"), None)
st.write(actor.name)
