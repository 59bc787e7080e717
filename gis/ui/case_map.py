"""The small map of a case: base map, grids and open cases, with a ring at the place."""

from streamlit_folium import st_folium

from gis.accounts.model import Actor
from gis.cases.queries import CaseDetail
from gis.catalog.layers import layers_for
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
    """
    The surroundings of one case.

    The map's script is the same for every case of a person, so that the next
    case moves the view and asks for new tiles only.
    """
    shown = [layer for layer in layers_for(actor) if layer.id in LAYERS]
    facts = map_facts(actor.scope.prefixes, tuple(layer.id for layer in shown))
    if facts is None:
        return
    with shown_errors():
        looks = map_styles()
        with unit_of_work() as conn:
            held = versions(conn, shown)
        state = {
            "layers": {
                layer.id: layer_patch(layer, version=held[layer.id], scope=actor.scope)
                for layer in shown
            },
            "pin": [detail.lat, detail.lon],
            "view": {
                "seq": detail.case.id,
                "center": [detail.lat, detail.lon],
                "zoom": ZOOM,
            },
        }
        st_folium(
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
            key="case.map",
            height=height_px,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=state_group(state),
        )
