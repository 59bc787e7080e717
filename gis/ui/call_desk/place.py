"""Where a caller means: an address found while it is typed, or a click on the map."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import streamlit as st

from gis.accounts.model import Actor
from gis.cases.places import Spot, locate
from gis.cases.settings import read_case_settings
from gis.places.model import NearPlace, Place
from gis.places.queries import places_near, search_places
from gis.ui.case_map import small_map
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.words import _, local_number, name_of

HITS_MOST = 5
TEXT_MOST = 100
NEAR_M = 150.0
MAP_PX = 330


@dataclass(frozen=True)
class Point:
    """The place of the call in hand."""

    lon: float
    lat: float
    name: str = ""
    """What was chosen from the list; empty: a click on the map."""
    seq: int = 0
    """Rises when the map has to go there; a click leaves the view alone."""


def _key(turn: int, what: str) -> str:
    return f"call.{turn}.{what}"


def point_of(turn: int) -> Point | None:
    """The place chosen for a call, None so far."""
    found = st.session_state.get(_key(turn, "point"))
    return found if isinstance(found, Point) else None


def _choose(turn: int, place: Place, name: str) -> None:
    before = point_of(turn)
    seq = before.seq + 1 if before else 1
    st.session_state[_key(turn, "point")] = Point(place.lon, place.lat, name, seq)
    st.session_state[_key(turn, "address")] = st.session_state[_key(turn, "chosen")] = name


def ask_place(actor: Actor, turn: int, now: datetime) -> Point | None:
    """The address field with what fits below it, the map, and what the place is called."""
    typed = st.text_input(
        _("Address or place"),
        key=_key(turn, "address"),
        live=True,
        max_chars=TEXT_MOST,
        icon=":material/search:",
        autocomplete="off",
        placeholder=_("Name, alias, pinyin or grid code"),
    )
    found = _offer_hits(turn, (typed or "").strip())
    # the click comes back with the map, and the map stands below what it decides
    said, drawn = st.container(), st.container()
    with drawn:
        _map(actor, turn)
    point = point_of(turn)
    with said:
        if point is None and found is None:
            st.caption(_("Choose a place from the list, or click on the map."))
        elif point is not None:
            _say_place(point, now)
    return point


def _offer_hits(turn: int, typed: str) -> int | None:
    """What fits the text, each a button with a key of its own; answers how many, None unasked."""
    if len(typed) < 2 or typed == st.session_state.get(_key(turn, "chosen")):
        return None
    hits: list[Place] = []
    with shown_errors(), unit_of_work() as conn:
        hits = search_places(conn, typed, limit=HITS_MOST)
    if not hits:
        st.caption(_("Nothing is called so. Click on the map, or try another word."))
    for at, place in enumerate(hits, start=1):
        name, where = name_of(place.name), name_of(place.where)
        label = " · ".join(part for part in (name, where, name_of(place.kind.label)) if part)
        st.button(
            escape_markdown(label),
            key=_key(turn, f"hit.{at}"),
            type="secondary",
            shortcut=f"Alt+{at}",
            width="stretch",
            on_click=_choose,
            args=(turn, place, name),
        )
    return len(hits)


def _say_place(point: Point, now: datetime) -> None:
    """Street, community and cell of the point, and what stands near: to be read back."""
    spot: Spot | None = None
    near: list[NearPlace] = []
    with shown_errors(), unit_of_work() as conn:
        settings = read_case_settings(conn)
        spot = locate(conn, lon=point.lon, lat=point.lat, now=now, settings=settings)
        near = places_near(conn, lon=point.lon, lat=point.lat, within_m=NEAR_M, limit=2)
    if spot is None:
        st.warning(_("This place lies outside the district's grids. Choose another one."))
        return
    names = [name_of(term) for term in (spot.street, spot.community) if term]
    if point.name:
        names.insert(0, point.name)
    st.markdown(f":material/location_on: **{escape_markdown(' · '.join(names))}**")
    lines = [spot.grid_code]
    lines += [
        _("{metres} m from {place}").format(
            metres=local_number(one.distance_m), place=name_of(one.place.name)
        )
        for one in near
    ]
    st.caption(escape_markdown(" · ".join(lines)))


def _map(actor: Actor, turn: int) -> None:
    """The map; a click on it becomes the point."""
    point = point_of(turn)
    clicked = small_map(
        actor,
        key="call.map",
        pin=(point.lat, point.lon) if point else None,
        turn=turn * 1000 + point.seq if point and point.seq else None,
        height_px=MAP_PX,
        takes_clicks=True,
    )
    _take_click(turn, clicked)


def _take_click(turn: int, clicked: Any) -> None:
    """A click that was not looked at yet becomes the point; the map stays where it is."""
    if not clicked or clicked == st.session_state.get("call.clicked"):
        return
    st.session_state["call.clicked"] = clicked
    before = point_of(turn) or Point(0, 0)
    made = replace(before, lon=float(clicked["lng"]), lat=float(clicked["lat"]), name="")
    st.session_state[_key(turn, "point")] = made
    st.rerun()
