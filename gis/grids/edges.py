"""The edges between cells, each with the reason why it is there."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import WORK_SRID
from gis.grids.blocks import ON_ROAD_M
from gis.grids.coverage import OUTSIDE, Segments, on_lines, segments_of
from gis.grids.model import EdgeOrigin
from gis.grids.streets import Geometries

_NAMES = tuple(EdgeOrigin)


def edges_of(
    cells: Geometries,
    codes: list[str],
    zone: NDArray[np.int64],
    roads: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Every edge between two cells, or a cell and the outside, once per origin.

    Origin is decided segment by segment, in this order: `boundary` when the two sides belong to
    different zones or one side is outside; `road` when the middle of the segment lies within a
    centimetre of a road; else `split`. Roads drawn on to meet the next line count as `split`:
    there is no road there. An edge in two stretches gives two rows.

    Parameters
    ----------
    cells
        n Polygons, EPSG:4548, a valid coverage.
    codes
        n grid codes.
    zone
        n zone numbers.
    roads
        As returned by `usable_roads`.

    Returns
    -------
    GeoDataFrame
        `left_code`, `right_code` (None outside), `origin`, `length_m`, `geometry` LineString in
        EPSG:4548; sorted by codes and origin.
    """
    segments = segments_of(cells)
    kind = _origins(segments, zone, roads)
    known = np.array([*codes, ""])
    a, b = known[segments.left], known[segments.right]
    swap = (b != "") & (b < a)
    left, right = np.where(swap, b, a), np.where(swap, a, b)
    order = np.lexsort((kind, right, left))
    opens = np.zeros(len(order), dtype=bool)
    opens[0] = True
    for column in (left[order], right[order], kind[order]):
        opens[1:] |= column[1:] != column[:-1]
    ends = np.stack([segments.start, segments.end], axis=1)[order]
    lines = np.asarray(shapely.linestrings(ends), dtype=object)
    shapes = shapely.line_merge(shapely.multilinestrings(lines, indices=np.cumsum(opens) - 1))
    first = order[np.flatnonzero(opens)]
    frame = gpd.GeoDataFrame(
        {
            "left_code": left[first].astype(object),
            "right_code": [code or None for code in right[first].tolist()],
            "origin": [_NAMES[k].value for k in kind[first].tolist()],
        },
        geometry=shapes,
        crs=WORK_SRID,
    ).explode(ignore_index=True)
    frame.insert(3, "length_m", frame.length)
    return frame


def _origins(
    segments: Segments, zone: NDArray[np.int64], roads: gpd.GeoDataFrame
) -> NDArray[np.int64]:
    """Position in `_NAMES` per segment."""
    road = on_lines(segments.middle, roads.geometry.to_numpy(), ON_ROAD_M)
    kind = np.where(road, _NAMES.index(EdgeOrigin.ROAD), _NAMES.index(EdgeOrigin.SPLIT))
    border = (segments.right == OUTSIDE) | (zone[segments.left] != zone[segments.right])
    return np.where(border, _NAMES.index(EdgeOrigin.BOUNDARY), kind)
