"""The product's own source files, parsed once, for the tests of its shape."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from gis.config import CHECKOUT


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(CHECKOUT).as_posix()

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; walking it costs as much as parsing."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


@cache
def sources() -> tuple[Source, ...]:
    """Package, pages and launcher; neither tests nor what the browser build installs."""
    files = [
        *(f for f in (CHECKOUT / "gis").rglob("*.py") if "node_modules" not in f.parts),
        *(CHECKOUT / "pages").glob("*.py"),
        CHECKOUT / "streamlit_app.py",
    ]
    return tuple(
        Source(file, text, ast.parse(text))
        for file in sorted(files)
        for text in [file.read_text(encoding="utf-8")]
    )


def pages() -> tuple[Source, ...]:
    """The screens."""
    return tuple(s for s in sources() if s.path.parent.name == "pages")


def called_name(node: ast.Call) -> str:
    """`f` for `f(…)`, `st.f` for `st.f(…)`; empty for what has no name."""
    parts: list[str] = []
    at: ast.expr = node.func
    while isinstance(at, ast.Attribute):
        parts.append(at.attr)
        at = at.value
    if isinstance(at, ast.Name):
        parts.append(at.id)
        return ".".join(reversed(parts))
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield called_name(node), node
