"""Which home the tests' cluster gets, and that nobody removes it from under a test run."""

from pathlib import Path

import pytest

from gis.db.cluster import Layout
from tests import ground

PLENTY = 1 << 40


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two homes that hold nothing, on a file system with room for both."""
    made = tmp_path / "shm" / "wanmi-test", tmp_path / "var" / "test"
    made[0].parent.mkdir()
    monkeypatch.setattr(ground, "MEMORY", made[0].parent)
    monkeypatch.setattr(ground, "NEEDED", 0)
    monkeypatch.setattr(ground, "_available", lambda: PLENTY)
    monkeypatch.setattr(ground, "homes", lambda: made)
    return made


def put_cluster(home: Path) -> None:
    data = Layout(home).data
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")


def chosen() -> Path:
    return ground.ground.__wrapped__()


def test_a_new_cluster_is_put_in_memory_only_with_room(
    homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chosen() == homes[0]
    monkeypatch.setattr(ground, "_available", lambda: ground.LEFT)
    assert chosen() == homes[1]


def test_a_cluster_on_the_disk_is_used_though_memory_has_room(homes: tuple[Path, Path]) -> None:
    put_cluster(homes[1])
    assert chosen() == homes[1]


def test_a_cluster_in_memory_is_used_though_there_is_no_room_left(
    homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_cluster(homes[0])
    monkeypatch.setattr(ground, "_available", lambda: 0)
    assert chosen() == homes[0]


def test_a_link_of_somebody_else_is_not_followed(homes: tuple[Path, Path], tmp_path: Path) -> None:
    put_cluster(tmp_path / "elsewhere")
    homes[0].symlink_to(tmp_path / "elsewhere")
    assert chosen() == homes[1]


def test_the_clusters_stay_while_tests_run(
    homes: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANMI_HOME", str(tmp_path / "home"))
    homes[0].mkdir()
    homes[1].mkdir(parents=True)
    with ground.claim() as run:
        ground.claim_with_others(run)
        assert not ground.remove()
        assert homes[0].is_dir()
    assert ground.remove()
    assert not homes[0].exists()
    assert not homes[1].exists()
