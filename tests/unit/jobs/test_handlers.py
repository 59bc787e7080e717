"""Every message that is written has somebody who reads it."""

import re
from collections.abc import Iterator

from gis.config import CHECKOUT
from gis.jobs.handlers import HANDLERS

_IN_SQL = re.compile(r"'([a-z_]+(?:\.[a-z_]+)+)',\s*(?:id,\s*)?jsonb_build_object")
_IN_PYTHON = re.compile(r"\bput\(\s*conn,\s*\"([a-z_.]+)\"")


def _written() -> Iterator[str]:
    for file in (CHECKOUT / "gis").rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        if "INSERT INTO outbox" in text:
            yield from _IN_SQL.findall(text)
    for file in (CHECKOUT / "gis").rglob("*.py"):
        yield from _IN_PYTHON.findall(file.read_text(encoding="utf-8"))


def test_the_topics_that_commands_write_are_the_topics_that_handlers_read() -> None:
    assert set(_written()) == set(HANDLERS)
