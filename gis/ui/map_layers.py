"""Layers of the catalogue on the small maps of other pages, in the theme of the page."""

from typing import Any

import streamlit as st

from gis.accounts.model import Scope
from gis.catalog.layers import Layer
from gis.catalog.styles import Style, labels_of
from gis.catalog.themes import Theme, colour, resolve_theme
from gis.tiles.facts import LayerFacts
from gis.tiles.screen import QUIET, rules_of
from gis.tiles.versions import scope_key
from gis.ui.maps.tile_layer import WanmiTileLayer

LIVE_REFRESH_S = 15


def theme() -> Theme:
    """`dark` or `light`, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def paper() -> str:
    """The ground of a map in the theme of the page."""
    return colour("$paper", theme())


def tile_layer(layer: Layer, style: Style, facts: LayerFacts, *, locale: str) -> WanmiTileLayer:
    """
    The layer as it goes into the map's script: hidden and without version.

    What changes comes with `layer_patch`, so that the script stays the same and the map is never
    rebuilt.
    """
    plain = resolve_theme(style, theme())
    return WanmiTileLayer(
        layer.id,
        f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}" + ("" if layer.live else "?v={v}"),
        rules_of(plain, facts.classes),
        labels=labels_of(plain, locale),
        visible=False,
        order=layer.order,
        credits=facts.credits(locale),
        refreshSeconds=LIVE_REFRESH_S if layer.live else 0,
        interactive=layer.id not in QUIET,
    )


def layer_patch(layer: Layer, *, version: int, scope: Scope) -> dict[str, Any]:
    """The layer's part of the map's state: shown, in the version of this moment."""
    if layer.live:
        return {"visible": True}
    return {"visible": True, "version": f"{version}.{scope_key(layer, scope)}"}
