"""Small and narrow faces joined to a neighbour, by label: no geometry is computed here."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grids.coverage import OUTSIDE, dissolve, segments_of, shared_lengths
from gis.grids.streets import Geometries

_LARGEST_NARROW_M2 = 30_000.0
"""A winding block above this may have a long edge without being a strip."""


@dataclass(frozen=True)
class MergeRule:
    """What counts as too small, and how large a sum may become (square metres, metres)."""

    area_m2: float
    width_m: float
    largest_m2: float


def merged_labels(
    faces: Geometries,
    group: NDArray[np.int64],
    weight: NDArray[np.float64] | None,
    rule: MergeRule,
) -> NDArray[np.int64]:
    """
    A label 0..k-1 per face after joining what `rule` finds too small or too narrow.

    The smallest face goes first. It joins the neighbour of its own group with the longest common
    edge, each segment counted with `weight` (low where a road should stay an edge); a neighbour
    that keeps the sum within `rule.largest_m2` is preferred. Equal candidates: the lower number.
    Width is 2 area / perimeter. A face without a neighbour in its group stays.
    """
    segments = segments_of(faces)
    state = _Merging(
        area=shapely.area(faces).tolist(),
        perimeter=shapely.length(faces).tolist(),
        shared=shared_lengths(segments),
        pull=shared_lengths(segments, weight),
        group=group.tolist(),
        into=list(range(len(faces))),
    )
    queue = [(state.area[i], i) for i in range(len(faces)) if state.too_small(i, rule)]
    heapify(queue)
    while queue:
        area, face = heappop(queue)
        if state.into[face] != face or area != state.area[face]:
            continue
        target = state.target_of(face, rule)
        if target is None:
            continue
        state.join(face, target)
        if state.too_small(target, rule):
            heappush(queue, (state.area[target], target))
    return compact(np.array([state.root(i) for i in range(len(faces))]))


@dataclass
class _Merging:
    area: list[float]
    perimeter: list[float]
    shared: dict[int, dict[int, float]]
    pull: dict[int, dict[int, float]]
    group: list[int]
    into: list[int]

    def too_small(self, face: int, rule: MergeRule) -> bool:
        area = self.area[face]
        narrow = 2 * area < rule.width_m * self.perimeter[face]
        return area < rule.area_m2 or (narrow and area < _LARGEST_NARROW_M2)

    def target_of(self, face: int, rule: MergeRule) -> int | None:
        candidates = [
            (self.area[face] + self.area[n] > rule.largest_m2, -pull, n)
            for n, pull in self.pull.get(face, {}).items()
            if self.group[n] == self.group[face]
        ]
        return min(candidates)[2] if candidates else None

    def join(self, face: int, target: int) -> None:
        self.into[face] = target
        self.area[target] += self.area[face]
        self.perimeter[target] += self.perimeter[face] - 2 * self.shared[face][target]
        for table in (self.shared, self.pull):
            for neighbour, length in table.pop(face).items():
                del table[neighbour][face]
                if neighbour != target:
                    table[target][neighbour] = table[target].get(neighbour, 0.0) + length
                    table[neighbour][target] = table[target][neighbour]

    def root(self, face: int) -> int:
        while self.into[face] != face:
            face = self.into[face]
        return face


def compact(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same grouping with labels 0..k-1 in the order of first appearance."""
    _, first, index = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.asarray(rank[index], dtype=np.int64)


def one_part_each(faces: Geometries, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels split where the faces of one label hang together only by a corner or not at all."""
    root = list(range(len(faces)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    segments = segments_of(faces)
    inner = segments.right != OUTSIDE
    same = label[segments.left] == label[segments.right]
    for a, b in zip(
        segments.left[inner & same].tolist(), segments.right[inner & same].tolist(), strict=True
    ):
        root[max(find(a), find(b))] = min(find(a), find(b))
    return compact(np.array([find(i) for i in range(len(faces))]))


def without_islands(
    faces: Geometries, label: NDArray[np.int64], group: NDArray[np.int64], largest_m2: float
) -> NDArray[np.int64]:
    """
    Labels after joining what lies inside another label's hole to the label around it.

    Only within one group and while the sum stays within `largest_m2`; other holes remain and are
    cut open later.
    """
    shapes = dissolve(faces, label)
    holes, owner = _holes(shapes)
    if not len(holes):
        return label
    inside = shapely.point_on_surface(shapes)
    point_no, hole_no = shapely.STRtree(holes).query(inside, predicate="within")
    groups = np.zeros(len(shapes), dtype=np.int64)
    groups[label] = group
    joined = np.arange(len(shapes))
    area = shapely.area(shapes)
    for hole in np.unique(hole_no):
        island, around = point_no[hole_no == hole], owner[hole]
        if (groups[island] != groups[around]).any():
            continue
        if area[island].sum() + area[around] <= largest_m2:
            joined[island] = joined[around]
    return compact(joined[label])


def _holes(shapes: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    rings: list[shapely.Geometry] = []
    owner: list[int] = []
    for number in np.flatnonzero(shapely.get_num_interior_rings(shapes) > 0).tolist():
        for ring in shapes[number].interiors:
            rings.append(shapely.Polygon(ring))
            owner.append(number)
    return np.array(rings, dtype=object), np.array(owner, dtype=np.int64)
