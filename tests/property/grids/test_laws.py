"""Laws of codes, splits, numbering and coverage."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon

from gis.errors import Invalid
from gis.grids.build import build_grids
from gis.grids.coding import EDITIONS, compose_grid_code, parents, parse_grid_code
from gis.grids.communities import reading_order
from gis.grids.splitting import equal_area_split
from tests.small_district import COMMUNITIES, ROADS, STREETS

communities = st.text("0123456789", min_size=12, max_size=12)
editions = st.sampled_from(sorted(EDITIONS))


@settings(deadline=None)
@given(communities, editions, st.data())
def test_a_composed_code_is_parsed_back_to_its_parts(
    community: str, edition: str, data: st.DataObject
) -> None:
    serial = data.draw(st.integers(1, EDITIONS[edition].highest_serial))
    code = compose_grid_code(community, serial, edition)
    parts = parse_grid_code(code, edition)
    assert (parts.community_code, int(parts.serial_part)) == (community, serial)
    assert parts.text == code
    assert all(code.startswith(parent) for parent in parents(code).values())


@settings(deadline=None)
@given(st.text(max_size=20), editions)
def test_any_text_is_either_a_code_that_round_trips_or_refused_by_name(
    text: str, edition: str
) -> None:
    try:
        parts = parse_grid_code(text, edition)
    except Invalid as error:
        assert error.faults
        assert text in str(error)
    else:
        assert parts.text == text


@pytest.fixture(scope="module")
def cells() -> gpd.GeoDataFrame:
    return build_grids(STREETS, COMMUNITIES, ROADS).cells


WEST, SOUTH, EAST, NORTH = STREETS.to_crs(4490).total_bounds


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_a_district_lies_in_exactly_one_cell(
    cells: gpd.GeoDataFrame, x: float, y: float
) -> None:
    point = Point(WEST + x * (EAST - WEST), SOUTH + y * (NORTH - SOUTH))
    district = shapely.coverage_union_all(cells.geometry.to_numpy())
    inside = [c for c in cells.geometry if c.contains(point)]
    touching = [c for c in cells.geometry if c.covers(point)]
    if district.contains(point):
        assert len(inside) == 1 or (not inside and len(touching) >= 2)
    else:
        assert not inside


angles = st.lists(st.floats(20, 200, allow_nan=False), min_size=5, max_size=14)


@settings(max_examples=60, deadline=None)
@given(angles, st.integers(2, 9))
def test_a_split_keeps_the_area_and_makes_pieces_of_the_target_size(
    radii: list[float], count: int
) -> None:
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = Polygon(np.column_stack([np.cos(turn), np.sin(turn)]) * np.array(radii)[:, None])
    target = star.area / count
    split = equal_area_split(star, target)
    assert sum(p.area for p in split.pieces) == pytest.approx(star.area, rel=1e-6)
    assert all(p.area <= target * 1.55 for p in split.pieces)
    assert all(p.is_valid and not p.interiors for p in split.pieces)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=1, max_size=40))
def test_reading_order_is_a_permutation_that_goes_down_by_bands_and_right_inside(
    points: list[tuple[float, float]],
) -> None:
    at = np.round(np.array(points), 3)
    order = reading_order(at, 100.0)
    assert sorted(order) == list(range(len(points)))
    read = at[order]
    band = np.floor((at[:, 1].max() - read[:, 1]) / 100.0)
    assert (np.diff(band) >= 0).all()
    for number in np.unique(band):
        assert (np.diff(read[band == number, 0]) >= 0).all()
