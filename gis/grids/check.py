"""
What a set of unit grids is worth, measured from its geometry alone.

The check takes the grids as they are stored; it does not trust what the builder said about them.
"""

from dataclasses import asdict, dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import WORK_SRID
from gis.errors import Fault, fault
from gis.grids.coding import COMMUNITY_LENGTH, DEFAULT_EDITION, code_faults
from gis.grids.coverage import on_lines
from gis.grids.model import RoadClasses
from gis.grids.roads import usable_roads
from gis.grids.streets import Geometries
from gis.i18n import N_

LARGEST_ERROR_M2 = 0.001
"""Overlap, gap or overhang above this is a fault; below it is arithmetic."""

_STEP_M = 2.0
_ROAD_REACH_M = 20.0
_ON_ROAD_M = 0.1


@dataclass(frozen=True)
class GridCheck:
    """The measures, under the names of the command's output; m² and shares of 1."""

    cells: int
    invalid: int
    coverage_valid: bool
    overlaps_m2: float
    gaps_m2: float
    gaps_to_source_m2: float
    outside_parent: int
    code_faults: int
    share_2000_40000: float
    share_5000_20000: float
    main_roads_within_20m_share: float
    edges_on_roads_share: float

    def as_dict(self) -> dict[str, int | float | bool]:
        """Plain values, in the order of the fields."""
        return asdict(self)


def check_grids(
    cells: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    delivered_streets: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    *,
    edition: str = DEFAULT_EDITION,
) -> GridCheck:
    """
    Measure cells against their parents, the delivered streets and the roads.

    Parameters
    ----------
    cells
        `grid_code` str, `geometry`; EPSG:4490.
    communities
        `community_code` str, `geometry` as published; EPSG:4490. A cell's parent is the one
        whose code starts its own.
    delivered_streets
        `geometry` as the district handed them over, any stated CRS.
    roads
        `highway`, `geometry`, optionally `suspect_shortcut`; any stated CRS. May be empty; then
        both road shares are 0.
    edition
        Edition of the codes.

    Returns
    -------
    GridCheck
        `invalid`: cells that are no valid polygon. `coverage_valid`: neighbours share exact
        vertices, in EPSG:4490 and in EPSG:4548. `overlaps_m2`: sum over pairs. `gaps_m2`: parents
        not covered by cells. `gaps_to_source_m2`: the larger of what the cells leave free of the
        delivered streets and what they cover beyond them. `outside_parent`: cells that reach out
        of their community by more than 0.001 m² or have none. `code_faults`: codes that break
        the edition, come twice or leave a serial out. Shares of cells by area; share of
        main-road length within 20 m of a cell edge; share of edge length on a road (within
        0.1 m), both sampled every 2 m.

    Notes
    -----
    Areas and lengths in EPSG:4548. Cost: about 6 s for 4,200 cells and 2,800 roads.
    """
    work = cells.to_crs(WORK_SRID)
    shapes = work.geometry.to_numpy()
    parents = communities.to_crs(WORK_SRID)
    valid = (
        shapely.is_valid(shapes) & (shapely.get_type_id(shapes) == 3) & (shapely.area(shapes) > 0)
    )
    area = shapely.area(shapes)
    cover = shapely.union_all(shapes[valid])
    return GridCheck(
        cells=len(work),
        invalid=int((~valid).sum()),
        coverage_valid=bool(
            shapely.coverage_is_valid(shapes)
            and shapely.coverage_is_valid(cells.geometry.to_numpy())
        ),
        overlaps_m2=_overlaps_m2(shapes[valid]),
        gaps_m2=_left_free_m2(shapely.union_all(parents.geometry.to_numpy()), cover),
        gaps_to_source_m2=_difference_m2(delivered_streets.to_crs(WORK_SRID), cover),
        outside_parent=_outside_parent(work, parents),
        code_faults=len(all_code_faults(work["grid_code"], parents["community_code"], edition)),
        share_2000_40000=_share((area >= 2_000) & (area <= 40_000)),
        share_5000_20000=_share((area >= 5_000) & (area <= 20_000)),
        main_roads_within_20m_share=_roads_near_edges(roads, shapes, cover),
        edges_on_roads_share=_edges_on_roads(roads, shapes),
    )


def failures(check: GridCheck) -> list[Fault]:
    """
    Why these grids may not be used; empty when they may.

    Invalid cells, an overlap or gap above 0.001 m², a cell outside its parent or a code fault.
    Shares are measures of quality and never a failure.
    """
    rules = (
        (check.cells == 0, "cells", N_("There are no cells.")),
        (check.invalid > 0, "invalid", N_("{value} cells are no valid polygons.")),
        (check.overlaps_m2 > LARGEST_ERROR_M2, "overlaps_m2", N_("Cells overlap by {value} m².")),
        (check.gaps_m2 > LARGEST_ERROR_M2, "gaps_m2", N_("Cells leave {value} m² free.")),
        (
            check.outside_parent > 0,
            "outside_parent",
            N_("{value} cells reach out of their community."),
        ),
        (check.code_faults > 0, "code_faults", N_("{value} codes are wrong.")),
    )
    values = check.as_dict()
    return [fault(key, message, value=values[key]) for broken, key, message in rules if broken]


def all_code_faults(
    codes: "pd.Series[str]", communities: "pd.Series[str]", edition: str
) -> list[Fault]:
    """
    Every fault of a set of grid codes: form, unknown community, repeats, serials left out.

    One fault per code at most, so their number is the number of wrong codes; a community whose
    serials do not run 1..n adds one.
    """
    known = set(communities)
    faults = []
    for code in codes:
        wrong = code_faults(code, edition)
        if wrong:
            faults.append(wrong[0])
        elif code[:COMMUNITY_LENGTH] not in known:
            faults.append(fault("grid_code", N_("{value} names no known community."), value=code))
    repeated = codes[codes.duplicated()]
    faults += [fault("grid_code", N_("{value} comes twice."), value=code) for code in repeated]
    return faults + _serial_gaps(codes)


def _serial_gaps(codes: "pd.Series[str]") -> list[Fault]:
    serial = codes.str[COMMUNITY_LENGTH:]
    counted = serial[serial.str.fullmatch(r"[0-9]+")].astype(int)
    groups = counted.groupby(codes.str[:COMMUNITY_LENGTH])
    return [
        fault("grid_code", N_("Community {value} leaves out serials."), value=str(community))
        for community, numbers in groups
        if numbers.max() != numbers.nunique()
    ]


def _share(mask: NDArray[np.bool_]) -> float:
    return round(float(mask.mean()), 4) if len(mask) else 0.0


def _overlaps_m2(shapes: Geometries) -> float:
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = a < b
    common = shapely.intersection(shapes[a[pair]], shapes[b[pair]])
    return round(float(shapely.area(common).sum()), 6)


def _left_free_m2(whole: shapely.Geometry, cover: shapely.Geometry) -> float:
    return round(float(shapely.difference(whole, cover).area), 6)


def _difference_m2(streets: gpd.GeoDataFrame, cover: shapely.Geometry) -> float:
    source = shapely.union_all(streets.geometry.to_numpy())
    return round(max(_left_free_m2(source, cover), _left_free_m2(cover, source)), 3)


def _outside_parent(cells: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> int:
    parent_of = communities.set_index("community_code").geometry
    codes = cells["grid_code"].str[:COMMUNITY_LENGTH]
    parents = parent_of.reindex(codes).to_numpy()
    orphan = shapely.is_missing(parents)
    shapes = shapely.make_valid(cells.geometry.to_numpy())
    beyond = shapely.area(shapely.difference(shapes[~orphan], parents[~orphan]))
    return int(orphan.sum() + (beyond > LARGEST_ERROR_M2).sum())


def _sampled(lines: Geometries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points in the middle of equal stretches of at most 2 m, and the length each stands for."""
    length = shapely.length(lines)
    count = np.maximum(np.ceil(length / _STEP_M).astype(np.int64), 1)
    line = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    stands_for = np.repeat(length / count, count)
    points = shapely.line_interpolate_point(lines[line], (number + 0.5) * stands_for)
    return shapely.get_coordinates(points), stands_for


def _roads_near_edges(
    roads: gpd.GeoDataFrame, cells: Geometries, district: shapely.Geometry
) -> float:
    classes = RoadClasses(local=frozenset(), minor=frozenset())
    lines = usable_roads(roads, classes).geometry.to_numpy()
    inside = shapely.get_parts(shapely.intersection(lines, district))
    inside = inside[shapely.length(inside) > 0]
    points, length = _sampled(np.asarray(inside, dtype=object))
    near = on_lines(points, shapely.boundary(cells), _ROAD_REACH_M)
    return _weighted(near, length)


def _edges_on_roads(roads: gpd.GeoDataFrame, cells: Geometries) -> float:
    lines = usable_roads(roads, RoadClasses()).geometry.to_numpy()
    edges = shapely.get_parts(shapely.union_all(shapely.boundary(cells)))
    points, length = _sampled(np.asarray(edges, dtype=object))
    return _weighted(on_lines(points, lines, _ON_ROAD_M), length)


def _weighted(mask: NDArray[np.bool_], length: NDArray[np.float64]) -> float:
    return round(float(length[mask].sum() / length.sum()), 4) if length.sum() else 0.0
