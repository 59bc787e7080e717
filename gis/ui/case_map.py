"""Small maps beside a case or a form: base map, grids and open cases, with a ring at the place."""

from collections.abc import Mapping
from typing import Any

from streamlit_folium import st_folium

from gis.accounts.model import Actor
from gis.cases.queries import CaseDetail
from gis.catalog.layers import layers_for
from gis.catalog.styles import Style
from gis.tiles.facts import MapFacts
from gis.tiles.values import versions
from gis.ui.cache import map_facts, map_styles
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.map_layers import layer_patch, paper, tile_layer
from gis.ui.maps.basemap import build_map
from gis.ui.maps.tile_layer import state_group
from gis.ui.words import _, locale

LAYERS = ("water_green", "buildings", "roads", "grids", "cases")
ZOOM = 17


def case_map(actor: Actor, detail: CaseDetail, *, height_px: int) -> None:
    """The surroundings of one case."""
    at = (detail.lat, detail.lon)
    small_map(actor, key="case.map", pin=at, turn=detail.case.id, height_px=height_px)


def small_map(
    actor: Actor,
    *,
    key: str,
    pin: tuple[float, float] | None,
    turn: int | None,
    height_px: int,
    takes_clicks: bool = False,
) -> Mapping[str, Any] | None:
    """
    The small map; answers its newest click, None before any and where it takes none.

    Without an answer of the database it says so in the map's place, and the page goes on.

    The map's script is the same for every place, so that the next one moves the view and asks
    for new tiles only.

    Parameters
    ----------
    pin : latitude and longitude of the ring.
    turn : another number than before sends the view to the ring; None leaves it alone.
    """
    shown = [layer for layer in layers_for(actor) if layer.id in LAYERS]
    facts: MapFacts | None = None
    looks: Mapping[str, Style] = {}
    held: Mapping[str, int] = {}
    with shown_errors():
        facts = map_facts(actor.scope.prefixes, tuple(layer.id for layer in shown))
        looks = map_styles()
        with unit_of_work() as conn:
            held = versions(conn, shown)
    if facts is None or not looks:
        return None
    state: dict[str, Any] = {
        "layers": {
            layer.id: layer_patch(layer, version=held[layer.id], scope=actor.scope)
            for layer in shown
            if layer.id in held
        },
        "pin": pin and list(pin),
    }
    if pin is not None and turn is not None:
        state["view"] = {"seq": turn, "center": list(pin), "zoom": ZOOM}
    answer = st_folium(
        build_map(
            bounds=facts.bounds,
            layers=[
                tile_layer(layer, looks[layer.id], facts.layers[layer.id], locale=locale())
                for layer in shown
            ],
            words={
                "unauthorised": _("You are signed out. Sign in to go on."),
                "unavailable": _("The map cannot be loaded now. It tries again by itself."),
            },
            paper=paper(),
        ),
        key=key,
        height=height_px,
        use_container_width=True,
        returned_objects=["last_clicked"] if takes_clicks else [],
        feature_group_to_add=state_group(state),
        wrap_longitude=takes_clicks,
    )
    clicked: Mapping[str, Any] | None = (answer or {}).get("last_clicked")
    return clicked
