"""An empty map that asks nothing outside: paper, scale, our layers on top."""

from collections.abc import Iterable, Mapping

import folium

from gis.ui.maps import offline  # noqa: F401  points folium at our assets
from gis.ui.maps.tile_layer import MAX_ZOOM, MapSettings, WanmiTileLayer


def build_map(
    *,
    bounds: tuple[float, float, float, float],
    layers: Iterable[WanmiTileLayer],
    words: Mapping[str, str],
    view_in_link: bool = False,
) -> folium.Map:
    """
    A folium map over `bounds` (west, south, east, north in degrees) with `layers`, lowest first.

    For one set of arguments the script is always the same text: st_folium then keeps the map
    alive over reruns. A map object belongs to one rerun (st_folium changes it): never cache it.
    """
    west, south, east, north = bounds
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=_zoom_for(east - west),
        tiles=None,
        control_scale=True,
        zoom_control="topright",
        font_size="13px",
        minZoom=8,
        maxZoom=MAX_ZOOM,
    )
    drawn.add_child(MapSettings(words=words, view_in_link=view_in_link))
    for layer in layers:
        drawn.add_child(layer)
    return drawn


def _zoom_for(width_degrees: float) -> int:
    """The zoom at which that many degrees of longitude fit about 900 pixels."""
    zoom = MAX_ZOOM
    while zoom > 8 and width_degrees * 256 * 2**zoom / 360 > 900:
        zoom -= 1
    return zoom
