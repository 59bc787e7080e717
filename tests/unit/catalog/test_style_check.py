"""Faults of styles: each named with its place, the value, the rule and the way out."""

import copy
import json
import re
from typing import Any

import pytest

from gis.catalog.layers import Layer, layers
from gis.catalog.style_check import FAULTS_MOST, check_style, faults_of
from gis.catalog.style_specs import CATEGORIES_MOST, ICONS
from gis.catalog.styles import shipped
from gis.config import CHECKOUT
from gis.errors import Invalid

MAP = layers()
FILL = {"source": "parcel", "kind": "fill", "color": "#112233"}
LINE = {"source": "pipe", "kind": "line", "color": "#112233", "width": 2}
POINT = {"source": "component", "kind": "circle", "color": "#112233", "radius": 3}
LABEL = {"source": "hospital", "text": "name"}


def faults(layer: str, **style: Any) -> list[tuple[str, str]]:
    return [(f.field, f.text("en")) for f in faults_of({"rules": [], **style}, MAP[layer])]


@pytest.mark.parametrize("layer", MAP.values(), ids=lambda layer: layer.id)
def test_every_shipped_style_can_be_drawn(layer: Layer) -> None:
    assert [fault.text("en") for fault in faults_of(shipped()[layer.id], layer)] == []


def test_every_fault_is_named_not_only_the_first() -> None:
    style = {"rules": [{**FILL, "color": "red"}, {**FILL, "source": "road", "opacity": 2}]}
    with pytest.raises(Invalid) as caught:
        check_style(style, MAP["land_use"])
    fields = {fault.field for fault in caught.value.faults}
    assert fields == {"rules.0.color", "rules.1.source", "rules.1.opacity"}
    assert all("规则" in fault.text("zh-CN") for fault in caught.value.faults)


def test_a_field_that_the_tiles_do_not_carry_is_named_with_those_they_carry() -> None:
    wrong = {"by": "owner", "cats": {"1": "#112233"}}
    [(field, said)] = faults("land_use", rules=[{**FILL, "color": wrong}])
    assert field == "rules.0.color"
    assert "“owner”" in said
    assert "use" in said


def test_a_thousand_categories_are_refused_with_the_way_out() -> None:
    many = {"by": "use", "cats": {str(n): "#112233" for n in range(1000)}}
    [(_field, said)] = faults("land_use", rules=[{**FILL, "color": many}])
    assert "1000" in said
    assert "other" in said
    exactly = {"by": "use", "cats": {str(n): "#112233" for n in range(CATEGORIES_MOST)}}
    assert faults("land_use", rules=[{**FILL, "color": exactly}]) == []


RULES = {
    "kind": ("land_use", {**FILL, "kind": "heatmap"}, "rules.0.kind"),
    "no kind": ("land_use", {"source": "parcel", "color": "#112233"}, "rules.0.kind"),
    "list as kind": ("land_use", {**FILL, "kind": ["fill"]}, "rules.0.kind"),
    "source": ("land_use", {**FILL, "source": "road"}, "rules.0.source"),
    "no source": ("land_use", {"kind": "fill", "color": "#112233"}, "rules.0.source"),
    "typing error": ("land_use", {**FILL, "colour": "#112233"}, "rules.0"),
    "no colour": ("land_use", {"source": "parcel", "kind": "fill"}, "rules.0.color"),
    "word as colour": ("land_use", {**FILL, "color": "red"}, "rules.0.color"),
    "script as colour": ("land_use", {**FILL, "color": "#112233;url(//evil)"}, "rules.0.color"),
    "unknown name": ("land_use", {**FILL, "color": "$nothing"}, "rules.0.color"),
    "number as colour": ("land_use", {**FILL, "color": 7}, "rules.0.color"),
    "opacity": ("land_use", {**FILL, "opacity": 1.1}, "rules.0.opacity"),
    "true as number": ("land_use", {**FILL, "opacity": True}, "rules.0.opacity"),
    "width": ("pipelines", {**LINE, "width": 61}, "rules.0.width"),
    "negative": ("pipelines", {**LINE, "width": -1}, "rules.0.width"),
    "radius": ("components", {**POINT, "radius": "big"}, "rules.0.radius"),
    "zooms fall": ("pipelines", {**LINE, "width": {"zoom": [[14, 1], [12, 2]]}}, "rules.0.width"),
    "zoom too high": ("pipelines", {**LINE, "width": {"zoom": [[30, 1]]}}, "rules.0.width"),
    "no zooms": ("pipelines", {**LINE, "width": {"zoom": []}}, "rules.0.width"),
    "bad zooms": ("pipelines", {**LINE, "width": {"zoom": [12, 1]}}, "rules.0.width"),
    "value at a zoom": ("pipelines", {**LINE, "width": {"zoom": [[12, 99]]}}, "rules.0.width"),
    "never drawn": ("land_use", {**FILL, "minzoom": 15, "maxzoom": 15}, "rules.0.minzoom"),
    "minzoom": ("land_use", {**FILL, "minzoom": {"zoom": [[1, 2]]}}, "rules.0.minzoom"),
    "dash": ("pipelines", {**LINE, "dash": [6]}, "rules.0.dash"),
    "dash of words": ("pipelines", {**LINE, "dash": ["6", "4"]}, "rules.0.dash"),
    "cap": ("pipelines", {**LINE, "cap": "pointed"}, "rules.0.cap"),
    "casing": ("pipelines", {**LINE, "casing": {"color": "white"}}, "rules.0.casing.color"),
    "casing as text": ("pipelines", {**LINE, "casing": "#ffffff"}, "rules.0.casing"),
    "outline key": ("land_use", {**FILL, "outline": {"colour": "#112233"}}, "rules.0.outline"),
    "filter field": ("land_use", {**FILL, "filter": {"owner": [1]}}, "rules.0.filter"),
    "filter value": ("land_use", {**FILL, "filter": {"use": "0701"}}, "rules.0.filter"),
    "when": ("land_use", {**FILL, "when": {"use": [1, "x"]}}, "rules.0.when"),
    "icon": ("hospitals", {"source": "hospital", "kind": "icon", "color": "#112233",
                           "icon": "skull"}, "rules.0.icon"),
    "text": ("components", {**POINT, "text": "secret"}, "rules.0.text"),
    "arrows": ("pipelines", {**LINE, "arrows": {"by": "speed"}}, "rules.0.arrows"),
    "not an object": ("land_use", "fill", "rules.0"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_cannot_be_drawn_is_refused_at_its_place(name: str) -> None:
    layer, rule, field = RULES[name]
    found = faults(layer, rules=[rule])
    assert [where for where, _said in found] == [field], found


SPECS: dict[str, Any] = {
    "palette": {"by": "use", "palette": "rainbow"},
    "nothing": {"by": "use"},
    "no field": {"cats": {"1": "#112233"}},
    "list as field": {"by": ["use"], "cats": {}},
    "stops fall": {"by": "use", "stops": [5, 3], "range": ["#112233"] * 3},
    "stops equal": {"by": "use", "stops": [3, 3], "range": ["#112233"] * 3},
    "stops of words": {"by": "use", "stops": ["a"], "range": ["#112233"] * 2},
    "one colour short": {"by": "use", "stops": [3], "range": ["#112233"]},
    "no stops": {"by": "use", "range": ["#112233"]},
    "thirteen classes": {"by": "use", "stops": list(range(12)), "range": ["#112233"] * 13},
    "colour of a class": {"by": "use", "stops": [3], "range": ["#112233", "blue"]},
    "categories as a list": {"by": "use", "cats": ["#112233"]},
    "colour of a category": {"by": "use", "cats": {"1": "blue"}},
    "nested": {"by": "use", "cats": {"1": {"by": "use", "cats": {}}}},
    "other": {"by": "use", "cats": {}, "other": "grey"},
    "unknown key": {"by": "use", "cats": {}, "otherwise": "#112233"},
}


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_that_cannot_be_drawn_is_refused(name: str) -> None:
    assert faults("land_use", rules=[{**FILL, "color": SPECS[name]}])


@pytest.mark.parametrize(
    "spec",
    [
        {"by": "use", "palette": "land_use_2023", "other": "#d9d9d9"},
        {"by": "@value", "stops": [1, 2.5], "range": ["#112233", "#11223380", "$water"]},
        {"by": "use", "cats": {"07": {"zoom": [[12, "#112233"], [16, "#445566"]]}}, "other": None},
        {"zoom": [[12, "#112233"]]},
        "$water",
    ],
)
def test_every_way_to_say_a_colour_is_taken(spec: Any) -> None:
    assert faults("land_use", rules=[{**FILL, "color": spec}]) == []


def test_labels_are_checked_like_rules() -> None:
    assert faults("hospitals", labels=[LABEL]) == []
    assert [f for f, _ in faults("hospitals", labels=[{**LABEL, "text": "phone"}])] == [
        "labels.0.text"
    ]
    assert [f for f, _ in faults("hospitals", labels=[{**LABEL, "size": 100, "color": "x"}])] == [
        "labels.0.size",
        "labels.0.color",
    ]
    assert faults("grids", labels=[{"source": "street_label", "text": "@name"}]) == []
    assert faults("grids", labels=[{"source": "grid_label", "text": "@name"}])


@pytest.mark.parametrize(
    "sign",
    [
        {"shape": "star", "color": "#112233", "zh": "甲", "en": "A"},
        {"shape": "fill", "color": "x", "zh": "甲", "en": "A"},
        {"shape": "fill", "color": "#112233", "zh": "甲"},
        {"shape": "fill", "color": "#112233", "zh": "甲" * 61, "en": "A"},
        {"shape": "fill", "color": "#112233", "zh": "甲", "en": "A", "code": 3},
        {"shape": "fill", "color": "#112233", "zh": "甲", "en": "A", "code": "\0"},
        {"shape": "fill", "color": "#112233", "zh": "\ud800", "en": "A"},
        {"shape": "icon", "color": "#112233", "zh": "甲", "en": "A", "icon": "skull"},
        {"shape": "line", "color": "#112233", "zh": "甲", "en": "A", "dash": []},
        "text",
    ],
    ids=lambda sign: json.dumps(sign)[:60],
)
def test_a_sign_of_the_legend_that_cannot_be_shown_is_refused(sign: Any) -> None:
    assert len(faults("land_use", legend=[sign])) == 1


def test_a_saved_legend_reads_no_table_but_the_shipped_one() -> None:
    """Its names reach SQL, and its scope column holds rows back."""
    raw = copy.deepcopy(dict(shipped()["pipelines"]))
    assert faults_of(raw, MAP["pipelines"]) == []
    for name, value in (("table", "person"), ("column", "password_hash"), ("scope", None)):
        changed = {**raw, "legend_from": {**raw["legend_from"], name: value}}
        assert faults_of(changed, MAP["pipelines"]), name
    without = {**raw["legend_from"]}
    del without["scope"]
    assert faults_of({**raw, "legend_from": without}, MAP["pipelines"])
    assert faults("grids", legend_from=raw["legend_from"])
    assert faults_of({**raw, "legend_from": {**raw["legend_from"], "dash": {"YS": "x"}}},
                     MAP["pipelines"])  # fmt: skip


@pytest.mark.parametrize("clock", [float("inf"), 1, "yes", None])
def test_a_clock_runs_or_does_not(clock: Any) -> None:
    spec = {"by": "@value", "clock": clock, "stops": [0], "range": ["#111111", "#222222"]}
    assert faults("land_use", rules=[{**FILL, "color": spec}])


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\0", "\ud800", [], {}, "x" * 61])
def test_a_value_that_no_database_keeps_and_no_field_holds_is_refused(value: Any) -> None:
    assert faults("land_use", rules=[{**FILL, "filter": {"use": [value]}}])


@pytest.mark.parametrize("raw", [None, [], "x", 3, {}, {"rules": {}}, {"rules": None}])
def test_what_is_no_style_at_all_is_refused(raw: Any) -> None:
    assert faults_of(raw, MAP["land_use"])


def test_every_icon_that_a_style_may_name_is_in_the_sprite() -> None:
    sprite = CHECKOUT / "gis" / "ui" / "browser" / "src" / "sprite.js"
    body = sprite.read_text(encoding="utf-8").split("export const SPRITE = {")[1].split("};")[0]
    names = re.findall(r"^  '?([a-z-]+)'?:", body, re.MULTILINE)
    assert sorted(names) == sorted(ICONS)


def test_a_style_full_of_faults_names_the_first_thirty() -> None:
    rules = [{**FILL, "color": "red"} for _ in range(50)]
    assert len(faults("land_use", rules=rules)) == FAULTS_MOST
    assert faults("land_use", rules=[FILL] * 61)[0][0] == "rules"
