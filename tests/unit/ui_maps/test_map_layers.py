"""From the catalogue to the browser's layers."""

from typing import Any

import pytest
import streamlit_folium

from gis.accounts.model import Scope
from gis.catalog.layers import Layer, Sign, layers
from gis.errors import Term
from gis.tiles.values import Classes
from gis.ui.map_layers import LAMPS, layer_patch, legend_signs, rules_of, tile_layer
from gis.ui.map_tree import legend_html
from gis.ui.maps.basemap import build_map

MAP = layers()
EVERYTHING = Scope(("",))


def patch(layer: Layer, **more: Any) -> dict[str, Any]:
    given = {"visible": True, "version": 3, "scope": EVERYTHING, "now_minutes": 1000,
             "classes": None}  # fmt: skip
    return layer_patch(layer, **(given | more))


@pytest.mark.parametrize("layer", MAP.values(), ids=lambda layer: layer.id)
def test_every_colour_of_every_rule_is_one_the_browser_understands(layer: Layer) -> None:
    for rule in rules_of(layer, now_minutes=0):
        colour = rule["color"]
        if isinstance(colour, dict):
            assert colour["by"]
            assert ("cats" in colour) != ("stops" in colour)
            if "stops" in colour:
                assert len(colour["range"]) == len(colour["stops"]) + 1
        else:
            assert colour.startswith("#")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_script_of_the_map_says_nothing_that_changes(locale: str) -> None:
    def script() -> str:
        drawn = build_map(
            bounds=(116.3, 39.8, 116.5, 40.0),
            layers=[tile_layer(layer, locale=locale, credits=[]) for layer in MAP.values()],
            words={},
        )
        drawn.get_root().render()
        text: str = streamlit_folium._get_map_string(drawn)
        return text

    assert script() == script()
    assert '"visible":true' not in script()


def test_lamps_turn_at_the_limit_and_move_in_steps() -> None:
    cases = MAP["cases"]
    colour = patch(cases, now_minutes=1003)["rules"][0]["color"]
    assert colour["range"] == list(LAMPS)
    assert colour["stops"] == [1000, 1240]
    assert patch(cases, now_minutes=1004) == patch(cases, now_minutes=1000)
    assert patch(cases, now_minutes=1005) != patch(cases, now_minutes=1000)


def test_a_live_layer_has_no_version_and_others_carry_version_and_scope() -> None:
    assert "version" not in patch(MAP["cases"])
    of_all = patch(MAP["grids"])["version"]
    of_one = patch(MAP["grids"], scope=Scope(("110101001",)))["version"]
    assert of_all.startswith("3.")
    assert of_all != of_one
    public = MAP["roads"]
    assert patch(public)["version"] == patch(public, scope=Scope(("1",)))["version"]


def test_joined_classes_bring_values_and_colours() -> None:
    classes = Classes({"110101001": 5.0}, (3.0,), ("#eeeeee", "#333333"), (0, 1))
    found = patch(MAP["population"], classes=classes)
    assert found["values"] == {"110101001": 5.0}
    assert found["rules"][0]["color"]["stops"] == [3.0]


def test_a_legend_names_only_codes_in_use() -> None:
    signs = legend_signs(MAP["pipelines"], ["YS", "TR"])
    assert [(sign.title.zh, sign.shape) for sign in signs] == [("雨水", "line"), ("天然气", "line")]
    assert len(legend_signs(MAP["components"], None)) == 5


def test_a_legend_escapes_titles_and_refuses_what_is_no_colour() -> None:
    sign = Sign("fill", "red;background:url(//evil)", Term("<b>甲</b>", "<script>"))
    shown = legend_html((sign,), "zh-CN")
    assert "<b>" not in shown
    assert "evil" not in shown
    assert "&lt;b&gt;甲" in shown
