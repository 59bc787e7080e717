"""The map page: one frame as large as the window, and the forms that its tools open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from gis.accounts.model import Actor
from gis.catalog.layers import Layer, layers_for
from gis.catalog.views import View
from gis.tiles.facts import MapFacts
from gis.tiles.screen import workbench_config
from gis.ui.cache import map_facts, map_styles
from gis.ui.db import shown_errors
from gis.ui.map_layers import theme
from gis.ui.map_selection import open_selection
from gis.ui.map_views import open_views, saved_views
from gis.ui.maps.workbench import views_group, workbench_map
from gis.ui.session import still_here
from gis.ui.words import _, locale

FRAME_PX = 640
"""What the frame is told; gis/ui/map_page.css then lets it fill the window."""
STYLE = Path(__file__).with_suffix(".css")
_MAP, _SEEN = "map.map", "map.seen"


def _draw(actor: Actor, offered: list[Layer], facts: MapFacts, views: list[View]) -> None:
    config = workbench_config(
        offered, map_styles(), facts, actor=actor, locale=locale(), theme=theme()
    )
    with st.container(key="map-frame"):
        st_folium(
            workbench_map(config),
            key=_MAP,
            height=FRAME_PX,
            use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=views_group([view.config for view in views]),
        )


def _new_report() -> Mapping[str, Any] | None:
    """What a tool has reported since the last run; each report is taken once."""
    report = (st.session_state.get(_MAP) or {}).get("last_active_drawing")
    if not report or report == st.session_state.get(_SEEN):
        return None
    st.session_state[_SEEN] = report
    properties: Mapping[str, Any] = report["properties"]
    return properties


def _answer(report: Mapping[str, Any] | None) -> None:
    """Open what a tool asks for; a report that cannot be read opens nothing."""
    if report is None:
        return
    if report.get("_tool") == "view":
        open_views(str(report.get("state", "")))
    elif report.get("_tool") == "select":
        open_selection(report)


@st.fragment
def map_page() -> None:
    """The whole page below its guard; a tool's report runs this part alone."""
    actor = still_here()
    offered = layers_for(actor)
    with shown_errors():
        facts = map_facts(actor.scope.prefixes, tuple(layer.id for layer in offered))
        if facts is None:
            st.info(_("No area is drawn yet. Load a district or build its grids first."))
            return
        st.html(STYLE)
        _draw(actor, offered, facts, saved_views(actor))
        _answer(_new_report())
