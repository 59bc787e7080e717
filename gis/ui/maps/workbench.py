"""The workbench on a folium map: layer tree, tools and details, all inside the map's frame."""

from collections.abc import Mapping, Sequence
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from gis.ui.maps import offline  # noqa: F401  points folium at our assets
from gis.ui.maps.assets import asset
from gis.ui.maps.escape import script_json
from gis.ui.maps.tile_layer import MAX_ZOOM

MIN_ZOOM = 8


class Workbench(JSCSSMixin, MacroElement):
    """
    Calls `map.bench = L.wanmiWorkbench(map, config)`; the parts of `config` stand in docs/map.md.

    The workbench adds the layers itself and asks the server for what changes, so that the
    script stays the same text for one person, language and set of styles.
    """

    default_js = [
        ("wanmi-layer.js", asset("wanmi-layer.js")),
        ("workbench.js", asset("workbench.js")),
    ]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        # the component gave the map a size in pixels: it shall follow the frame instead
        "{{ this._parent.get_name() }}.getContainer().style.cssText += 'width:100%;height:100vh';"
        "document.documentElement.style.overflow = 'hidden';"
        "{{ this._parent.get_name() }}.invalidateSize();"
        "{{ this._parent.get_name() }}.bench ="
        " L.wanmiWorkbench({{ this._parent.get_name() }}, {{ this.config }});"
        "{% endmacro %}"
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Workbench"
        self.config = script_json(config)


class WorkbenchViews(MacroElement):
    """Hands a new list of saved views to the workbench that runs."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent._parent.get_name() }}.wanmi.setViews({{ this.views }});"
        "{% endmacro %}"
    )

    def __init__(self, views: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "WorkbenchViews"
        self.views = script_json([dict(view) for view in views])


def workbench_map(config: Mapping[str, Any]) -> folium.Map:
    """
    A folium map with nothing on it but the workbench.

    A map object belongs to one rerun (st_folium changes it): never cache it.
    """
    (south, west), (north, east) = config["home"]
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=12,  # the workbench then goes home, or where the address says
        tiles=None,
        zoom_control=False,
        font_size="13px",
        minZoom=MIN_ZOOM,
        maxZoom=MAX_ZOOM,
    )
    drawn.add_child(Workbench(config))
    return drawn


def views_group(views: Sequence[Mapping[str, Any]]) -> folium.FeatureGroup:
    """A list of saved views wrapped for `st_folium(feature_group_to_add=...)`."""
    group = folium.FeatureGroup(name="views", control=False)
    group.add_child(WorkbenchViews(views))
    return group
