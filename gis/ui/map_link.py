"""The address of the map page: layers and selection as parameters, the view behind the "#"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from gis.catalog.layers import Layer

_AT = re.compile(r"^([a-z_]{1,40})\.([a-z_]{1,40})\.(\d{1,16})$")


@dataclass(frozen=True)
class Selection:
    """A feature: layer, source inside its tiles, id."""

    layer: str
    source: str
    id: int

    @property
    def text(self) -> str:
        """As it stands in the address."""
        return f"{self.layer}.{self.source}.{self.id}"

    @property
    def state(self) -> dict[str, object]:
        """As the browser's map takes it."""
        return {"layer": self.layer, "source": self.source, "id": self.id}


def layers_in_link(offered: Iterable[Layer]) -> set[str]:
    """
    The layers to show: those named in the address that this person may see, else the usual ones.

    Names that no longer exist, or that may not be seen, are passed over; an address that names
    nothing else shows the usual ones. An empty list is a wish: an empty map.
    """
    offered = list(offered)
    usual = {layer.id for layer in offered if layer.visible}
    named = st.query_params.get("layers")
    if named is None:
        return usual
    wanted = set(named.split("."))
    known = {layer.id for layer in offered if layer.id in wanted}
    return known if known or not named else usual


def selection_in_link() -> Selection | None:
    """The feature named in the address; None for none or for what cannot be read."""
    match = _AT.match(st.query_params.get("at", ""))
    return Selection(match[1], match[2], int(match[3])) if match else None


def write_link(shown: set[str], selection: Selection | None, offered: list[Layer]) -> None:
    """
    Put layers and selection into the address where they differ from what it says.

    Each write makes Streamlit forget what stands behind the "#", so that nothing is written
    without need: a fresh link must reach the map with its view.
    """
    if shown != layers_in_link(offered):
        usual = {layer.id for layer in offered if layer.visible}
        _write("layers", ".".join(sorted(shown)) if shown != usual else None)
    if selection != selection_in_link():
        _write("at", selection.text if selection else None)


def _write(key: str, value: str | None) -> None:
    if value is not None:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]
