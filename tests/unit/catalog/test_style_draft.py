"""A style in the hands of somebody who changes it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.catalog import style_draft as draft
from gis.catalog.classes import classify, classify_by_limits
from gis.catalog.layers import layers
from gis.catalog.palettes import ramps
from gis.catalog.style_check import faults_of
from gis.catalog.styles import shipped
from gis.errors import Invalid


def test_changing_a_part_leaves_the_original_alone() -> None:
    raw = shipped()["roads"]
    before = draft.as_text(raw)
    changed = draft.with_part(
        raw, "rules", 0, {**raw["rules"][0], "color": "#000000", "dash": None}
    )
    assert changed["rules"][0]["color"] == "#000000"
    assert "dash" not in changed["rules"][0]
    assert draft.as_text(raw) == before
    assert changed["rules"][1:] == raw["rules"][1:]


@pytest.mark.parametrize("layer", shipped())
def test_every_shipped_style_can_be_shown_in_the_form_and_written_as_text(layer: str) -> None:
    raw = shipped()[layer]
    assert "rules" in draft.parts_of(raw)
    assert draft.from_text(draft.as_text(raw)) == raw
    for rule in raw["rules"]:
        for name in draft.NUMBERS[rule["kind"]]:
            spec = rule.get(name)
            if not isinstance(spec, dict) or "zoom" in spec:
                assert draft.number_spec(draft.number_text(spec), name) == spec


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        ("", None),
        ("2", 2),
        (" 2.5 ", 2.5),
        ("12: 1, 16: 3", {"zoom": [[12, 1], [16, 3]]}),
        ("12：1，16：3.5", {"zoom": [[12, 1], [16, 3.5]]}),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, spec: Any) -> None:
    assert draft.number_spec(typed, "width") == spec


@pytest.mark.parametrize("typed", ["wide", "1, 2", "12: 1: 2", "12:", "1;2"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        draft.number_spec(typed, "width")
    assert "12: 1, 16: 3" in caught.value.faults[0].text("zh-CN")


@given(st.lists(st.tuples(st.integers(0, 22), st.integers(0, 60)), min_size=1, max_size=5))
def test_numbers_by_zoom_come_back_as_they_went(pairs: list[tuple[int, int]]) -> None:
    spec = {"zoom": [list(pair) for pair in pairs]}
    assert draft.number_spec(draft.number_text(spec), "width") == spec


def test_a_colour_left_alone_keeps_its_name_and_another_replaces_it() -> None:
    shown = draft.colour_shown("$water")
    assert shown.startswith("#")
    assert draft.colour_chosen(shown, "$water") == "$water"
    assert draft.colour_chosen(shown.upper(), "$water") == "$water"
    assert draft.colour_chosen("#123456", "$water") == "#123456"
    assert draft.colour_shown("#11223344") == "#112233"
    assert draft.colour_shown({"by": "n"}) == "#888888"
    assert draft.colour_shown("$gone") == "#888888"


def test_classes_and_categories_become_styles_that_can_be_drawn() -> None:
    layer = layers()["components"]
    tones = ramps()["blues"].of(5)
    natural = classify([1, 2, 3, 4, 5, 6], "quantile", 5, tones)
    meaning = classify_by_limits([], [2, 4], tones)
    for color, signs in (
        (draft.classes_spec(natural, "cls", "#112233"),
         draft.signs_of_classes("circle", natural, ["1", "2", "3", "4", "5"])),
        (draft.classes_spec(meaning, "cls", {"nodata": "#eeeeee"}),
         draft.signs_of_classes("circle", meaning, ["< 2", "2 – 4", "≥ 4"])),
        (draft.classes_spec(classify([], "equal", 5, tones), "cls", None), []),
        (draft.categories_spec("cls", {"1": "#112233"}, "#445566"),
         draft.signs_of_categories("circle", {"1": "#112233"}, "#445566")),
    ):  # fmt: skip
        rule = {"source": "component", "kind": "circle", "color": color}
        assert faults_of({"rules": [rule], "legend": signs}, layer) == []


@pytest.mark.parametrize(
    ("spec", "way"),
    [("$water", "single"), ({"zoom": [[1, "#000000"]]}, "zooms"), ({"palette": "x"}, "palette"),
     ({"by": "n", "cats": {}}, "categories"), ({"by": "n", "stops": []}, "classes")],
)  # fmt: skip
def test_the_way_of_a_colour_is_recognised(spec: Any, way: str) -> None:
    assert draft.way_of(spec) == way


@pytest.mark.parametrize("text", ["", "{", "[1]", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_text_that_is_no_style_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(Invalid):
        draft.from_text(text)


FOG = {"source": "a", "kind": "fog", "color": "#000000"}


@pytest.mark.parametrize(
    "raw", [{}, {"rules": "x"}, {"rules": [1]}, {"rules": [{"kind": "fog"}]}, {"rules": [FOG]}]
)
def test_a_damaged_style_is_left_to_the_text(raw: Any) -> None:
    assert draft.parts_of(raw) == ["text"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ["fill"]}, {"color": {"by": "use"}}, {"color": {"by": "use", "cats": []}},
        {"filter": []}, {"minzoom": "x"}, {"opacity": {"zoom": 5}}, {"opacity": {"zoom": [[1]]}},
    ],
)  # fmt: skip
def test_what_a_form_cannot_show_is_left_to_the_text(wrong: dict[str, Any]) -> None:
    layer, raw = layers()["land_use"], draft.copied(shipped()["land_use"])
    raw["rules"][0] |= wrong
    assert "rules" not in draft.parts_of(raw, faults_of(raw, layer))


@pytest.mark.parametrize(
    "typed", [{"opacity": "wide"}, {"opacity": 9}, {"opacity": {"zoom": [[16, 1], [12, 1]]}},
              {"minzoom": 14, "maxzoom": 14}],
)  # fmt: skip
def test_a_number_typed_wrongly_is_mended_in_the_form(typed: dict[str, Any]) -> None:
    layer, raw = layers()["land_use"], draft.copied(shipped()["land_use"])
    raw["rules"][0] |= typed
    assert faults_of(raw, layer)
    assert "rules" in draft.parts_of(raw, faults_of(raw, layer))


def test_limits_are_read_as_people_write_them() -> None:
    assert draft.limits_of("10， 50,100") == [10, 50, 100]
    with pytest.raises(Invalid):
        draft.limits_of("10, many")
