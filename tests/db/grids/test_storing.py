"""Builds in the database: stored, ended, found again by a point."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Role, Scope
from gis.basedata.tables import facility
from gis.errors import Forbidden, NotFound, Refused
from gis.grids.build import build_grids
from gis.grids.check import check_grids, failures
from gis.grids.commands import StoredBuild, place_rows, store_build
from gis.grids.model import GridBuild
from gis.grids.queries import (
    areas_of_level,
    cell_at,
    cell_profile,
    cells_at,
    communities_to_build,
    delivered_streets,
    drawn_districts,
    stored_cells,
    stored_communities,
)
from tests.db.grids.loading import insert_small_district
from tests.factories import NOW, TODAY, make_actor, make_person
from tests.small_district import COMMUNITIES, DISTRICT, ROADS, STREETS


@pytest.fixture(scope="module")
def build() -> GridBuild:
    return build_grids(STREETS, COMMUNITIES, ROADS)


@pytest.fixture
def district(conn: Connection) -> Connection:
    """The little district before any build: names, codes, street outlines."""
    insert_small_district(conn)
    return conn


def store(conn: Connection, build: GridBuild, day: date = TODAY) -> StoredBuild:
    return store_build(
        conn,
        build,
        actor=SYSTEM,
        district_code=DISTRICT,
        edition="2013",
        valid_from=day,
        now=NOW,
    )


def test_what_is_stored_passes_the_check(district: Connection, build: GridBuild) -> None:
    store(district, build)
    check = check_grids(
        stored_cells(district, DISTRICT),
        stored_communities(district, DISTRICT),
        delivered_streets(district, DISTRICT),
        ROADS,
    )
    assert failures(check) == []
    assert check.cells == len(build.cells)
    assert check.coverage_valid


def test_the_delivered_outline_survives_two_builds(district: Connection, build: GridBuild) -> None:
    before = delivered_streets(district, DISTRICT).geometry.to_wkb().tolist()
    store(district, build)
    moved = _with_other_codes(build)
    store(district, moved, TODAY + timedelta(days=1))
    assert delivered_streets(district, DISTRICT).geometry.to_wkb().tolist() == before


def test_the_builder_reads_back_what_the_loader_wrote(district: Connection) -> None:
    assert drawn_districts(district) == [DISTRICT]
    assert len(delivered_streets(district, DISTRICT)) == len(STREETS)
    communities = communities_to_build(district, DISTRICT)
    assert list(communities["community_code"]) == sorted(COMMUNITIES["community_code"])
    assert communities.geometry.isna().all()


def test_the_same_build_again_changes_nothing(district: Connection, build: GridBuild) -> None:
    assert store(district, build).changed
    again = store(district, build, TODAY + timedelta(days=3))
    assert not again.changed
    assert set(district.scalars(text("SELECT valid_from FROM grid_cell"))) == {TODAY}


def test_a_new_build_ends_the_old_cells_and_keeps_them(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    later = TODAY + timedelta(days=30)
    result = store(district, _with_other_codes(build), later)
    assert result.ended == len(build.cells)
    ended = district.scalars(text("SELECT valid_to FROM grid_cell WHERE valid_to IS NOT NULL"))
    assert set(ended) == {later}
    point = build.cells.geometry.iloc[0].representative_point()
    found = cell_at(district, lon=point.x, lat=point.y)
    assert found is not None and found.code.startswith(DISTRICT)


def test_cells_in_force_for_no_day_leave_no_trace(district: Connection, build: GridBuild) -> None:
    store(district, build)
    result = store(district, _with_other_codes(build))
    assert result.ended == 0
    assert district.scalar(text("SELECT count(*) FROM grid_cell")) == len(build.cells)


def test_communities_without_polygon_are_stored_as_derived(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    communities = areas_of_level(district, 4, scope=Scope((DISTRICT,)))
    assert communities["derived"].all()
    assert communities["drawn"].all()
    assert list(communities["code"]) == sorted(COMMUNITIES["community_code"])


def test_every_build_raises_the_layer_versions_once(district: Connection, build: GridBuild) -> None:
    def versions() -> dict[str, int]:
        rows = district.execute(text("SELECT layer, version FROM layer_version"))
        return {row.layer: row.version for row in rows}

    before = versions()
    store(district, build)
    assert versions()["grid_cell"] == before.get("grid_cell", 1) + 1
    store(district, build)
    assert versions()["grid_cell"] == before.get("grid_cell", 1) + 1


def test_neighbouring_cells_lie_close_together_on_disk(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    cells = stored_cells_in_disk_order(district)
    middle = np.array([(c.centroid.x, c.centroid.y) for c in cells.to_crs(4548).geometry])
    step = np.hypot(*np.diff(middle, axis=0).T)
    width = np.ptp(middle, axis=0).max()
    assert np.median(step) < width / 5


def stored_cells_in_disk_order(conn: Connection) -> gpd.GeoDataFrame:
    rows = conn.execute(text("SELECT ST_AsBinary(geom) AS g FROM grid_cell ORDER BY ctid"))
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_wkb([bytes(r.g) for r in rows]), crs=4490)


def test_a_build_needs_the_right_to_manage_data(district: Connection, build: GridBuild) -> None:
    planner = make_actor(district, Role.PLANNER)
    with pytest.raises(Forbidden):
        store_build(
            district,
            build,
            actor=planner,
            district_code=DISTRICT,
            edition="2013",
            valid_from=TODAY,
            now=NOW,
        )


def test_a_point_inside_is_found_in_its_cell(district: Connection, build: GridBuild) -> None:
    store(district, build)
    for cell in build.cells.iloc[::7].itertuples():
        point = cell.geometry.representative_point()
        place = cell_at(district, lon=point.x, lat=point.y)
        assert place is not None
        assert (place.code, place.community_code) == (cell.grid_code, cell.community_code)


def test_a_point_on_a_shared_edge_belongs_to_exactly_one_grid(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    shared = build.edges[build.edges["right_code"].notna()]
    for edge in shared.iloc[::25].itertuples():
        corner = shapely.get_point(edge.geometry, 0)
        around = build.cells[build.cells.intersects(corner)]["grid_code"]
        place = cell_at(district, lon=corner.x, lat=corner.y)
        assert len(around) > 1
        assert place is not None and place.code == min(around)


def test_a_point_outside_the_district_has_no_cell(district: Connection, build: GridBuild) -> None:
    store(district, build)
    assert cell_at(district, lon=0.0, lat=0.0) is None


def test_many_points_get_the_answers_they_get_alone(district: Connection, build: GridBuild) -> None:
    store(district, build)
    points = build.cells.geometry.representative_point()
    lons, lats = [*points.x, 0.0], [*points.y, 0.0]
    assert cells_at(district, lons, lats) == [*build.cells["grid_code"], None]


def test_a_profile_names_parents_neighbours_and_origins(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    code = build.cells["grid_code"].iloc[5]
    profile = cell_profile(district, code, scope=Scope((DISTRICT,)))
    outline = build.cells.to_crs(4548).set_index("grid_code").geometry[code].length
    assert profile.road_m + profile.boundary_m + profile.split_m == pytest.approx(outline, abs=0.01)
    assert profile.street_code == code[:9]
    assert profile.community_derived
    touching = build.edges[(build.edges.left_code == code) | (build.edges.right_code == code)]
    others = set(touching.left_code) | set(touching.right_code.dropna())
    assert set(profile.neighbours) == others - {code}


def test_a_profile_outside_the_scope_is_not_found(district: Connection, build: GridBuild) -> None:
    store(district, build)
    with pytest.raises(NotFound):
        cell_profile(district, build.cells["grid_code"].iloc[0], scope=Scope(("110102",)))


def test_cells_that_somebody_holds_are_not_replaced_unless_told(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    held = build.cells["grid_code"].iloc[0]
    person = make_person(district)
    district.execute(
        text("INSERT INTO supervisor_cell (person_id, grid_code) VALUES (:p, :c)"),
        {"p": person, "c": held},
    )
    assert not store(district, build).changed
    with pytest.raises(Refused, match="1 unit grids in force are given to supervisors"):
        store(district, _with_other_codes(build))
    again = store_build(
        district,
        _with_other_codes(build),
        actor=SYSTEM,
        district_code=DISTRICT,
        edition="2013",
        valid_from=TODAY,
        now=NOW,
        replace_held=True,
    )
    assert again.changed


def test_rows_follow_the_cells_they_lie_in_and_lose_the_code_outside(
    district: Connection, build: GridBuild
) -> None:
    store(district, build)
    cell = build.cells.iloc[3]
    point = cell.geometry.representative_point()
    put = text(
        "INSERT INTO facility (kind, name, grid_code, geom)"
        " VALUES ('x', :name, 'old', ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))"
    )
    district.execute(put, {"name": "in", "lon": point.x, "lat": point.y})
    district.execute(put, {"name": "out", "lon": 1.0, "lat": 1.0})
    assert place_rows(district, facility) == 2
    rows = district.execute(text("SELECT name, grid_code FROM facility ORDER BY name"))
    assert [tuple(r) for r in rows] == [("in", cell.grid_code), ("out", None)]
    assert place_rows(district, facility) == 0


def _with_other_codes(build: GridBuild) -> GridBuild:
    """The same cells with two serials swapped: a different build."""
    cells = build.cells.copy()
    first, second = cells.index[0], cells.index[1]
    cells.loc[[first, second], "geometry"] = cells.loc[[second, first], "geometry"].to_numpy()
    return GridBuild(build.streets, build.communities, cells, build.edges, build.report)
