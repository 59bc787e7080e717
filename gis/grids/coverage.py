"""A set of faces that share exact edges: who borders whom, along which segments."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grids.streets import GRID_SIZE_M, Geometries

OUTSIDE = -1
"""Face number on the far side of the outer edge."""


@dataclass(frozen=True)
class Segments:
    """
    Every straight piece of edge once; n rows.

    `start`, `end`: (n, 2) metres. `left`, `right`: face numbers, `left < right`, or `right` is
    `OUTSIDE`. `length_m`: n.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    length_m: NDArray[np.float64]

    @property
    def middle(self) -> NDArray[np.float64]:
        """The middle point of each segment, (n, 2) metres."""
        return (self.start + self.end) / 2


def segments_of(faces: Geometries) -> Segments:
    """
    The segments of a coverage, in a stable order (by position).

    Vertices are matched to the millimetre. A segment with one face lies on the outer edge; the
    callers made the faces by polygonizing, so more than two faces cannot meet on one.
    """
    rings, face_of_ring = shapely.get_rings(faces, return_index=True)
    xy, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring_of_point[1:] == ring_of_point[:-1]
    a, b = xy[:-1][same_ring], xy[1:][same_ring]
    face = face_of_ring[ring_of_point[:-1][same_ring]]
    key_a, key_b = _keys(a, xy), _keys(b, xy)
    swap = key_a > key_b
    low, high = np.where(swap, key_b, key_a), np.where(swap, key_a, key_b)
    order = np.lexsort((face, high, low))
    low, high, face, a, b = low[order], high[order], face[order], a[order], b[order]
    opens = np.ones(len(low), dtype=bool)
    opens[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first = np.flatnonzero(opens)
    paired = np.append(first[1:], len(low)) - first > 1
    right = np.where(paired, face[np.minimum(first + 1, len(face) - 1)], OUTSIDE)
    start, end = a[first], b[first]
    length = np.hypot(*(end - start).T)
    return Segments(start, end, face[first].astype(np.int64), right.astype(np.int64), length)


def _keys(points: NDArray[np.float64], extent: NDArray[np.float64]) -> NDArray[np.int64]:
    origin = extent.min(axis=0)
    cells = np.round((points - origin) / GRID_SIZE_M).astype(np.int64)
    height = int(round((extent[:, 1].max() - origin[1]) / GRID_SIZE_M)) + 1
    return np.asarray(cells[:, 0] * height + cells[:, 1], dtype=np.int64)


def shared_lengths(
    segments: Segments, weight: NDArray[np.float64] | None = None
) -> dict[int, dict[int, float]]:
    """Face -> neighbour -> length of the common edge in metres, times `weight` per segment."""
    inner = segments.right != OUTSIDE
    value = segments.length_m if weight is None else segments.length_m * weight
    width = int(max(segments.left.max(initial=0), segments.right.max(initial=0))) + 1
    pair = segments.left[inner] * width + segments.right[inner]
    pairs, index = np.unique(pair, return_inverse=True)
    sums = np.bincount(index, weights=value[inner], minlength=len(pairs))
    table: dict[int, dict[int, float]] = {}
    for code, total in zip(pairs.tolist(), sums.tolist(), strict=True):
        left, right = divmod(code, width)
        table.setdefault(left, {})[right] = total
        table.setdefault(right, {})[left] = total
    return table


def on_lines(points: NDArray[np.float64], lines: Geometries, within_m: float) -> NDArray[np.bool_]:
    """Whether each point lies within `within_m` of any of the lines."""
    near = np.zeros(len(points), dtype=bool)
    if len(lines) and len(points):
        tree = shapely.STRtree(lines)
        found, _ = tree.query(shapely.points(points), predicate="dwithin", distance=within_m)
        near[found] = True
    return near


def dissolve(faces: Geometries, label: NDArray[np.int64]) -> Geometries:
    """
    One geometry per label 0..k-1, of faces that share exact edges.

    Nothing is computed but which edges fall away, so no vertex moves.
    """
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(label.max(initial=-1) + 2))
    shapes = [
        faces[order[lo]] if hi - lo == 1 else shapely.coverage_union_all(faces[order[lo:hi]])
        for lo, hi in zip(bounds[:-1], bounds[1:], strict=True)
    ]
    single = [_only_part(shape) for shape in shapes]
    return np.array(single, dtype=object)


def _only_part(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
