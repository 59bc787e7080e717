"""docs/map.md names every layer and option there is, and none that is not."""

import re

from starlette.routing import Route

from gis.api.routes import routes
from gis.catalog.layers import layers
from gis.catalog.style_check import RULE_KEYS
from gis.catalog.style_specs import ICONS
from gis.config import CHECKOUT

DOC = (CHECKOUT / "docs" / "map.md").read_text(encoding="utf-8")
LAYER_JS = (CHECKOUT / "gis/ui/browser/src/layer.js").read_text(encoding="utf-8")
SPRITE_JS = (CHECKOUT / "gis/ui/browser/src/sprite.js").read_text(encoding="utf-8")
BUS_JS = (CHECKOUT / "gis/ui/browser/src/bus.js").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOC.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def table(head: str) -> str:
    """The table of the layer's section whose first column is called so."""
    return section("The layer in the browser").split(f"| {head} |", 1)[1].split("\n\n", 1)[0]


def calls(text: str) -> set[str]:
    cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)\(", cell)}


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)[`(]", text, re.MULTILINE))


def test_the_table_of_routes_is_what_the_web_process_answers() -> None:
    told = set(re.findall(r"^\| `(\w+ /map/[\w-]+)` \|", section("Routes"), re.MULTILINE))
    made = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, Route) and route.path.startswith("/map/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert told == made


def test_the_table_of_layers_is_the_catalogue() -> None:
    rows = section("Layers").split("### ", 1)[0]
    assert first_cells(rows) == set(layers())
    for layer in layers().values():
        row = re.search(rf"^\| `{layer.id}` \|.*$", rows, re.MULTILINE)
        assert row is not None
        assert f"| {layer.permission} |" in row.group()


def test_the_option_table_is_the_layers_defaults() -> None:
    defaults = LAYER_JS.split("const DEFAULTS = {", 1)[1].split("\n};", 1)[0]
    ours = set(re.findall(r"^  (\w+):", defaults, re.MULTILINE))
    inherited = {"tileSize", "minZoom", "maxZoom", "keepBuffer", "updateWhenZooming"}
    assert first_cells(table("option of `L.wanmiTileLayer`")) == ours - inherited


def test_the_documented_calls_of_a_layer_exist() -> None:
    for name in calls(table("of a layer")):
        assert re.search(rf"^    {name}\(", LAYER_JS, re.MULTILINE)


def test_the_documented_calls_of_the_bus_exist() -> None:
    for name in first_cells(table("of `map.wanmi`")):
        assert re.search(rf"^    (this\.)?{name}[ (]", BUS_JS, re.MULTILINE) or name in {"paused"}


def test_the_table_of_rule_keys_is_what_styles_may_hold() -> None:
    keys = {key for keys in RULE_KEYS.values() for key in keys}
    cells = re.findall(r"^\| (`[^|]+) \|", table("key"), re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == keys


def test_every_picture_of_the_sprite_is_documented_and_known_to_styles() -> None:
    drawn = re.findall(r"^  '?([a-z-]+)'?: 'M", SPRITE_JS, re.MULTILINE)
    row = re.search(r"^\| `icon` \|.*$", table("key"), re.MULTILINE)
    assert row is not None
    named = re.findall(r"`([a-z-]+)`", row.group().split("sprite:", 1)[1])
    assert sorted(drawn) == sorted(named) == sorted(ICONS)
