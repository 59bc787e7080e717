"""No map may ask an address outside, and its script may not change without need."""

import re

import folium
import pytest
import streamlit_folium
from folium.plugins import Draw

from gis.ui.maps import offline
from gis.ui.maps.assets import DIST, asset
from gis.ui.maps.basemap import build_map
from gis.ui.maps.tile_layer import WanmiTileLayer, state_group

RULES = [{"source": "grids", "kind": "fill", "color": "#eee"}]


def grids_map(note: str = "") -> folium.Map:
    layer = WanmiTileLayer("grids", "/tiles/grids/{z}/{x}/{y}?v={v}", RULES, credits=[note])
    return build_map(bounds=(116.36, 39.85, 116.45, 39.97), layers=[layer], words={})


def script_of(drawn: folium.Map) -> str:
    drawn.get_root().render()
    text: str = streamlit_folium._get_map_string(drawn)
    return text


def test_every_script_and_style_of_a_map_exists_in_the_built_assets() -> None:
    links = [*folium.Map.default_js, *folium.Map.default_css, *WanmiTileLayer.default_js]
    for _, link in links:
        name = re.fullmatch(r"/assets/(.+)\?v=[0-9a-f]{12}", link)
        assert name is not None, link
        assert (DIST / name.group(1)).is_file()


def test_the_gate_refuses_a_plugin_that_asks_a_public_server() -> None:
    drawn = grids_map()
    Draw().add_to(drawn)
    with pytest.raises(offline.OutsideAddress, match=r"leaflet\.draw"):
        streamlit_folium.st_folium(drawn)


@pytest.mark.parametrize(
    "link", ["https://d3js.org/d3.v4.min.js", "//cdn.example/x.js", "http://127.0.0.1/x.js", "x.js"]
)
def test_the_gate_refuses_every_address_that_is_not_ours(link: str) -> None:
    with pytest.raises(offline.OutsideAddress):
        offline.check_links([asset("leaflet.js"), link])


def test_closing_the_gate_twice_closes_it_once() -> None:
    offline.go_offline()
    gate = streamlit_folium._component_func
    assert isinstance(gate, offline.Gate)
    assert not isinstance(gate.component, offline.Gate)


def test_the_map_script_is_the_same_text_at_every_rerun() -> None:
    assert script_of(grids_map()) == script_of(grids_map())


def test_a_state_reaches_the_map_without_touching_its_script() -> None:
    drawn = grids_map()
    before = script_of(drawn)
    text = streamlit_folium._get_feature_group_string(
        state_group({"layers": {"grids": {"visible": False}}}), drawn
    )
    assert 'map_div.wanmi.apply({"layers":{"grids":{"visible":false}}})' in text
    assert script_of(grids_map()) == before


def test_an_attribution_cannot_leave_its_script() -> None:
    text = script_of(grids_map("</script><img onerror=alert(1)>`${alert(1)}`"))
    assert "</script>" not in text
    assert "<img" not in text
    assert "`" not in text


def test_an_asset_that_is_not_built_is_named() -> None:
    with pytest.raises(KeyError, match="bootstrap"):
        asset("bootstrap.js")
