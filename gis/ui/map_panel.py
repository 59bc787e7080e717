"""The right side of the map: what was clicked, and what lies in its unit grid."""

import streamlit as st

from gis.catalog.palettes import palette
from gis.grids.queries import CellPlace
from gis.i18n import N_
from gis.tiles.identify import Content
from gis.tiles.panel import Line
from gis.ui.db import escape_markdown
from gis.ui.words import _, local_number, locale, wording

TOPICS: dict[str, str] = {
    "case_open": N_("Open cases"),
    "people": N_("People"),
    "component": N_("Components"),
    "pipe": N_("Pipelines"),
    "parcel": N_("Land use"),
    "building": N_("Buildings"),
    "facility": N_("Facilities"),
}
"""What the panel says of a unit grid, in this order."""
_PALETTES = {"component": "component_class", "pipe": "pipeline_kind", "parcel": "land_use_2023"}


def _list(pairs: list[tuple[str, str]]) -> str:
    """Names and values one below the other, as close as lines of one paragraph."""
    return "  \n".join(
        f"{escape_markdown(name)}　**{escape_markdown(value)}**" for name, value in pairs
    )


def show_lines(title: str, lines: list[Line]) -> None:
    """The attributes of a feature, title above value, as people wrote them and nothing else."""
    pairs = [(line.title.text(locale()), line.text(wording())) for line in lines]
    st.markdown(f"#### {escape_markdown(title)}")
    st.markdown(_list(pairs))


def _name(content: Content) -> str:
    if content.topic not in _PALETTES:
        return ""
    code = content.code.lstrip("0") if content.topic == "component" else content.code
    tone = palette(_PALETTES[content.topic]).get(code)
    return tone.title.text(locale()) if tone else content.code


def _amount(content: Content) -> str:
    count = local_number(content.items)
    if content.topic == "pipe" and content.amount is not None:
        return f"{local_number(content.amount)} m"
    if content.topic in {"parcel", "building"} and content.amount is not None:
        return f"{count} · {local_number(content.amount)} m²"
    return count


def show_grid(place: CellPlace | None, contents: list[Content]) -> None:
    """What lies in the unit grid under the click."""
    if place is None:
        st.caption(_("This point lies outside every unit grid."))
        return
    st.markdown(f"#### {_('In this grid')} {place.code}")
    if not contents:
        st.caption(_("Nothing is recorded in this grid, or it lies outside your area."))
    single: list[tuple[str, str]] = []
    for topic, title in TOPICS.items():
        inside = [content for content in contents if content.topic == topic]
        if len(inside) == 1 and not _name(inside[0]):
            single.append((_(title), _amount(inside[0])))
    if single:
        st.markdown(_list(single))
    for topic, title in TOPICS.items():
        inside = [content for content in contents if content.topic == topic and _name(content)]
        if inside:
            total = local_number(sum(content.items for content in inside))
            with st.expander(f"{_(title)}　**{total}**", expanded=topic == "pipe"):
                st.markdown(_list([(_name(content), _amount(content)) for content in inside]))
