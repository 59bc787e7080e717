"""docs/map.md names every layer and option there is, and none that is not."""

import re

from gis.catalog.layers import layers
from gis.config import CHECKOUT

DOC = (CHECKOUT / "docs" / "map.md").read_text(encoding="utf-8")
LAYER_JS = (CHECKOUT / "gis/ui/browser/src/layer.js").read_text(encoding="utf-8")
BUS_JS = (CHECKOUT / "gis/ui/browser/src/bus.js").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOC.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)[`(]", text, re.MULTILINE))


def test_the_table_of_layers_is_the_catalogue() -> None:
    table = section("Layers").split("### ", 1)[0]
    assert first_cells(table) == set(layers())
    for layer in layers().values():
        row = re.search(rf"^\| `{layer.id}` \|.*$", table, re.MULTILINE)
        assert row is not None
        assert f"| {layer.permission} |" in row.group()


def test_the_option_table_is_the_layers_defaults() -> None:
    defaults = LAYER_JS.split("const DEFAULTS = {", 1)[1].split("\n};", 1)[0]
    ours = set(re.findall(r"^  (\w+):", defaults, re.MULTILINE))
    inherited = {"tileSize", "minZoom", "maxZoom", "keepBuffer", "updateWhenZooming"}
    table = section("The layer in the browser").split("| of `map.wanmi`", 1)[0]
    assert first_cells(table) == ours - inherited


def test_the_documented_calls_of_the_bus_exist() -> None:
    table = section("The layer in the browser").split("| of `map.wanmi`", 1)[1]
    for name in first_cells(table):
        assert re.search(rf"^    (this\.)?{name}[ (]", BUS_JS, re.MULTILINE) or name in {"paused"}
