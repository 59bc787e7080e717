"""What exists is written down, and what is written down exists."""

import re
from functools import cache

import pytest

from gis.__main__ import COMMANDS
from gis.accounts.model import Permission, Role, permission_terms, permissions_of, role_terms
from gis.config import CHECKOUT
from gis.ui.page_table import TABLE
from tests.architecture.sources import sources

DOCS = CHECKOUT / "docs"
_VARIABLE = re.compile(r"\bWANMI_[A-Z_]+\b")


def _text(*names: str) -> str:
    return "\n".join((CHECKOUT / name).read_text(encoding="utf-8") for name in names)


@cache
def _known_variables() -> set[str]:
    scripts = [f for f in (CHECKOUT / "script").iterdir() if f.is_file()]
    texts = [s.text for s in sources()] + [f.read_text(encoding="utf-8") for f in scripts]
    return {name for text in texts for name in _VARIABLE.findall(text)}


def test_every_setting_of_the_environment_is_documented() -> None:
    missing = _known_variables() - set(_VARIABLE.findall(_text("docs/operations.md")))
    assert not missing


def test_no_document_names_a_setting_that_is_not_read() -> None:
    for file in [CHECKOUT / "README.md", *DOCS.rglob("*.md")]:
        told = set(_VARIABLE.findall(file.read_text(encoding="utf-8")))
        tests = {"WANMI_REAL_DATA", "WANMI_HOME", "WANMI_PORT"}
        assert not told - _known_variables() - tests, file.name


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert f"script/gis {command}" in _text("README.md", "docs/operations.md")


@pytest.mark.parametrize("role", sorted(Role))
def test_every_role_is_documented_with_what_it_may(role: Role) -> None:
    line = next(
        line
        for line in _text("docs/permissions.md").splitlines()
        if line.startswith(f"| `{role.value}` |")
    )
    assert role_terms()[role].zh in line
    cells = [cell.strip() for cell in line.strip("|").split("|")][3:]
    marked = {p for p, cell in zip(Permission, cells, strict=True) if cell == "●"}
    assert marked == permissions_of(role)


@pytest.mark.parametrize("permission", sorted(Permission))
def test_every_permission_is_documented(permission: Permission) -> None:
    term = permission_terms()[permission]
    assert f"`{permission.value}` {term.zh}" in _text("docs/permissions.md")


@pytest.mark.parametrize("page", TABLE, ids=lambda page: page.file)
def test_every_page_is_documented(page: object) -> None:
    assert f"`/{page.url_path}`" in _text("docs/permissions.md")  # type: ignore[attr-defined]
