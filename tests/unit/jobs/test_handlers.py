"""Every message that is written has somebody who reads it."""

import re
from collections.abc import Iterator

from gis.config import CHECKOUT
from gis.jobs.handlers import HANDLERS

_IN_SQL = re.compile(r"'([a-z_]+(?:\.[a-z_]+)+)',\s*(?:id,\s*)?jsonb_build_object")
_IN_PYTHON = re.compile(r"\bput\(\s*conn,\s*(?:\"([a-z_.]+)\"|([A-Z_]+)\b)")
_CONSTANT = re.compile(r"^([A-Z_]+) = \"([a-z_.]+)\"$", re.MULTILINE)


def _written() -> Iterator[str]:
    for file in (CHECKOUT / "gis").rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        if "INSERT INTO outbox" in text:
            yield from _IN_SQL.findall(text)
    modules = [file.read_text(encoding="utf-8") for file in (CHECKOUT / "gis").rglob("*.py")]
    topics = dict(pair for module in modules for pair in _CONSTANT.findall(module))
    for module in modules:
        yield from (literal or topics[name] for literal, name in _IN_PYTHON.findall(module))


def test_the_topics_that_commands_write_are_the_topics_that_handlers_read() -> None:
    assert set(_written()) == set(HANDLERS)
