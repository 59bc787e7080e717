"""The layer tree: groups, what is shown, its legend and where the data come from."""

import html
import re
from dataclasses import dataclass

import streamlit as st

from gis.catalog.layers import GROUPS, Layer, Sign
from gis.tiles.values import Classes, Origin
from gis.ui.map_layers import legend_signs
from gis.ui.words import _, local_number, locale

_COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")
_SHAPES = {
    "fill": "width:18px;height:13px;border-radius:2px;border:1px solid #8a8578",
    "line": "width:18px;height:5px;border-radius:2px;box-shadow:0 0 0 0.5px #6b6b6b",
    "circle": "width:11px;height:11px;margin:0 3px;border-radius:50%;border:1px solid #8a8578",
}
MANY_SIGNS = 14


@dataclass(frozen=True)
class Entry:
    """A layer with what its line in the tree needs."""

    layer: Layer
    codes: list[str] | None
    classes: Classes | None
    origins: list[Origin]


def _sign_html(shape: str, colour: str, title: str) -> str:
    """One swatch with its words; the colour is checked, the words are escaped."""
    swatch = f"background:{colour if _COLOUR.match(colour) else '#888888'};{_SHAPES[shape]}"
    return (
        '<div style="display:flex;gap:8px;align-items:center;font-size:0.85rem;line-height:1.5">'
        f'<span style="flex:none;box-sizing:border-box;{swatch}"></span>'
        f"<span>{html.escape(title)}</span></div>"
    )


def legend_html(signs: tuple[Sign, ...], spoken: str) -> str:
    """Swatches with their titles in one language."""
    return "".join(_sign_html(sign.shape, sign.color, sign.title.text(spoken)) for sign in signs)


def _classes_html(classes: Classes) -> str:
    lows = [min(classes.values.values()), *classes.stops]
    highs = [*classes.stops, max(classes.values.values())]
    return "".join(
        _sign_html("fill", colour, f"{local_number(low)} – {local_number(high)} ({count})")
        for low, high, colour, count in zip(
            lows, highs, classes.colours, classes.counts, strict=True
        )
    )


def _legend(entry: Entry) -> None:
    if entry.classes is not None:
        if entry.classes.values:
            st.caption(_("People per km², classes of about equal count"))
            st.html(_classes_html(entry.classes))
        else:
            st.caption(_("No figures in your area."))
        return
    signs = legend_signs(entry.layer, entry.codes)
    if not signs:
        st.caption(_("Nothing of this layer in your area."))
    elif len(signs) > MANY_SIGNS:
        with st.expander(_("Legend ({n})").format(n=len(signs))):
            st.html(legend_html(signs, locale()))
    elif len(signs) > 1 or signs[0].title != entry.layer.title:
        st.html(legend_html(signs, locale()))


def _notes(entry: Entry) -> None:
    if any(origin.derived for origin in entry.origins):
        st.caption(_("Partly derived by us, not official."))


def tick_key(layer_id: str) -> str:
    """The session's key of a layer's tick box."""
    return f"map.layer.{layer_id}"


def layer_tree(entries: list[Entry]) -> set[str]:
    """
    The tree; answers the layers that are ticked.

    Legends stand only below ticked layers: what is not on the map needs no key.
    """
    ticked: set[str] = set()
    for group, title in GROUPS.items():
        inside = [entry for entry in entries if entry.layer.group == group]
        if not inside:
            continue
        st.markdown(f"**{_(title)}**")
        for entry in reversed(inside):
            if st.checkbox(entry.layer.title.text(locale()), key=tick_key(entry.layer.id)):
                ticked.add(entry.layer.id)
                _legend(entry)
                _notes(entry)
    if any(origin.generated for entry in entries for origin in entry.origins):
        st.caption(_("Generated demo data, not real."))
    return ticked
