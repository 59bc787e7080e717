"""Map styles: how each layer looks, tried out on a map, saved as versions, with a way back."""

import streamlit as st

from gis.accounts.model import Permission
from gis.catalog.layers import GROUPS, layers
from gis.catalog.style_check import faults_of
from gis.catalog.styles import RawStyle, Version, current_raw, history, style_of
from gis.ui import style_editor as editor
from gis.ui import style_history
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.map_layers import theme
from gis.ui.session import open_page
from gis.ui.style_preview import preview
from gis.ui.words import _, locale

actor = open_page(_("Map styles"), Permission.MANAGE_STYLES)

offered = sorted(layers().values(), key=lambda one: (not actor.may(one.permission), -one.order))
chosen = st.selectbox(
    _("Layer"),
    [one.id for one in offered],
    format_func=lambda key: (
        f"{_(GROUPS[layers()[key].group])} · {layers()[key].title.text(locale())}"
    ),
    key="styles.layer",
)
layer = layers()[chosen or ""]
raw: RawStyle = {}
newest, versions, warning = 0, list[Version](), None
with shown_errors(), unit_of_work() as conn:
    raw, newest = current_raw(conn, layer)
    versions = history(conn, layer)
    warning = style_of(conn, layer).note(locale())
if not raw:
    st.stop()
if warning:
    st.warning(escape_markdown(warning))

held = editor.draft()
if held is None or held.layer != layer.id:
    held = editor.begin(layer, raw, newest)

left, right = st.columns([5, 6], gap="large")
with left:
    held = editor.form(actor, layer, held)
    faults = faults_of(held.raw, layer)
    style_history.save(actor, layer, held, fits=not faults)
with right:
    if faults:
        sentences = [f"- {fault.text(locale())}" for fault in faults]
        st.error(escape_markdown("\n".join([_("This style cannot be drawn:"), *sentences])))
    preview(actor, layer, raw if faults else held.raw, theme())
    style_history.history(actor, layer, versions, newest)
