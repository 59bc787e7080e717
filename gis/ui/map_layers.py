"""Layers of the catalogue on the small maps of other pages."""

from typing import Any

from gis.accounts.model import Scope
from gis.catalog.layers import Layer
from gis.catalog.styles import Style, labels_of
from gis.catalog.themes import resolve_theme
from gis.tiles.facts import LayerFacts
from gis.tiles.screen import QUIET, rules_of
from gis.tiles.versions import scope_key
from gis.ui.maps.tile_layer import WanmiTileLayer

LIVE_REFRESH_S = 15


def tile_layer(layer: Layer, style: Style, facts: LayerFacts, *, locale: str) -> WanmiTileLayer:
    """
    The layer as it goes into the map's script: hidden and without version.

    What changes comes with `layer_patch`, so that the script stays the same and the map is never
    rebuilt.
    """
    plain = resolve_theme(style, "light")
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
