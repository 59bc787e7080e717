"""The log: lines that programs read, references that people read out."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.log import LOGGER, open_log, report


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    before = list(LOGGER.handlers)
    yield open_log(tmp_path, "test")
    for handler in set(LOGGER.handlers) - set(before):
        LOGGER.removeHandler(handler)
        handler.close()


def _fail() -> BaseException:
    try:
        raise RuntimeError("the reason")
    except RuntimeError as error:
        return error


def test_the_trace_is_in_the_log_under_the_reference(log: Path) -> None:
    reference = report(_fail(), border="page")
    line = json.loads(log.read_text(encoding="utf-8"))
    assert line["reference"] == reference
    assert (line["kind"], line["border"]) == ("RuntimeError", "page")
    assert "the reason" in line["trace"]


def test_a_reference_can_be_read_out(log: Path) -> None:
    references = {report(_fail()) for _ in range(50)}
    assert len(references) == 50
    assert all(len(r) == 8 and not set(r) & set("01OIL") for r in references)


def test_opening_twice_writes_once(log: Path, tmp_path: Path) -> None:
    assert open_log(tmp_path, "test") == log
    report(_fail())
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    before = list(LOGGER.handlers)
    open_log(blocked, "test")
    added = [h for h in LOGGER.handlers if h not in before]
    assert [type(h) for h in added] == [logging.StreamHandler]
    LOGGER.removeHandler(added[0])
