"""The builder on a little invented district: what must hold whatever the input."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Polygon

from gis.crs import WORK_SRID
from gis.errors import Invalid
from gis.grids.build import build_grids
from gis.grids.check import check_grids, failures
from gis.grids.model import BuildSettings, GridBuild
from tests.small_district import COMMUNITIES, ROADS, STREETS


@pytest.fixture(scope="module")
def build() -> GridBuild:
    return build_grids(STREETS, COMMUNITIES, ROADS)


def test_the_build_passes_its_own_check(build: GridBuild) -> None:
    check = check_grids(build.cells, build.communities, STREETS, ROADS)
    assert failures(check) == []
    assert check.coverage_valid
    assert check.gaps_to_source_m2 < 1
    assert check.share_2000_40000 == 1.0
    assert check.main_roads_within_20m_share > 0.9


def test_cells_have_about_the_target_area(build: GridBuild) -> None:
    assert 8_000 < build.cells["area_m2"].median() < 12_000


def test_every_community_is_one_polygon_without_holes_and_has_cells(build: GridBuild) -> None:
    assert list(build.communities["community_code"]) == sorted(COMMUNITIES["community_code"])
    shapes = build.communities.geometry
    assert (shapes.geom_type == "Polygon").all()
    assert (shapely.get_num_interior_rings(shapes.to_numpy()) == 0).all()
    assert build.communities["is_derived"].all()


def test_no_cell_crosses_a_street(build: GridBuild) -> None:
    cells = build.cells.to_crs(WORK_SRID)
    streets = STREETS.set_index("street_code").geometry
    beyond = [
        cell.geometry.difference(streets[cell.street_code]).area for cell in cells.itertuples()
    ]
    assert max(beyond) < 1


def test_the_same_input_gives_the_same_geometry_and_codes_in_any_row_order(
    build: GridBuild,
) -> None:
    again = build_grids(STREETS.iloc[::-1], COMMUNITIES.iloc[::-1], ROADS.iloc[::-1])
    assert list(again.cells["grid_code"]) == list(build.cells["grid_code"])
    assert again.cells.geometry.to_wkb().tolist() == build.cells.geometry.to_wkb().tolist()
    assert again.edges.geometry.to_wkb().tolist() == build.edges.geometry.to_wkb().tolist()


def test_a_suspect_shortcut_never_becomes_an_edge(build: GridBuild) -> None:
    without = build_grids(STREETS, COMMUNITIES, ROADS[~ROADS["suspect_shortcut"]])
    assert without.cells.geometry.to_wkb().tolist() == build.cells.geometry.to_wkb().tolist()


def test_the_strip_inside_a_dual_carriageway_is_merged(build: GridBuild) -> None:
    cells = build.cells.to_crs(WORK_SRID)
    width = 2 * cells.area / cells.length
    assert width.min() > 15


def test_every_edge_is_there_once_with_its_origin(build: GridBuild) -> None:
    edges = build.edges
    outline = build.cells.to_crs(WORK_SRID).length.sum()
    inner = edges["right_code"].notna()
    assert edges.loc[inner, "length_m"].sum() * 2 + edges.loc[~inner, "length_m"].sum() == (
        pytest.approx(outline, abs=0.01)
    )
    assert set(edges["origin"]) == {"road", "boundary", "split"}
    assert (edges.loc[~inner, "origin"] == "boundary").all()
    assert (edges.loc[inner, "left_code"] < edges.loc[inner, "right_code"]).all()


def test_an_edge_called_road_lies_on_a_road(build: GridBuild) -> None:
    road = ROADS[~ROADS["suspect_shortcut"]].geometry.union_all()
    edges = build.edges.to_crs(WORK_SRID)
    on_road = edges[edges["origin"] == "road"]
    assert len(on_road) > 10
    assert on_road.geometry.interpolate(0.5, normalized=True).distance(road).max() < 0.05


def test_serials_run_west_to_east_in_bands_from_north_to_south(build: GridBuild) -> None:
    cells = build.cells.to_crs(WORK_SRID)
    for _, group in cells.groupby("community_code"):
        assert group["serial"].tolist() == list(range(1, len(group) + 1))
        at = np.round(shapely.get_coordinates(group.geometry.centroid.to_numpy()), 3)
        band = np.floor((at[:, 1].max() - at[:, 1]) / 100)
        assert (np.diff(band) >= 0).all()
        for number in np.unique(band):
            assert (np.diff(at[band == number, 0]) >= 0).all()


def test_a_community_that_comes_with_polygons_is_kept_as_it_is() -> None:
    halves = _first_street_in_two()
    second = COMMUNITIES[COMMUNITIES["street_code"].str.endswith("002")]
    given = gpd.GeoDataFrame(pd.concat([halves, second]), geometry="geometry", crs=STREETS.crs)
    streets = STREETS.copy()
    streets.loc[0, "geometry"] = halves.geometry.union_all()
    build = build_grids(streets, given, ROADS)
    made = build.communities.set_index("community_code")
    for code, shape in zip(halves["community_code"], halves.geometry, strict=True):
        assert not made.loc[code, "is_derived"]
        now = gpd.GeoSeries([made.loc[code, "geometry"]], crs=4490).to_crs(WORK_SRID).iloc[0]
        assert now.symmetric_difference(shape).area < 0.5
    assert made["is_derived"].sum() == len(second)


def _first_street_in_two() -> gpd.GeoDataFrame:
    (west, south, east, north) = STREETS.geometry.iloc[0].bounds
    left = Polygon([(west, south), (west + 300, south), (west + 320, north), (west + 20, north)])
    seam = STREETS.geometry.iloc[0].intersection(STREETS.geometry.iloc[1])
    line = shapely.get_coordinates(shapely.line_merge(seam))
    upward = line[np.argsort(line[:, 1])]
    right = Polygon([(west + 300, south), *upward, (west + 320, north)])
    codes = ["990101001001", "990101001002"]
    return gpd.GeoDataFrame(
        {"community_code": codes, "name": ["东", "西"], "street_code": ["990101001"] * 2},
        geometry=[left, right],
        crs=STREETS.crs,
    )


def test_without_roads_every_inner_edge_is_a_split() -> None:
    build = build_grids(STREETS, COMMUNITIES, ROADS.iloc[:0])
    assert set(build.edges["origin"]) == {"boundary", "split"}
    assert failures(check_grids(build.cells, build.communities, STREETS, ROADS)) == []


def test_the_2005_edition_gives_codes_of_14_digits() -> None:
    build = build_grids(STREETS, COMMUNITIES, ROADS, BuildSettings(edition="2005"))
    assert set(build.cells["grid_code"].str.len()) == {14}


def test_more_cells_than_serials_is_refused_with_the_way_out() -> None:
    one = COMMUNITIES.groupby("street_code").head(1)
    small = BuildSettings(edition="2005", target_area_m2=2_500, sliver_area_m2=800)
    with pytest.raises(Invalid, match="serials up to 99"):
        build_grids(STREETS, one, ROADS, small)


def test_more_communities_than_cells_is_refused() -> None:
    many = pd.DataFrame(
        [
            {"community_code": f"{s}{n:03d}", "name": str(n), "street_code": s}
            for s in STREETS["street_code"]
            for n in range(1, 101)
        ]
    )
    with pytest.raises(Invalid, match="only"):
        build_grids(STREETS, many, ROADS)


def test_as_many_communities_as_cells_still_gives_one_cell_each() -> None:
    settings = replace(BuildSettings(), target_area_m2=40_000)
    first = build_grids(STREETS, COMMUNITIES, ROADS, settings)
    counts = first.cells.groupby("street_code").size()
    each = pd.DataFrame(
        [
            {"community_code": f"{s}{n:03d}", "name": str(n), "street_code": s}
            for s, count in counts.items()
            for n in range(1, count + 1)
        ]
    )
    again = build_grids(STREETS, each, ROADS, settings)
    assert again.cells["community_code"].is_unique


def test_streets_whose_edges_do_not_match_are_refused_not_repaired() -> None:
    moved = STREETS.copy()
    moved.loc[1, "geometry"] = shapely.transform(
        moved.geometry.iloc[1], lambda xy: xy + np.array([0.4, 0.0])
    )
    with pytest.raises(Invalid, match="edges of these areas do not match"):
        build_grids(moved, COMMUNITIES, ROADS)


def test_every_fault_of_the_streets_is_named() -> None:
    bowtie = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    wrong = gpd.GeoDataFrame(
        {"street_code": ["99010100", "990101009"], "name": ["a", "b"]},
        geometry=[bowtie, None],
        crs=WORK_SRID,
    )
    with pytest.raises(Invalid) as caught:
        build_grids(wrong, COMMUNITIES, ROADS)
    texts = " ".join(f.text("en") for f in caught.value.faults)
    for said in ("99010100 is not an area code", "Self-intersection", "not one polygon", "no comm"):
        assert said in texts


def test_geometries_without_a_coordinate_system_are_asked_for_one() -> None:
    bare = gpd.GeoDataFrame(
        STREETS[["street_code", "name"]], geometry=STREETS.geometry.to_numpy(), crs=None
    )
    with pytest.raises(Invalid, match="coordinate reference system"):
        build_grids(bare, COMMUNITIES, ROADS)


def test_a_street_around_another_street_keeps_its_hole() -> None:
    middle = Polygon([(448_400, 4_418_200), (448_600, 4_418_210), (448_500, 4_418_400)])
    around = shapely.box(448_000, 4_418_000, 448_900, 4_418_600).difference(middle)
    streets = gpd.GeoDataFrame(
        {"street_code": ["990101001", "990101002"], "name": ["外", "内"]},
        geometry=[around, middle],
        crs=WORK_SRID,
    )
    each = COMMUNITIES.groupby("street_code").head(1)
    build = build_grids(streets, each, ROADS)
    check = check_grids(build.cells, build.communities, streets, ROADS)
    assert failures(check) == []
    assert shapely.get_num_interior_rings(build.communities.geometry.to_numpy()).tolist() == [1, 0]
    assert (shapely.get_num_interior_rings(build.cells.geometry.to_numpy()) == 0).all()
