"""Where a copy lives when nobody says so."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis import config


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout below open folders; pytest's own tmp_path is closed to other users."""
    with tempfile.TemporaryDirectory(prefix="wanmi-home-") as top:
        folder = Path(top) / "above" / "wanmi"
        folder.mkdir(parents=True)
        Path(top).chmod(0o755)
        monkeypatch.setattr(config, "CHECKOUT", folder)
        yield folder


def test_a_copy_lives_in_its_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert config.default_home() == checkout / "var"


def test_roots_copy_leaves_a_closed_checkout(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    checkout.parent.chmod(0o700)
    assert config.default_home() == config.FALLBACK_HOMES / config.checkout_hash()


def test_everybody_elses_copy_stays_in_a_closed_checkout(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    checkout.parent.chmod(0o700)
    assert config.default_home() == checkout / "var"
