"""The lines of docs/map.md for folium users do what they say, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gis.config import CHECKOUT
from tests.browser.map.paint import BLUE, colour_on_screen

pytestmark = pytest.mark.browser


def test_the_folium_example_of_the_documentation_shows_its_layer(
    served: SimpleNamespace,
    visit: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doc = (CHECKOUT / "docs" / "map.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(import folium.*?)^```", doc, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/map.md", "exec"), {})
    served.server.page = (tmp_path / "map.html").read_text(encoding="utf-8")
    one = visit()
    page = one.page()
    page.goto(served.url)
    page.wait_for_function(
        "() => document.querySelectorAll('canvas.leaflet-tile-loaded').length > 5"
    )
    page.wait_for_timeout(500)
    assert colour_on_screen(page, 600, 300) == tuple(BLUE[:3])
    assert one.errors == []
