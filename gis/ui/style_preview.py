"""A small map that shows a style while it is made; another style repaints the tiles it has."""

import zlib
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from gis.accounts.model import Actor
from gis.catalog.layers import Layer, layers
from gis.catalog.styles import RawStyle, Style, labels_of, shipped_style, style_from
from gis.catalog.themes import THEMES, Theme, colour, resolve_theme
from gis.tiles.facts import LayerFacts, MapFacts
from gis.tiles.screen import rules_of
from gis.tiles.values import versions
from gis.ui.cache import map_facts, map_styles
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.map_layers import layer_patch, tile_layer
from gis.ui.maps.basemap import build_map
from gis.ui.maps.tile_layer import state_group
from gis.ui.words import _, locale

GROUND = ("water_green", "buildings", "roads")
HEIGHT_PX = 460
CLOSE = 15


def preview(actor: Actor, layer: Layer, raw: RawStyle, theme: Theme) -> None:
    """The layer in the style `raw`, which was checked, over the base map, light or dark."""
    titles = {"light": _("Light"), "dark": _("Dark")}
    shown: Theme = st.segmented_control(
        _("Ground"), THEMES, default=theme, format_func=titles.__getitem__, required=True,
        key="styles.theme", label_visibility="collapsed",
    )  # fmt: skip
    ground = [layers()[key] for key in GROUND if key != layer.id]
    seen = [*ground, *([layer] if actor.may(layer.permission) else [])]
    facts = map_facts(actor.scope.prefixes, tuple(one.id for one in seen))
    if facts is None:
        st.info(_("No area is drawn yet. Load a district or build its grids first."))
        return
    if layer not in seen:
        st.info(_("Your posts do not include this layer: the preview shows the base map only."))
    with shown_errors():
        looks = {**map_styles(), layer.id: style_from(layer, raw)}
        with unit_of_work() as conn:
            held = versions(conn, seen)
        state = {
            one.id: layer_patch(one, version=held[one.id], scope=actor.scope)
            | _painted(looks[one.id], facts.layers[one.id], shown)
            for one in seen
        }
        _draw(seen, facts, shown, {"layers": state, "view": _view(layer, facts.bounds)})


def _painted(style: Style, facts: LayerFacts, theme: Theme) -> dict[str, Any]:
    plain = resolve_theme(style, theme)
    return {
        "rules": rules_of(plain, facts.classes),
        "labels": labels_of(plain, locale()),
        "values": dict(facts.classes.values) if facts.classes else None,
    }


def _view(layer: Layer, bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    """Close enough that the layer draws; taken once, the map then stays where it is moved."""
    west, south, east, north = bounds
    zoom = max(CLOSE, min(source.minzoom for source in layer.sources))
    centre = [(south + north) / 2, (west + east) / 2]
    return {"seq": zlib.crc32(layer.id.encode()), "center": centre, "zoom": zoom}


def _draw(seen: list[Layer], facts: MapFacts, theme: Theme, state: dict[str, Any]) -> None:
    st_folium(
        build_map(
            bounds=facts.bounds,
            layers=[
                tile_layer(one, shipped_style(one), facts.layers[one.id], locale=locale())
                for one in seen
            ],
            words={
                "unauthorised": _("You are signed out. Sign in to go on."),
                "unavailable": _("The map cannot be loaded now. It tries again by itself."),
            },
            paper=colour("$paper", theme),
        ),
        key="styles.map",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=state_group(state),
    )
