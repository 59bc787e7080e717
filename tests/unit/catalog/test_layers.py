"""The layer catalogue: what it says is understood, and nothing else is."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gis.accounts.model import SYSTEM, Permission, Role
from gis.basedata.commands import LAYERS as BASEDATA
from gis.catalog import layers as catalogue
from gis.catalog.details import details, words
from gis.catalog.layers import GROUPS, MAX_ZOOM, MIN_ZOOM, Layer, layers, layers_for
from gis.catalog.palettes import palette
from gis.catalog.styles import shipped_style
from gis.components.commands import LAYER as COMPONENT
from gis.grids.commands import LAYERS as GRIDS
from gis.pipelines.commands import LAYER as PIPE_MAIN

ALL = list(layers().values())
LOOKS = {layer.id: shipped_style(layer) for layer in ALL}


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.id)
def test_every_rule_and_label_names_a_source_of_its_layer(layer: Layer) -> None:
    sources = {source.name for source in layer.sources}
    assert {rule["source"] for rule in (*LOOKS[layer.id].rules, *LOOKS[layer.id].labels)} <= sources


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.id)
def test_every_attribute_that_a_style_reads_is_in_the_tiles(layer: Layer) -> None:
    carried = {column.name for source in layer.sources for column in source.columns}
    read = {
        spec["by"]
        for rule in LOOKS[layer.id].rules
        for spec in rule.values()
        if isinstance(spec, dict) and "by" in spec
    } | {key for rule in LOOKS[layer.id].rules for key in rule.get("filter", {})}
    assert {key for key in read if not key.startswith("@")} <= carried


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.id)
def test_every_drawn_table_has_a_panel_and_a_word_for_its_features(layer: Layer) -> None:
    for source in layer.sources:
        assert source.table in details()
        if source.geometry != "label":
            assert ("source", source.name) in words()


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.id)
def test_sources_of_one_name_never_meet_at_one_zoom(layer: Layer) -> None:
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        names = [source.name for source in layer.sources_at(zoom)]
        assert len(names) == len(set(names)), zoom


def test_every_group_of_the_tree_has_a_layer_and_orders_differ() -> None:
    assert {layer.group for layer in ALL} == set(GROUPS)
    assert len({layer.order for layer in ALL}) == len(ALL)


def test_a_person_is_offered_only_layers_of_their_permissions() -> None:
    supervisor = dataclasses.replace(SYSTEM, roles=frozenset({Role.SUPERVISOR}))
    offered = layers_for(supervisor)
    assert offered
    assert all(supervisor.may(layer.permission) for layer in offered)
    assert Permission.VIEW_PIPELINES not in {layer.permission for layer in offered}


def test_pipelines_keep_the_colours_of_the_standard() -> None:
    """CJJ 61-2017, appendix B: water blue-green, gas magenta, power red, telecom green."""
    colours = {code: tone.color.upper() for code, tone in palette("pipeline_kind").items()}
    assert (colours["JS"], colours["RQ"], colours["DL"], colours["TX"]) == (
        "#00FFFF",
        "#FF00FF",
        "#FF0000",
        "#00FF00",
    )


def _changed(**source: Any) -> list[dict[str, Any]]:
    raw: list[dict[str, Any]] = json.loads(catalogue.LAYERS_FILE.read_text(encoding="utf-8"))
    raw[0]["sources"][0].update(source)
    return raw


@pytest.fixture
def read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def read(raw: list[dict[str, Any]]) -> None:
        file = tmp_path / "layers.json"
        file.write_text(json.dumps(raw), encoding="utf-8")
        monkeypatch.setattr(catalogue, "LAYERS_FILE", file)
        layers.cache_clear()
        layers()

    yield read
    monkeypatch.undo()
    layers.cache_clear()


@pytest.mark.parametrize(
    "fault",
    [
        {"table": "water_green; DROP TABLE person"},
        {"table": "Water"},
        {"id": "id) FROM person --"},
        {"columns": {"kind": "kind, password_hash"}},
        {"columns": {"a b": "kind"}},
        {"columns": {"kind": {"column": "kind", "as": "upper"}}},
        {"where": [["kind", "=", "x' OR '1'='1"]]},
        {"where": [["kind", "LIKE", "x"]]},
        {"where": [["kind", "is null", 1]]},
        {"where": [["kind", "="]]},
        {"scope": "grid_code OR true"},
        {"geometry": "raster"},
    ],
    ids=lambda fault: json.dumps(fault)[:40],
)
def test_a_name_or_condition_that_is_not_plain_stops_the_start(
    read_again: Any, fault: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"layers\.json"):
        read_again(_changed(**fault))


def test_a_layer_named_twice_stops_the_start(read_again: Any) -> None:
    raw = _changed()
    with pytest.raises(ValueError, match="twice"):
        read_again([raw[0], *raw])


def test_what_loaders_say_has_changed_is_what_layers_listen_to() -> None:
    listened = {key for layer in ALL for key in layer.version_keys}
    said = {*BASEDATA, *GRIDS, COMPONENT, PIPE_MAIN}
    assert said <= listened, said - listened
