"""
Maps on a closed network: every script and style of a map comes from /assets.

Folium names its scripts on public servers; one that does not answer leaves the map blank for
ever. Importing this module points `folium.Map` at our copies and puts a gate before
streamlit-folium's component, which refuses any other address, so that a plugin added later
fails in its test and not in a cellar without internet.
"""

from typing import Any

import folium
import streamlit_folium
from streamlit import runtime
from streamlit.components.v1.custom_component import CustomComponent

from gis.ui.maps.assets import ROOT, asset
from gis.ui.maps.finished_text import keep_finished_texts

_OURS_JS = ("leaflet.js", "wanmi-layer.js")
_OURS_CSS = ("leaflet.css", "fonts.css", "map.css")
_COMPONENT = "_component_func"


class OutsideAddress(RuntimeError):
    """A map asks for a script or style that this product does not ship."""


def check_links(links: list[str]) -> None:
    """
    Let only our own addresses pass.

    Raises
    ------
    OutsideAddress
        Names every address that does not start with /assets/.
    """
    outside = [link for link in links if not link.startswith(f"{ROOT}/")]
    if outside:
        msg = f"the map asks outside addresses, add them to gis/ui/browser: {', '.join(outside)}"
        raise OutsideAddress(msg)


class Gate:
    """
    Stands before the component of streamlit-folium and reads what it is about to send.

    It also makes the running server know the component: one declared while no page script runs
    (warm imports in the lifespan) is never registered, and its frame would answer 404 in every
    session.
    """

    def __init__(self, component: CustomComponent) -> None:
        self.component = component
        self._registered = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Check the links, then call the component."""
        check_links([*(kwargs.get("js_links") or []), *(kwargs.get("css_links") or [])])
        if not self._registered and runtime.exists():
            runtime.get_instance().component_registry.register_component(self.component)
            self._registered = True
        return self.component(*args, **kwargs)


def go_offline() -> None:
    """Point folium at our assets and close the gate; calling it again changes nothing."""
    folium.Map.default_js = [(name, asset(name)) for name in _OURS_JS]
    folium.Map.default_css = [(name, asset(name)) for name in _OURS_CSS]
    if not isinstance(getattr(streamlit_folium, _COMPONENT), Gate):
        setattr(streamlit_folium, _COMPONENT, Gate(getattr(streamlit_folium, _COMPONENT)))


go_offline()
keep_finished_texts()
