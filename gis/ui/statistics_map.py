"""The choropleth of the statistics page: values joined to the grid layer in the browser."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from gis.catalog.classes import ColourClass
from gis.evaluation.figures import SHARES
from gis.evaluation.model import Grouping
from gis.evaluation.screen import colour_classes
from gis.ui.map_layers import paper
from gis.ui.maps.basemap import build_map
from gis.ui.maps.tile_layer import WanmiTileLayer, state_group
from gis.ui.statistics_view import Question, figure_text
from gis.ui.words import _

LAYER = "grids"
TILES = f"/tiles/{LAYER}/{{z}}/{{x}}/{{y}}"
SOURCES = {Grouping.STREET: "street", Grouping.COMMUNITY: "community", Grouping.GRID: "grid"}
FIRST_ZOOM = {Grouping.STREET: 10, Grouping.COMMUNITY: 13, Grouping.GRID: 13}
NO_VALUE = "#f1efec"
BORDER = "#8a9a99"
HEIGHT_PX = 420

Bounds = tuple[float, float, float, float]


def _rules(grouping: Grouping, classes: Sequence[ColourClass]) -> list[dict[str, Any]]:
    """Paint the chosen level by value; cells without a case stay light, never white as missing."""
    colour: Any = NO_VALUE
    if classes:
        colour = {
            "by": "@value",
            "stops": [found.low for found in classes[1:]],
            "range": [found.colour for found in classes],
            "nodata": NO_VALUE,
        }
    return [
        {
            "source": SOURCES[grouping],
            "kind": "fill",
            "color": colour,
            "opacity": 0.85,
            "outline": {"color": BORDER, "width": 0.6},
        },
        {
            "source": "street",
            "kind": "line",
            "color": "#1f6462",
            "width": 1.6,
            "interactive": False,
        },
    ]


def _legend(classes: Sequence[ColourClass], figure: str) -> None:
    if not classes:
        st.caption(_("No case is counted here, so nothing is coloured."))
        return
    lines = []
    for found in classes:
        low, high = (figure_text(value, figure) for value in (found.low, found.high))
        limits = low if low == high else f"{low} – {high}"
        lines.append(
            f"<span style='background:{found.colour};border:1px solid {BORDER};"
            f"display:inline-block;width:14px;height:14px;vertical-align:-2px'></span>"
            f" {limits} ({found.count})"
        )
    st.html("&emsp;".join(lines))


def choropleth(
    groups: pd.DataFrame, figure: str, bounds: Bounds | None, question: Question
) -> None:
    """
    The map of one figure for streets, communities or unit grids.

    The map's script depends on the extent alone: another figure, level or
    period repaints the tiles that are there. Departments have no place on a map.
    """
    grouping = question.grouping
    if grouping not in SOURCES:
        st.info(_("Departments have no place on the map. Choose streets, communities or grids."))
        return
    if bounds is None:
        st.info(_("No area is drawn yet. Load a district or build its grids first."))
        return
    known = groups[groups[figure].notna()]
    values = {str(int(key)): float(n) for key, n in zip(known["key"], known[figure], strict=True)}
    classes = colour_classes(list(values.values()))
    # Hidden in the script, shown by the state: the frame has no size yet while the script runs.
    layer = WanmiTileLayer(LAYER, TILES, [], visible=False, interactive=False)
    patch = {"visible": True, "rules": _rules(grouping, classes), "values": values}
    st_folium(
        build_map(
            bounds=bounds,
            layers=[layer],
            words={
                "unauthorised": _("You are signed out. Sign in to go on."),
                "unavailable": _("The map cannot be loaded now. It tries again by itself."),
            },
            paper=paper(),
        ),
        key="statistics.map",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=state_group({"layers": {LAYER: patch}}),
    )
    _legend(classes, figure if figure in SHARES else "")
    st.caption(
        _("Zoom in to level {zoom} or closer to see this level.").format(zoom=FIRST_ZOOM[grouping])
        if FIRST_ZOOM[grouping] > 10
        else _("Colours are classes of about equal count; counts in brackets.")
    )
