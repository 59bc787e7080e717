"""Whatever streets and roads a district has, its grids cover it once and pass the check."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis.crs import WORK_SRID
from gis.grids.build import build_grids
from gis.grids.check import check_grids, failures
from tests.small_district import SOUTH, WEST

CLASSES = ["primary", "tertiary", "residential", "service", "footway", "secondary_link"]


def random_district(seed: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoDataFrame]:
    """Streets as Voronoi cells of a rectangle, roads as walks across them."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(300, 900, 2)
    outer = shapely.box(0, 0, *size)
    seeds = shapely.multipoints(rng.uniform(0.1, 0.9, (rng.integers(2, 5), 2)) * size)
    inner = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outer))
    net = shapely.union_all([outer.boundary, *shapely.boundary(inner)], grid_size=0.001)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    shapes = [f for f in faces if outer.contains(f.representative_point())]
    codes = [f"990101{number:03d}" for number in range(1, len(shapes) + 1)]
    streets = gpd.GeoDataFrame({"street_code": codes, "name": codes}, geometry=shapes)
    communities = pd.DataFrame(
        [
            {"street_code": code, "community_code": f"{code}{n:03d}", "name": str(n)}
            for code, shape in zip(codes, shapes, strict=True)
            for n in range(1, 2 + int(shape.area / 90_000))
        ]
    )
    roads = gpd.GeoDataFrame(
        {"highway": rng.choice(CLASSES, 12)}, geometry=[_walk(rng, size) for _ in range(12)]
    )
    for frame in (streets, roads):
        frame["geometry"] = frame.translate(WEST, SOUTH)
        frame.set_crs(WORK_SRID, inplace=True)
    return streets, communities, roads


def _walk(rng: np.random.Generator, size: np.ndarray) -> LineString:
    steps = rng.uniform(5, 300, (rng.integers(1, 6), 1))
    turns = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.5, len(steps)))
    moves = steps * np.column_stack([np.cos(turns), np.sin(turns)])
    first = rng.uniform(-0.1, 1.1, 2) * size
    return LineString(np.vstack([first, first + np.cumsum(moves, axis=0)]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_any_district_is_covered_once_and_passes_the_check(seed: int) -> None:
    streets, communities, roads = random_district(seed)
    build = build_grids(streets, communities, roads)
    check = check_grids(build.cells, build.communities, streets, roads)
    assert failures(check) == []
    assert check.coverage_valid
    assert check.gaps_to_source_m2 < 2
    assert len(build.communities) == len(communities)
    assert set(build.communities.geom_type) == {"Polygon"}
