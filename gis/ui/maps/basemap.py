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
    paper: str | None = None,
) -> folium.Map:
    """
    A folium map over `bounds` (west, south, east, north in degrees) with `layers`, lowest first.

    For one set of arguments the script is always the same text: st_folium then keeps the map
    alive over reruns. A map object belongs to one rerun (st_folium changes it): never cache it.
    """
    west, south, east, north = bounds
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,  # the browser then fits `bounds` into its frame
        tiles=None,
        zoom_control="topright",
        font_size="13px",
        minZoom=8,
        maxZoom=MAX_ZOOM,
    )
    home = [[south, west], [north, east]]
    settings = MapSettings(words=words, home=home, view_in_link=view_in_link, paper=paper)
    drawn.add_child(settings)
    for layer in layers:
        drawn.add_child(layer)
    return drawn
