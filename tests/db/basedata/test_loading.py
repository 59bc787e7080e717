"""The real Dongcheng set in the tables: complete, with its sources, and safe to repeat."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role
from gis.basedata.commands import LoadedDistrict, known_datasets, load_district
from gis.basedata.delivered_files import read_dongcheng
from gis.basedata.model import DistrictData
from gis.basedata.queries import roads_to_build
from gis.catalog.commands import DataSet, record_dataset
from gis.errors import Forbidden, Invalid, Refused
from tests.factories import NOW, make_actor


@pytest.fixture(scope="module")
def data(real_data: Path) -> DistrictData:
    return read_dongcheng(real_data)


def load(conn: Connection, data: DistrictData) -> LoadedDistrict:
    return load_district(conn, data, actor=SYSTEM, now=NOW)


def counts(conn: Connection) -> dict[str, int]:
    tables = ("area", "road", "facility", "population", "dataset")
    return {t: conn.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables}


@pytest.mark.real_data
def test_every_street_and_community_arrives_under_its_parent(
    conn: Connection, data: DistrictData
) -> None:
    load(conn, data)
    levels = conn.execute(
        text("SELECT level, count(*), count(geom) FROM area GROUP BY level ORDER BY level")
    ).all()
    assert [tuple(row) for row in levels] == [(1, 1, 0), (2, 1, 1), (3, 17, 17), (4, 169, 0)]
    name = conn.execute(
        text("SELECT name_zh, name_en, parent_code FROM area WHERE code = '110101001001'")
    ).one()
    assert tuple(name) == ("多福巷社区", "Duofuxiang Community", "110101001")


@pytest.mark.real_data
def test_a_second_load_changes_nothing(conn: Connection, data: DistrictData) -> None:
    first = load(conn, data)
    before = counts(conn)
    assert load(conn, data) == first
    assert counts(conn) == before


@pytest.mark.real_data
def test_suspect_shortcuts_are_kept_for_the_eye_and_left_out_of_measures(
    conn: Connection, data: DistrictData
) -> None:
    loaded = load(conn, data)
    suspect, measured = conn.execute(
        text(
            "SELECT count(*) FILTER (WHERE suspect_shortcut),"
            " count(length_m) FILTER (WHERE suspect_shortcut) FROM road"
        )
    ).one()
    assert (suspect, measured) == (222, 0)
    assert loaded.suspect_roads == 222
    roads = roads_to_build(conn)
    assert roads["suspect_shortcut"].sum() == 222


@pytest.mark.real_data
def test_road_lengths_agree_with_those_of_the_source(conn: Connection, data: DistrictData) -> None:
    load(conn, data)
    metres = conn.scalar(
        text("SELECT max(abs(length_m - ST_Length(geom_work))) FROM road WHERE length_m > 0")
    )
    assert metres is not None and metres < 0.001


@pytest.mark.real_data
def test_every_data_set_names_source_licence_and_what_the_map_must_print(
    conn: Connection, data: DistrictData
) -> None:
    load(conn, data)
    rows = conn.execute(text("SELECT id, source, licence, attribution, row_count FROM dataset"))
    found = {row.id: row for row in rows}
    assert set(known_datasets()) <= set(found)
    assert "OpenStreetMap" in found["dongcheng-roads"].attribution
    assert found["dongcheng-roads"].row_count == 3054
    assert all(row.source and row.licence for row in found.values())


@pytest.mark.real_data
def test_only_hospitals_of_the_district_are_loaded(conn: Connection, data: DistrictData) -> None:
    load(conn, data)
    outside = conn.scalar(
        text(
            "SELECT count(*) FROM facility f WHERE NOT EXISTS (SELECT FROM area a"
            " WHERE a.level = 3 AND ST_Intersects(a.geom, f.geom))"
        )
    )
    assert outside == 0
    assert len(data.hospitals) == 11


@pytest.mark.real_data
def test_real_data_never_mix_with_the_generated_demo(conn: Connection, data: DistrictData) -> None:
    demo = DataSet("demo", "演示", "Demo", "gis.demo", generated=True)
    record_dataset(conn, demo, row_count=1, now=NOW)
    with pytest.raises(Refused, match="WANMI_HOME"):
        load(conn, data)
    assert counts(conn)["road"] == 0


@pytest.mark.real_data
def test_loading_needs_the_right_to_manage_data(conn: Connection, data: DistrictData) -> None:
    with pytest.raises(Forbidden):
        load_district(conn, data, actor=make_actor(conn, Role.SUPERVISOR), now=NOW)


def test_a_folder_that_is_not_there_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no folder .*nowhere; name the one"):
        read_dongcheng(tmp_path / "nowhere")


def test_a_folder_without_the_data_sets_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="missing: .*dongcheng_subdistricts.geojson"):
        read_dongcheng(tmp_path)


@pytest.mark.real_data
@pytest.mark.parametrize(
    "name",
    [
        "beijing_roads_osm2012/dongcheng_roads_osm2012.geojson",
        "admin_codes/dongcheng_communities.csv",
    ],
)
def test_a_broken_file_is_named(real_data: Path, tmp_path: Path, name: str) -> None:
    for folder in (
        "beijing_boundaries",
        "admin_codes",
        "beijing_roads_osm2012",
        "beijing_poi",
        "beijing_population",
    ):
        (tmp_path / folder).mkdir()
        for file in (real_data / folder).iterdir():
            if file.suffix in {".csv", ".geojson"}:
                shutil.copyfile(file, tmp_path / folder / file.name)
    (tmp_path / name).write_bytes(b"\x00\xff no data here \xfe")
    with pytest.raises(Invalid, match=Path(name).name):
        read_dongcheng(tmp_path)
