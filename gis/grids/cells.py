"""From blocks to cells: cuts noded once for the whole district, leftovers merged by label."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import Invalid
from gis.grids.blocks import Blocks, faces_in, road_weights
from gis.grids.coverage import dissolve
from gis.grids.merging import MergeRule, merged_labels, one_part_each, without_islands
from gis.grids.model import BuildSettings
from gis.grids.roads import noded
from gis.grids.splitting import equal_area_split
from gis.grids.streets import Geometries
from gis.i18n import N_

_SMALLEST_CELL_SHARE = 0.32
"""Pieces under this share of the target area are merged into a neighbour."""

_NARROWEST_CELL_M = 22.0
_NO_LIMIT = float("inf")


@dataclass(frozen=True)
class Cells:
    """Cell polygons without holes, a valid coverage; `zone[i]` is the row of cell i's zone."""

    shapes: Geometries
    zone: NDArray[np.int64]


def cells_of(
    zones: gpd.GeoDataFrame, blocks: Blocks, roads: gpd.GeoDataFrame, settings: BuildSettings
) -> Cells:
    """
    Divide the blocks into cells of about the target area.

    All cut lines, block lines and zone lines are noded together once, so neighbours share exact
    vertices also where a cut ends on the far side of a street line.

    Raises
    ------
    Invalid
        When a zone line makes a hole in every possible cell (a zone inside another zone that is
        too small to be cut around).
    """
    splits = [equal_area_split(block, settings.target_area_m2) for block in blocks.shapes]
    cuts = np.array([line for split in splits for line in split.cuts], dtype=object)
    pieces = np.array([piece for split in splits for piece in split.pieces], dtype=object)
    walls = shapely.boundary(zones.geometry.to_numpy())
    net = noded(walls, shapely.boundary(blocks.shapes), cuts)
    faces, zone = faces_in(net, zones.geometry.to_numpy())
    label = one_part_each(faces, _piece_of(faces, pieces, zone))
    cells = dissolve(faces, label)
    cell_zone = np.zeros(len(cells), dtype=np.int64)
    cell_zone[label] = zone
    return _tidied(cells, cell_zone, roads, settings)


def _piece_of(faces: Geometries, pieces: Geometries, zone: NDArray[np.int64]) -> NDArray[np.int64]:
    """Zone and planned piece of each face as one number; slivers of rounding take the nearest."""
    points = shapely.point_on_surface(faces)
    nearest = shapely.STRtree(pieces).query_nearest(points, all_matches=False)
    piece = np.zeros(len(faces), dtype=np.int64)
    piece[nearest[0]] = nearest[1]
    return np.asarray(zone * len(pieces) + piece, dtype=np.int64)


def _tidied(
    cells: Geometries, zone: NDArray[np.int64], roads: gpd.GeoDataFrame, settings: BuildSettings
) -> Cells:
    rule = MergeRule(
        settings.target_area_m2 * _SMALLEST_CELL_SHARE,
        _NARROWEST_CELL_M,
        settings.largest_merge_m2,
    )
    label = merged_labels(cells, zone, road_weights(cells, roads), rule)
    label = without_islands(cells, label, zone, _NO_LIMIT)
    shapes = dissolve(cells, label)
    holed = shapely.get_num_interior_rings(shapes) > 0
    if holed.any() or (shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON).any():
        raise Invalid(
            N_(
                "{count} cells could not be made simple polygons; look for a street inside a block."
            ),
            count=int(holed.sum()) or 1,
        )
    result = np.zeros(len(shapes), dtype=np.int64)
    result[label] = zone
    return Cells(shapes, result)
