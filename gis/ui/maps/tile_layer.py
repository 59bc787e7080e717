"""Folium classes of our vector-tile layer (gis/ui/browser, docs/map.md)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from gis.ui.maps.assets import asset
from gis.ui.maps.escape import script_json

MAX_ZOOM: Final = 20


class MapSettings(MacroElement):
    """
    Settles `map.wanmi` before any layer is added.

    `words` are the sentences the map may have to say itself (`unauthorised`, `unavailable`);
    `home` is the view it starts with, as ((south, west), (north, east));
    `view_in_link` keeps centre and zoom behind the "#" of the page's address, without a rerun;
    `paper` is the colour of the ground, light without it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.wanmi.configure({{ this.settings }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        *,
        words: Mapping[str, str],
        home: Sequence[Sequence[float]],
        view_in_link: bool = False,
        paper: str | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapSettings"
        self.settings = script_json(
            {"words": dict(words), "home": home, "viewInLink": view_in_link, "paper": paper}
        )


class WanmiTileLayer(JSCSSMixin, Layer):
    """
    A layer of vector tiles painted on canvas.

    Clicks come back from `st_folium` as `last_active_drawing`: a GeoJSON feature whose properties
    hold `_layer`, `_source`, `_id`, `_also` (every layer under the click), `_seq` and the tile's
    attributes. Change the layer later through `MapState`, never by building another map.

    Parameters
    ----------
    name
        Key on the map: the catalogue's layer id.
    url
        Template with {z}, {x}, {y} and, for versions, {v}.
    rules, labels
        Style and label rules (docs/map.md).
    visible, order
        Whether it shows at the start, and its place in the pile (higher is nearer).
    options
        Further options of L.WanmiTileLayer.
    """

    default_js = [("wanmi-layer.js", asset("wanmi-layer.js"))]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = {{ this._parent.get_name() }}.wanmi.add("
        "L.wanmiTileLayer({{ this.url }}, {{ this.options }}));"
        "{% endmacro %}"
    )

    def __init__(
        self,
        name: str,
        url: str,
        rules: Sequence[Mapping[str, Any]],
        *,
        labels: Sequence[Mapping[str, Any]] = (),
        visible: bool = True,
        order: int = 1,
        **options: Any,
    ) -> None:
        # the bus adds the layer to the map: folium's own "show" would add it a second time
        super().__init__(name=name, overlay=True, control=False, show=False)
        self._name = "WanmiTileLayer"
        self.url = script_json(url)
        self.options = script_json(
            {
                "name": name,
                "rules": list(rules),
                "labels": list(labels),
                "visible": visible,
                "zIndex": order,
                "maxZoom": MAX_ZOOM,
                **options,
            }
        )


class MapState(MacroElement):
    """Calls `map.wanmi.apply(state)`; see docs/map.md for the parts of a state."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent._parent.get_name() }}.wanmi.apply({{ this.state }});"
        "{% endmacro %}"
    )

    def __init__(self, state: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapState"
        self.state = script_json(state)


def state_group(state: Mapping[str, Any]) -> folium.FeatureGroup:
    """
    A state wrapped for `st_folium(feature_group_to_add=...)`.

    The map's own script stays the same, so that view and tiles survive; the browser runs this
    one only when it differs from the last.
    """
    group = folium.FeatureGroup(name="state", control=False)
    group.add_child(MapState(state))
    return group
