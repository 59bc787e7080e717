"""The check finds what is wrong with stored grids; each fault is planted by hand."""

import geopandas as gpd
import pytest
from shapely import LineString, box

from gis.crs import WORK_SRID
from gis.grids.check import GridCheck, check_grids, failures

X, Y = 448_000.0, 4_418_000.0
COMMUNITY = "990101001001"


def squares() -> gpd.GeoDataFrame:
    """Four cells of 100 m x 100 m in a row."""
    return gpd.GeoDataFrame(
        {"grid_code": [f"{COMMUNITY}{n:03d}" for n in range(1, 5)]},
        geometry=[box(X + n * 100, Y, X + n * 100 + 100, Y + 100) for n in range(4)],
        crs=WORK_SRID,
    )


def whole(shape: object = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"community_code": [COMMUNITY]},
        geometry=[shape or box(X, Y, X + 400, Y + 100)],
        crs=WORK_SRID,
    )


ROADS = gpd.GeoDataFrame(
    {"highway": ["primary", "footway"], "suspect_shortcut": [False, False]},
    geometry=[
        LineString([(X, Y + 46), (X + 400, Y + 46)]),
        LineString([(X + 100, Y), (X + 100, Y + 100)]),
    ],
    crs=WORK_SRID,
)


def measure(cells: gpd.GeoDataFrame, edition: str = "2013") -> GridCheck:
    return check_grids(cells, whole(), whole(), ROADS, edition=edition)


def failing(cells: gpd.GeoDataFrame) -> set[str]:
    return {fault.field for fault in failures(measure(cells))}


def test_good_cells_have_no_fault_and_known_measures() -> None:
    check = measure(squares())
    assert failures(check) == []
    assert check.as_dict() | {"main_roads_within_20m_share": 0, "edges_on_roads_share": 0} == {
        "cells": 4,
        "invalid": 0,
        "coverage_valid": True,
        "overlaps_m2": 0.0,
        "gaps_m2": 0.0,
        "gaps_to_source_m2": 0.0,
        "outside_parent": 0,
        "code_faults": 0,
        "share_2000_40000": 1.0,
        "share_5000_20000": 1.0,
        "main_roads_within_20m_share": 0,
        "edges_on_roads_share": 0,
    }


def test_road_shares_are_the_lengths_one_can_count_by_hand() -> None:
    check = measure(squares())
    # within 20 m of five upright walls, two of them at the ends: 20 + 3 x 40 + 20 of 400 m
    assert check.main_roads_within_20m_share == pytest.approx(160 / 400, abs=0.01)
    # one wall of 100 m of 1,300 m of edges lies on the footway
    assert check.edges_on_roads_share == pytest.approx(100 / 1300, abs=0.005)


def test_an_overlap_is_measured_and_fails() -> None:
    cells = squares()
    cells.loc[1, "geometry"] = box(X + 99, Y, X + 200, Y + 100)
    assert measure(cells).overlaps_m2 == pytest.approx(100, abs=0.01)
    assert failing(cells) == {"overlaps_m2"}


def test_a_gap_is_measured_and_fails() -> None:
    cells = squares()
    cells.loc[1, "geometry"] = box(X + 101, Y, X + 200, Y + 100)
    check = measure(cells)
    assert check.gaps_m2 == pytest.approx(100, abs=0.01)
    assert not check.coverage_valid or check.gaps_m2 > 0
    assert failing(cells) == {"gaps_m2"}


def test_a_hair_of_a_gap_below_the_limit_is_arithmetic() -> None:
    cells = squares()
    cells.loc[1, "geometry"] = box(X + 100.000001, Y, X + 200, Y + 100)
    assert failing(cells) == set()


def test_a_cell_that_crosses_itself_is_invalid() -> None:
    cells = squares()
    bowtie = [(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)]
    cells.loc[0, "geometry"] = gpd.GeoSeries.from_wkt(
        ["POLYGON((" + ",".join(f"{a} {b}" for a, b in [*bowtie, bowtie[0]]) + "))"]
    ).iloc[0]
    assert measure(cells).invalid == 1
    assert "invalid" in failing(cells)


def test_a_cell_outside_its_parent_is_counted() -> None:
    cells = squares()
    cells.loc[3, "geometry"] = box(X + 300, Y, X + 400, Y + 101)
    assert measure(cells).outside_parent == 1
    assert "outside_parent" in failing(cells)


@pytest.mark.parametrize(
    "code", ["99010100100100", "990101001001000", "99010100100100A", "990101009001001"]
)
def test_a_wrong_or_orphan_code_is_a_fault(code: str) -> None:
    cells = squares()
    cells.loc[0, "grid_code"] = code
    assert "code_faults" in failing(cells)


def test_a_repeated_code_and_a_serial_left_out_are_faults() -> None:
    cells = squares()
    cells.loc[3, "grid_code"] = f"{COMMUNITY}003"
    assert measure(cells).code_faults == 1
    cells.loc[3, "grid_code"] = f"{COMMUNITY}009"
    assert measure(cells).code_faults == 1


def test_areas_out_of_bounds_lower_the_shares_but_are_no_failure() -> None:
    cells = squares().iloc[:1].copy()
    cells["geometry"] = [box(X, Y, X + 400, Y + 100)]
    check = measure(cells)
    assert (check.share_2000_40000, check.share_5000_20000) == (1.0, 0.0)
    assert failures(check) == []


def test_no_cells_at_all_is_a_failure() -> None:
    assert "cells" in failing(squares().iloc[:0])
