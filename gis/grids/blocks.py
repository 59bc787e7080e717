"""Blocks between roads: lines noded and turned into faces, slivers merged, big blocks cut again."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grids.coverage import dissolve, on_lines, segments_of
from gis.grids.merging import MergeRule, merged_labels, one_part_each, without_islands
from gis.grids.model import BuildSettings
from gis.grids.roads import clear_of, drawn_on, noded
from gis.grids.streets import Geometries

ON_ROAD_M = 0.01
"""A segment lies on a road when its middle is this near; noding moves a line by under 1 mm."""

_KEEP = {0: 0.3, 1: 0.6, 2: 0.8}
"""Weight of a road segment, by rank, when a small face looks for a neighbour to join."""

_NO_LIMIT = float("inf")
_LARGEST_ISLAND_SUM_M2 = 40_000.0


@dataclass(frozen=True)
class Blocks:
    """Faces between roads; `zone[i]` is the row of the zone that holds `shapes[i]`."""

    shapes: Geometries
    zone: NDArray[np.int64]


def faces_in(lines: Geometries, parents: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    """
    The faces that noded `lines` enclose, each with the number of the parent it lies in.

    Sorted by the point on their surface (west to east, then south to north), so the numbers do
    not depend on the order of the lines. Faces in no parent (a hole of the district) are dropped.
    """
    faces = np.asarray(shapely.get_parts(shapely.polygonize(lines)), dtype=object)
    points = shapely.point_on_surface(faces)
    xy = shapely.get_coordinates(points)
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    faces, points = faces[order], points[order]
    face_no, parent_no = shapely.STRtree(parents).query(points, predicate="within")
    parent = np.full(len(faces), -1, dtype=np.int64)
    parent[face_no] = parent_no
    return faces[parent >= 0], parent[parent >= 0]


def road_weights(faces: Geometries, roads: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Weight per segment of the coverage: low on main roads, 1 where no road runs."""
    middle = segments_of(faces).middle
    weight = np.ones(len(middle))
    for rank in sorted(_KEEP, reverse=True):
        lines = roads.geometry.to_numpy()[roads["rank"].to_numpy() == rank]
        weight[on_lines(middle, lines, ON_ROAD_M)] = _KEEP[rank]
    return weight


def blocks_between(
    zones: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, settings: BuildSettings
) -> Blocks:
    """
    Blocks enclosed by roads and zone lines, first by streets, then in big ones by minor roads.

    Faces under `sliver_area_m2` or narrower than `sliver_width_m` are merged: they are mostly the
    inside of dual carriageways. No block crosses a zone.

    Parameters
    ----------
    zones
        `geometry` Polygon, EPSG:4548, a valid coverage.
    roads
        As returned by `usable_roads`.
    """
    parents = zones.geometry.to_numpy()
    walls = shapely.boundary(parents)
    streets = roads.geometry.to_numpy()[roads["rank"].to_numpy() < 2]
    inside = shapely.coverage_union_all(parents)
    lines = clear_of(streets, walls, inside, settings.strip_width_m)
    lines = _with_ends(lines, walls, settings.extend_m)
    first = _merged(noded(walls, lines), parents, roads, settings)
    return _cut_again(first, roads, settings)


def _with_ends(lines: Geometries, walls: Geometries, reach_m: float) -> Geometries:
    if not len(lines):
        return lines
    return np.concatenate([lines, drawn_on(lines, walls, reach_m)])


def _merged(
    net: Geometries, parents: Geometries, roads: gpd.GeoDataFrame, settings: BuildSettings
) -> Blocks:
    faces, parent = faces_in(net, parents)
    rule = MergeRule(settings.sliver_area_m2, settings.sliver_width_m, _NO_LIMIT)
    label = merged_labels(faces, parent, road_weights(faces, roads), rule)
    label = without_islands(faces, label, parent, _LARGEST_ISLAND_SUM_M2)
    label = one_part_each(faces, label)
    shapes = dissolve(faces, label)
    zone = np.zeros(len(shapes), dtype=np.int64)
    zone[label] = parent
    return Blocks(shapes, zone)


def _cut_again(blocks: Blocks, roads: gpd.GeoDataFrame, settings: BuildSettings) -> Blocks:
    big = shapely.area(blocks.shapes) > settings.big_block_m2
    minor = roads.geometry.to_numpy()[roads["rank"].to_numpy() == 2]
    if not big.any() or not len(minor):
        return blocks
    walls = shapely.boundary(blocks.shapes)
    inside = shapely.coverage_union_all(blocks.shapes[big])
    lines = clear_of(minor, walls, inside, settings.minor_strip_width_m)
    lines = _with_ends(lines, walls, settings.minor_extend_m)
    finer = _merged(noded(walls, lines), blocks.shapes, roads, settings)
    return Blocks(finer.shapes, blocks.zone[finer.zone])
