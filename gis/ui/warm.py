"""Imports before the first visitor: what pages need is loaded once, then left to itself by gc."""

import ast
import gc
import importlib
from pathlib import Path

from gis.config import CHECKOUT
from gis.log import report

PAGES = CHECKOUT / "pages"
ALSO = ("altair", "babel.dates", "pandas", "streamlit.elements.vega_charts")


def imports_of(files: list[Path]) -> list[str]:
    """The modules that some pages import, each once, in the order of the files."""
    names: dict[str, None] = {}
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                names.update(dict.fromkeys(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom) and node.module:
                names[node.module] = None
    return list(names)


def warm_up() -> None:
    """
    Import what pages import, then freeze.

    After every run Streamlit lets the collector walk all objects; ~190,000 of them belong to
    modules and never die. Frozen, they are not walked: a rerun takes 20 ms instead of 150.
    Called once: freezing again would keep cycles for ever. A module that fails to import is
    reported here and fails again, visibly, on its page.
    """
    for name in [*ALSO, *imports_of(sorted(PAGES.glob("*.py")))]:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  one broken page must not stop the others
            report(error, border="warm-up", module=name)
    gc.collect()
    gc.freeze()
