"""From the catalogue to what the browser's map is built of."""

from typing import Any

import pytest
import streamlit_folium

from gis.accounts.model import Actor, Role, Scope
from gis.catalog.layers import GROUPS, Layer, layers, layers_for
from gis.catalog.styles import shipped_style
from gis.catalog.themes import resolve_theme
from gis.errors import Term
from gis.tiles.facts import LayerFacts, MapFacts
from gis.tiles.screen import crs_config, layer_config, rules_of, workbench_config
from gis.tiles.values import Classes, Origin
from gis.ui.maps.workbench import views_group, workbench_map

MAP = layers()
LOOKS = {layer.id: shipped_style(layer) for layer in MAP.values()}
FACTS = MapFacts((116.3, 39.8, 116.5, 40.0), {}, 4548, "Asia/Shanghai")


def actor(*roles: Role) -> Actor:
    return Actor(7, "甲", "jia", None, frozenset(roles), Scope(("110101",)))


def config(role: Role = Role.PLANNER, locale: str = "zh-CN", **more: Any) -> dict[str, Any]:
    person = actor(role)
    offered = layers_for(person)
    return workbench_config(
        offered, LOOKS, FACTS, actor=person, locale=locale, theme="light", **more
    )


def of(layer_id: str, facts: LayerFacts, locale: str) -> dict[str, Any]:
    return layer_config(MAP[layer_id], resolve_theme(LOOKS[layer_id], "light"), facts, locale)


def layer_in(found: dict[str, Any], layer_id: str) -> dict[str, Any]:
    return next(layer for layer in found["layers"] if layer["id"] == layer_id)


@pytest.mark.parametrize("layer", MAP.values(), ids=lambda layer: layer.id)
def test_every_colour_of_every_rule_is_one_the_browser_understands(layer: Layer) -> None:
    for rule in rules_of(resolve_theme(LOOKS[layer.id], "light")):
        colour = rule["color"]
        if isinstance(colour, dict):
            assert "zoom" in colour or colour["by"]
            assert ["cats" in colour, "stops" in colour, "zoom" in colour].count(True) == 1
            if "stops" in colour:
                assert len(colour["range"]) == len(colour["stops"]) + 1
        else:
            assert colour.startswith("#")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_script_of_the_map_is_the_same_text_at_every_run(locale: str) -> None:
    def script() -> str:
        drawn = workbench_map(config(locale=locale))
        drawn.get_root().render()
        text: str = streamlit_folium._get_map_string(drawn)
        return text

    assert script() == script()


def test_a_changed_style_is_another_script() -> None:
    changed = config()
    layer_in(changed, "roads")["rules"][0]["width"] = 5

    def script(found: dict[str, Any]) -> str:
        drawn = workbench_map(found)
        drawn.get_root().render()
        return str(streamlit_folium._get_map_string(drawn))

    assert script(config()) != script(changed)


def test_lamps_follow_the_clock_of_the_browser() -> None:
    lamps = [
        rule["color"]
        for rule in layer_in(config(Role.DISPATCHER), "cases")["rules"]
        if isinstance(rule["color"], dict) and rule["color"].get("clock")
    ]
    assert lamps
    signs = layer_in(config(Role.DISPATCHER), "cases")["legend"]
    legend = [sign["color"] for sign in signs if sign.get("code")]
    assert all([*lamp["range"], lamp["nodata"]] == legend for lamp in lamps)
    assert [sign.get("code") for sign in signs[len(legend) :]] == [None], "how counts are drawn"
    assert all(lamp["stops"][0] == 0 for lamp in lamps)
    rules = layer_in(config(Role.DISPATCHER), "cases")["rules"]
    own = {rule["source"]: "soon" in rule["color"] for rule in rules}
    assert own == {"case_cluster": False, "case": True}, "a case by its own limit, as on the desks"


def test_only_layers_that_the_posts_include_are_named() -> None:
    named = {layer["id"] for layer in config(Role.SUPERVISOR)["layers"]}
    assert "pipelines" not in named
    assert "地下管线" not in str(config(Role.SUPERVISOR))
    assert "pipelines" in {layer["id"] for layer in config()["layers"]}


def test_joined_classes_bring_values_colours_and_a_legend_with_counts() -> None:
    classes = Classes(
        {"110101001": 5.0, "110101002": 1200.0}, (30.0,), ("#eeeeee", "#333333"), (1, 1)
    )
    found = of("population", LayerFacts(classes=classes), "zh-CN")
    assert found["values"] == {"110101001": 5.0, "110101002": 1200.0}
    assert found["rules"][0]["color"]["stops"] == [30.0]
    assert [sign["title"] for sign in found["legend"]] == ["5 – 30 (1)", "30 – 1,200 (1)"]


def test_a_layer_without_figures_says_so() -> None:
    empty = LayerFacts(classes=Classes({}, (), ("#333333",), (0,)))
    found = of("population", empty, "en")
    assert (found["legend"], found["notes"]) == ([], ["No figures in your area."])


def test_a_legend_names_only_codes_in_use() -> None:
    found = of("pipelines", LayerFacts(codes=["YS", "TR"]), "zh-CN")
    assert [(s["title"], s["code"]) for s in found["legend"]] == [("雨水", "YS"), ("天然气", "TR")]
    nothing = of("pipelines", LayerFacts(codes=[]), "zh-CN")
    assert nothing["notes"] == ["您的辖区内没有该图层的要素。"]


def test_origins_bring_credits_and_notes() -> None:
    derived = Origin("a", Term("甲", "A"), "© A", generated=False, derived=True)
    made = Origin("b", Term("乙", "B"), "© A", generated=True, derived=False)
    found = of("roads", LayerFacts(origins=[derived, made]), "en")
    assert found["credits"] == ["© A", "Demo data, not real"]
    assert of("roads", LayerFacts(origins=[made]), "zh-CN")["credits"] == ["演示数据，非真实"]
    assert found["notes"] == [
        "Partly derived by us, not official.",
        "Generated demo data, not real.",
    ]


def test_the_coordinate_tools_know_the_working_crs_of_the_district() -> None:
    found = crs_config(4548)
    assert found["code"] == "EPSG:4548"
    assert "+proj=tmerc" in found["proj4"]
    assert "+lon_0=117" in found["proj4"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_groups_stand_in_the_order_of_the_catalogue_and_words_in_the_language(locale: str) -> None:
    found = config(locale=locale)
    order = [group["id"] for group in found["groups"]]
    assert order == [group for group in GROUPS if group in order]
    assert found["words"]["unauthorised"].startswith("Y" if locale == "en" else "您")
    assert found["base"][0]["kind"] == "drawn"


def test_names_of_views_cannot_leave_the_script() -> None:
    hostile = "</script><img src=x onerror=window.hit=1>`${1}` {{ 7*7 }} __x"
    drawn = workbench_map(config(views=[{"id": 1, "title": hostile, "state": "#map=1/1/1"}]))
    drawn.get_root().render()
    text = streamlit_folium._get_map_string(drawn)
    group = views_group([{"id": 1, "title": hostile}])
    text += streamlit_folium._get_feature_group_string(group, map=drawn)
    assert "</script" not in text
    assert "onerror" not in text or "<img" not in text
    assert "${1}" not in text
    assert "7*7 }}" not in text
