"""`grids build` and `grids check` as a person types them: exit codes and sentences."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from gis.__main__ import main
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.grids.check import GridCheck
from tests.db.grids.loading import insert_small_district
from tests.small_district import DISTRICT


@pytest.fixture
def database(fresh_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app_url)
    monkeypatch.setenv("WANMI_OWNER_DATABASE_URL", fresh_database.owner_url)
    monkeypatch.setenv("WANMI_LANG", "en")
    engine = make_engine(fresh_database.owner_url, pool_size=1)
    yield engine
    engine.dispose()


def test_a_build_passes_the_check_and_a_planted_fault_gives_exit_code_1(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.begin() as conn:
        insert_small_district(conn)
    assert main(["grids", "build"]) == 0
    assert "7 communities" in capsys.readouterr().out
    assert main(["grids", "check", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == list(GridCheck.__dataclass_fields__)
    assert printed["cells"] > 50

    with database.begin() as conn:
        conn.execute(
            text(
                "UPDATE grid_cell SET geom = ST_Translate(geom, 0.0001, 0)"
                " WHERE code = (SELECT min(code) FROM grid_cell)"
            )
        )
    assert main(["grids", "check"]) == 1
    said = capsys.readouterr()
    assert "Cells overlap by" in said.err
    assert "overlaps_m2" in said.out


def test_places_can_be_searched_after_a_build(database: Engine) -> None:
    with database.begin() as conn:
        insert_small_district(conn)
    assert main(["grids", "build"]) == 0
    with database.begin() as conn:
        found = conn.scalar(text("SELECT count(*) FROM place WHERE grid_code IS NOT NULL"))
    assert found is not None and found >= 7


def test_an_empty_database_says_what_to_load_first(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grids", "build"]) == 1
    assert "load a district first" in capsys.readouterr().err
    with database.begin() as conn:
        insert_small_district(conn)
    assert main(["grids", "check"]) == 1
    assert "has no unit grids yet" in capsys.readouterr().err


def test_several_districts_must_be_named(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.begin() as conn:
        insert_small_district(conn)
        insert_small_district(conn, "990102")
    assert main(["grids", "build"]) == 1
    assert f"{DISTRICT}, 990102" in capsys.readouterr().err
    assert main(["grids", "build", "--district", "990102"]) == 0
    with database.begin() as conn:
        built = set(conn.scalars(text("SELECT DISTINCT district_code FROM grid_cell")))
    assert built == {"990102"}


def test_cells_are_grouped_listed_and_freed_again_on_the_command_line(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.begin() as conn:
        insert_small_district(conn)
    assert main(["grids", "build"]) == 0
    with database.begin() as conn:
        cells = list(conn.scalars(text("SELECT code FROM grid_cell ORDER BY code LIMIT 3")))
    community = str(cells[0])[:12]
    capsys.readouterr()
    make = ["groups", "make", "--code", "ZR-1", "--name", "第一责任网格", "--area", community]
    assert main([*make, *cells]) == 0
    assert "ZR-1: 3 cells" in capsys.readouterr().out
    again = ["groups", "make", "--code", "ZR-2", "--name", "第二责任网格", "--area", community]
    assert main([*again, cells[0]]) == 1
    assert "ZR-1" in capsys.readouterr().err
    assert main(["groups", "list"]) == 0
    assert " ".join(cells) in capsys.readouterr().out
    assert main(["groups", "end", "--code", "ZR-1"]) == 0
    capsys.readouterr()
    assert main(["groups", "list"]) == 0
    assert "ZR-1" not in capsys.readouterr().out
