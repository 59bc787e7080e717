"""docs/operations.md and README say what the code does: commands, settings, scripts."""

import argparse
import importlib
import re
from collections.abc import Iterator

import pytest

from gis.__main__ import COMMANDS
from gis.config import CHECKOUT
from gis.db.cluster import Layout

PAGE = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
DOCUMENTS = [
    file
    for file in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md")))
    if file.exists()
]
_SETTING = re.compile(r"\b(WANMI_[A-Z_]+|DATABASE_URL|CHROME)\b")
_SOURCES = ("gis/**/*.py", "script/*", ".ci/run", "streamlit_app.py", "pages/*.py")


def _settings_in_code() -> set[str]:
    found: set[str] = set()
    for pattern in _SOURCES:
        for file in CHECKOUT.glob(pattern):
            if file.is_file() and "node_modules" not in file.parts:
                found |= set(_SETTING.findall(file.read_text(encoding="utf-8")))
    return found


def _settings_in_table() -> set[str]:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in _SETTING.findall(row) if f"`{name}`" in row}


def test_every_setting_of_the_code_has_a_row_and_every_row_a_setting() -> None:
    assert _settings_in_table() == _settings_in_code()


def _commands(text: str) -> Iterator[list[str]]:
    """The words of every `script/gis …` up to its first option, placeholder or punctuation."""
    for words in re.findall(r"script/gis ((?:[a-z][a-z-]*[ ]?)+)", text):
        yield words.split()


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser] | None:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_every_documented_command_exists(document: object) -> None:
    text = document.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for name, *rest in _commands(text):
        assert name in COMMANDS, f"script/gis {name}"
        parser = argparse.ArgumentParser()
        importlib.import_module(COMMANDS[name].module).register(parser.add_subparsers())
        choices = _choices(parser) or {}
        inner = _choices(choices[name])
        if rest and inner is not None:
            assert rest[0] in inner, f"script/gis {name} {rest[0]}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_every_documented_script_exists(document: object) -> None:
    text = document.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for name in set(re.findall(r"(?<![\w/])script/([a-z]+)", text)):
        assert (CHECKOUT / "script" / name).is_file(), f"script/{name}"


def test_every_script_is_on_the_page() -> None:
    for file in (CHECKOUT / "script").iterdir():
        assert f"script/{file.name}" in PAGE, f"script/{file.name} is not in docs/operations.md"


def test_every_table_row_of_a_folder_is_a_folder_of_the_layout() -> None:
    layout = Layout(CHECKOUT)
    named = [layout.data, layout.server_log, layout.files, layout.log, layout.run]
    for place in (*named, layout.password_file):
        assert str(place.relative_to(CHECKOUT)) in PAGE
