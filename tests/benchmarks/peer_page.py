"""An empty page, or 20,000 features as plain folium.GeoJson in st_folium: `?page=geojson`."""

import json
import os
from pathlib import Path
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from gis.ui.maps import offline  # noqa: F401  points folium at assets of this machine


@st.cache_data
def features() -> dict[str, Any]:
    """The features the bench has written."""
    found: dict[str, Any] = json.loads(Path(os.environ["PEER_FEATURES"]).read_text())
    return found


if st.query_params.get("page") == "geojson":
    shown = features()
    drawn = folium.Map(location=shown["middle"], zoom_start=14, tiles=None, max_zoom=20)
    folium.GeoJson(shown, smooth_factor=0).add_to(drawn)
    st_folium(drawn, height=800, use_container_width=True, returned_objects=[])
else:
    st.write("ready")
