"""The map page: tree, search, map and details, rerun as one fragment."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from gis.accounts.model import Actor, Permission
from gis.catalog.layers import Layer, layers, layers_for
from gis.errors import GisError
from gis.grids.queries import CellPlace, cell_at
from gis.tiles.identify import Content, Feature, feature, grid_contents
from gis.tiles.panel import Line, panel, source_title
from gis.tiles.search import Hit, search
from gis.tiles.values import versions
from gis.ui.cache import MapSetting, map_setting
from gis.ui.case_link import case_link
from gis.ui.db import escape_markdown, show_error, shown_errors, unit_of_work
from gis.ui.map_layers import layer_patch, tile_layer
from gis.ui.map_link import Selection, layers_in_link, selection_in_link, write_link
from gis.ui.map_panel import show_grid, show_lines
from gis.ui.map_tree import Entry, layer_tree, tick_key
from gis.ui.maps.basemap import build_map
from gis.ui.maps.tile_layer import state_group
from gis.ui.phone import on_phone
from gis.ui.session import still_here
from gis.ui.words import _, locale

HEIGHT_PX, PHONE_HEIGHT_PX = 700, 460
Bounds = tuple[float, float, float, float]
_SELECTION, _POINT, _ALSO = "map.selection", "map.point", "map.also"
_VIEW, _SEEN, _MAP = "map.view", "map.seen", "map.map"


def _begin(actor: Actor, offered: list[Layer]) -> None:
    """Fill the session from the address at the first run; later the session leads."""
    if _SELECTION not in st.session_state:
        chosen = st.session_state[_SELECTION] = selection_in_link()
        if chosen is not None and chosen.layer in layers():
            _look_at_feature(actor, chosen)
    shown = layers_in_link(offered)
    for layer in offered:
        st.session_state.setdefault(tick_key(layer.id), layer.id in shown)


def _look_at_feature(actor: Actor, chosen: Selection) -> None:
    """Begin where the link's feature lies; a view in the link itself wins over it."""
    with suppress(GisError), unit_of_work() as conn:
        found = feature(conn, layers()[chosen.layer], chosen.source, chosen.id, actor=actor)
        _look_at(found.bounds)


def _selection_of(layer: str | None, source: str | None, key: Any) -> Selection | None:
    """What a click reports, if it is a feature of a layer there is."""
    if layer is None or layer not in layers() or source is None or key is None:
        return None
    return Selection(layer, source, int(key))


def _take_click() -> None:
    """A click that the map has reported since the last run becomes the selection."""
    clicked = (st.session_state.get(_MAP) or {}).get("last_active_drawing")
    if not clicked or clicked == st.session_state.get(_SEEN):
        return
    st.session_state[_SEEN] = clicked
    found = clicked["properties"]
    lon, lat = clicked["geometry"]["coordinates"]
    st.session_state[_POINT] = (float(lon), float(lat))
    chosen = _selection_of(found.get("_layer"), found.get("_source"), found.get("_id"))
    others = [_selection_of(o["layer"], o["source"], o["id"]) for o in found.get("_also", ())]
    st.session_state[_SELECTION] = chosen
    st.session_state[_ALSO] = [other for other in others if other is not None]


def _choose(chosen: Selection) -> None:
    """Before the next run: another feature under the same click."""
    st.session_state[_SELECTION] = chosen


def _go_to(hit: Hit) -> None:
    """Before the next run: show what was found, with its layer on."""
    chosen = None
    if hit.layer and hit.source and hit.id is not None:
        chosen = Selection(hit.layer, hit.source, hit.id)
        st.session_state[tick_key(hit.layer)] = True
    st.session_state[_SELECTION] = chosen
    st.session_state[_ALSO] = []
    st.session_state[_POINT] = None if chosen else hit.centre
    _look_at(hit.bounds, pin=None if chosen else hit.centre)


def _look_at(bounds: Bounds, pin: tuple[float, float] | None = None) -> None:
    """Move the map once; the browser takes each numbered view a single time."""
    west, south, east, north = bounds
    st.session_state[_VIEW] = {
        "seq": (st.session_state.get(_VIEW) or {"seq": 0})["seq"] + 1,
        "bounds": [[south, west], [north, east]],
        "pin": [pin[1], pin[0]] if pin else None,
    }


def _search_box(actor: Actor) -> None:
    wanted = st.text_input(
        _("Search"),
        key="map.search",
        placeholder=_("Place, road, street, grid code or case number"),
        icon=":material/search:",
        label_visibility="collapsed",
        max_chars=60,
    )
    if not wanted or len(wanted.strip()) < 2:
        return
    hits: list[Hit] = []
    with shown_errors(), unit_of_work() as conn:
        hits = search(conn, wanted, actor=actor)
    if not hits:
        st.caption(_("Nothing found. Try a shorter part of the name, or the whole code."))
        return
    with st.container(horizontal=True, gap="small"):
        for number, hit in enumerate(hits):
            name, where = hit.title.text(locale()), hit.where.text(locale())
            st.button(
                f"{hit.kind.text(locale())} **{escape_markdown(name)}** {escape_markdown(where)}",
                key=f"map.hit.{number}",
                on_click=_go_to,
                args=(hit,),
            )


def _state(
    actor: Actor, offered: list[Layer], shown: set[str], setting: MapSetting, now: datetime
) -> dict[str, Any]:
    with unit_of_work() as conn:
        held = versions(conn, offered)
    chosen: Selection | None = st.session_state[_SELECTION]
    view = st.session_state.get(_VIEW)
    state: dict[str, Any] = {
        "layers": {
            layer.id: layer_patch(
                layer,
                visible=layer.id in shown,
                version=held[layer.id],
                scope=actor.scope,
                now_minutes=int(now.timestamp() // 60),
                classes=setting.classes.get(layer.id),
            )
            for layer in offered
        },
        "selected": chosen.state if chosen else None,
        "pin": view.get("pin") if view else None,
    }
    if view:
        state["view"] = {"seq": view["seq"], "bounds": view["bounds"]}
    return state


def _draw(offered: list[Layer], setting: MapSetting, bounds: Bounds, state: dict[str, Any]) -> None:
    st_folium(
        build_map(
            bounds=bounds,
            layers=[
                tile_layer(layer, locale=locale(), credits=setting.credits(layer.id))
                for layer in offered
            ],
            words={
                "unauthorised": _("You are signed out. Sign in to go on."),
                "unavailable": _("The map cannot be loaded now. It tries again by itself."),
            },
            view_in_link=True,
        ),
        key=_MAP,
        height=PHONE_HEIGHT_PX if on_phone() else HEIGHT_PX,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=state_group(state),
    )


def _read_details(
    actor: Actor, chosen: Selection | None, point: tuple[float, float] | None
) -> tuple[Feature | None, list[Line], CellPlace | None, list[Content]]:
    with unit_of_work() as conn:
        found, lines, place = None, [], None
        if chosen is not None:
            found = feature(conn, layers()[chosen.layer], chosen.source, chosen.id, actor=actor)
            lines = panel(conn, found)
            if point is None and found.source.table != "area":
                west, south, east, north = found.bounds
                point = ((west + east) / 2, (south + north) / 2)
        if point is not None:
            place = cell_at(conn, lon=point[0], lat=point[1])
        contents = grid_contents(conn, place.code, actor=actor) if place else []
    return found, lines, place, contents


def _details(actor: Actor) -> None:
    chosen: Selection | None = st.session_state[_SELECTION]
    point = st.session_state.get(_POINT)
    if chosen is None and point is None:
        st.info(_("Click on the map: what is there, and what lies in its grid, appears here."))
        return
    if chosen is not None and chosen.layer not in layers():
        chosen = None
    try:
        found, lines, place, contents = _read_details(actor, chosen, point)
    except GisError as error:
        show_error(error)
        return
    if found is not None:
        show_lines(source_title(found.source.name).text(locale()), lines)
        _case_link(actor, found)
    _also_here(chosen)
    if place is not None or point is not None:
        show_grid(place, contents)


def _also_here(chosen: Selection | None) -> None:
    """The other layers' features under the click, one button each."""
    others = [other for other in st.session_state.get(_ALSO, ()) if other != chosen]
    if not others:
        return
    st.caption(_("Also here"))
    with st.container(horizontal=True, gap="small"):
        for other in others:
            st.button(
                source_title(other.source).text(locale()),
                key=f"map.also.{other.text}",
                on_click=_choose,
                args=(other,),
            )


def _case_link(actor: Actor, found: Feature) -> None:
    if found.source.table == "cases" and actor.may(Permission.VIEW_CASES):
        case_link(str(found.row["number"]))


@st.fragment
def map_page() -> None:
    """The whole page below its guard; a click runs this part alone."""
    actor, now = still_here(), datetime.now(UTC)
    offered = layers_for(actor)
    setting = map_setting(actor.scope.prefixes, tuple(layer.id for layer in offered))
    if setting.bounds is None:
        st.info(_("No area is drawn yet. Load a district or build its grids first."))
        return
    _begin(actor, offered)
    _take_click()
    if on_phone():
        middle, right, left = st.container(), st.container(), st.container()
    else:
        left, middle, right = st.columns([5, 16, 6])
    with left, st.expander(_("Layers and legend"), expanded=not on_phone()):
        shown = layer_tree(
            [
                Entry(
                    layer,
                    setting.codes.get(layer.id),
                    setting.classes.get(layer.id),
                    setting.origins[layer.id],
                )
                for layer in offered
            ]
        )
    with middle:
        _search_box(actor)
        with shown_errors():
            state = _state(actor, offered, shown, setting, now)
            _draw(offered, setting, setting.bounds, state)
    with right:
        _details(actor)
    write_link(shown, st.session_state[_SELECTION], offered)
