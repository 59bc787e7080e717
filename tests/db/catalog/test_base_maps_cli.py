"""The base maps of pictures, as an administrator types them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.__main__ import main
from gis.db.cluster import ClusterUrls
from gis.runtime import close_runtime

VALUE = [{"id": "air", "kind": "folder", "folder": "air2025", "title_zh": "航片"}]


@pytest.fixture
def cli(fresh_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    monkeypatch.setenv("WANMI_LANG", "en")
    close_runtime()
    yield
    close_runtime()


def test_what_is_set_is_listed_as_it_can_be_set_again(
    cli: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "base.json"
    file.write_text(json.dumps(VALUE), encoding="utf-8")
    assert main(["base-maps", "set", str(file)]) == 0
    assert "1 base maps" in capsys.readouterr().out
    assert main(["base-maps", "list"]) == 0
    assert json.loads(capsys.readouterr().out) == VALUE
    assert main(["base-maps", "clear"]) == 0
    capsys.readouterr()
    assert main(["base-maps", "list"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("words", ["{", '[{"id": "a", "kind": "wms"}]', '{"a": 1}'])
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    cli: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    assert main(["base-maps", "set", "-"]) != 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert said.err.strip()
