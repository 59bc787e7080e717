"""SQL files: each explains itself, each is used, none pastes text."""

import re
from functools import cache
from pathlib import Path

import pytest

from gis.config import CHECKOUT
from tests.architecture.sources import sources

FILES = sorted((CHECKOUT / "gis").rglob("sql/*.sql"))
_LOADED = re.compile(r"""(?:load_sql|read_sql)\(\s*__package__,\s*["'](\w+)["']""")


def _answers_rows(file: Path) -> bool:
    body = re.sub(r"--.*", "", file.read_text(encoding="utf-8"))
    writes = re.search(r"\b(INSERT INTO|UPDATE|DELETE FROM)\b", body)
    return not writes or "RETURNING" in body


def _id(file: Path) -> str:
    return f"{file.parent.parent.name}/{file.name}"


@pytest.mark.parametrize("file", FILES, ids=_id)
def test_a_query_says_what_it_is_for(file: Path) -> None:
    header = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        header.append(line.lower())
    text = " ".join(header)
    assert header, "no header"
    missing = [word for word in ("param", "index") if word not in text]
    if "cost" not in text and "measured" not in text:
        missing.append("cost")
    if "column" not in text and _answers_rows(file):
        missing.append("columns")
    assert not missing, f"the header does not name: {', '.join(missing)}"


@pytest.mark.parametrize("file", FILES, ids=_id)
def test_a_query_uses_bound_parameters_and_plain_casts(file: Path) -> None:
    body = "\n".join(line.split("--")[0] for line in file.read_text(encoding="utf-8").splitlines())
    assert "::" not in body, "write CAST(x AS t)"
    assert not re.search(r"%\(|\bformat\(", body)


@cache
def _loaded(room: Path) -> frozenset[str]:
    """Names that modules of a room load, or that stand in a module which loads what it is told."""
    texts = [source.text for source in sources() if room in source.path.parents]
    told = [text for text in texts if "load_sql(__package__" in text]
    return frozenset(
        [name for text in texts for name in _LOADED.findall(text)]
        + [name for text in told for name in re.findall(r'"(\w+)"', text)]
    )


@pytest.mark.parametrize("file", FILES, ids=_id)
def test_a_query_is_used(file: Path) -> None:
    assert file.stem in _loaded(file.parent.parent), "nothing loads this file"
