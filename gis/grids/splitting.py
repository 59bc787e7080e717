"""
Blocks too large for one cell, divided by straight cuts of equal area (recursive bisection).

Named method: a block of area A gets n = round(A / target) cells. One straight cut divides it in
the proportion floor(n/2) : ceil(n/2); each part is divided again until n = 1. Of six directions
(steps of 30 degrees from the block's longest extent) the one that gives the most compact parts
wins; parts in several pieces count as bad.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grids.roads import OVERSHOOT_M
from gis.grids.streets import Geometries

_TURNS = np.radians([0.0, 30.0, 60.0, 90.0, 120.0, 150.0])
_BISECTIONS = 22
_LOOSE_PIECE = 12.0
"""Penalty per extra piece, in units of perimeter / square root of area (a square has 4)."""

_SHORTEST_CUT_M = 0.05


@dataclass(frozen=True)
class Split:
    """The planned pieces of one block and the cut lines that make them."""

    pieces: list[shapely.Polygon]
    cuts: list[shapely.LineString]


def equal_area_split(block: shapely.Polygon, target_area_m2: float) -> Split:
    """
    Divide one block into pieces of about `target_area_m2`.

    Every piece is a Polygon without holes; a block with a hole is first cut through the hole.
    Cut lines overshoot the block by two centimetres so that noding finds their ends. The pieces
    only serve to tell the later faces apart: the lines are what is kept.
    """
    pieces: list[shapely.Polygon] = []
    cuts: list[shapely.LineString] = []
    waiting = [block]
    while waiting:
        shape = waiting.pop()
        count = round(shape.area / target_area_m2)
        if count <= 1 and not shape.interiors:
            pieces.append(shape)
            continue
        lines, parts = _best_cut(shape, max(count, 2))
        cuts += lines
        if len(parts) == 1:
            pieces.append(shape)
        else:
            waiting += parts
    return Split(pieces, cuts)


def _best_cut(
    shape: shapely.Polygon, count: int
) -> tuple[list[shapely.LineString], list[shapely.Polygon]]:
    share = (count // 2) / count
    options = []
    for number, angle in enumerate(_longest_direction(shape) + _TURNS):
        line = _cut_line(shape, float(angle), share)
        parts = _sides(shape, line)
        options.append((_badness(parts), number, line, parts))
    _, _, line, parts = min(options, key=lambda o: o[:2])
    inner = shapely.get_parts(shapely.intersection(shape, line))
    kept = [_stretched(cut) for cut in inner if cut.length > _SHORTEST_CUT_M]
    return kept, parts


def _longest_direction(shape: shapely.Polygon) -> float:
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(box[:3], axis=0)
    longest = sides[np.argmax(np.hypot(sides[:, 0], sides[:, 1]))]
    return float(np.arctan2(longest[1], longest[0]))


def _cut_line(shape: shapely.Polygon, angle: float, share: float) -> shapely.LineString:
    """The line across direction `angle` that leaves `share` of the area behind it."""
    ahead = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-ahead[1], ahead[0]])
    if shape.interiors:
        middle = shapely.get_coordinates(shapely.Polygon(shape.interiors[0]).representative_point())
        offset = float(middle[0] @ ahead)
    else:
        offset = _offset_of_share(shape, ahead, aside, share)
    across = shapely.get_coordinates(shape.exterior) @ aside
    low, high = across.min() - 1, across.max() + 1
    return shapely.LineString([ahead * offset + aside * low, ahead * offset + aside * high])


def _offset_of_share(
    shape: shapely.Polygon, ahead: NDArray[np.float64], aside: NDArray[np.float64], share: float
) -> float:
    """
    Bisection on the area behind an offset.

    The area of {x < c} is the integral of min(x, c) dy around the ring, counter-clockwise; no
    polygon is clipped on the way.
    """
    xy = shapely.get_coordinates(shape.exterior)
    x, y = xy @ ahead, xy @ aside
    x1, x2, dy = x[:-1], x[1:], np.diff(y)
    low, high = float(x.min()), float(x.max())
    near, far = np.minimum(x1, x2), np.maximum(x1, x2)
    run = np.where(far > near, far - near, 1.0)
    whole = abs(float(((x1 + x2) / 2 * dy).sum()))
    sign = 1.0 if float(((x1 + x2) / 2 * dy).sum()) > 0 else -1.0
    base = low
    for _ in range(_BISECTIONS):
        c = (low + high) / 2
        before = np.clip((c - near) / run, 0.0, 1.0)
        top = np.minimum(far, c)
        mean = np.where(near >= c, c, before * (near + top) / 2 + (1 - before) * c)
        behind = sign * float(((mean - base) * dy).sum())
        if behind < share * whole:
            low = c
        else:
            high = c
    return (low + high) / 2


def _sides(shape: shapely.Polygon, line: shapely.LineString) -> list[shapely.Polygon]:
    (x1, y1), (x2, y2) = line.coords
    reach = line.length + np.hypot(*np.ptp(shapely.get_coordinates(shape), axis=0))
    normal = np.array([y2 - y1, x1 - x2]) / line.length * reach
    half = shapely.Polygon(
        [(x1, y1), (x2, y2), (x2 + normal[0], y2 + normal[1]), (x1 + normal[0], y1 + normal[1])]
    )
    both = [shapely.intersection(shape, half), shapely.difference(shape, half)]
    parts: Geometries = np.asarray(shapely.get_parts(both), dtype=object)
    return [p for p in parts if p.geom_type == "Polygon" and p.area > OVERSHOOT_M]


def _badness(parts: list[shapely.Polygon]) -> float:
    if len(parts) < 2:
        return float("inf")
    outline = [p.length / np.sqrt(p.area) for p in parts]
    return round(float(np.mean(outline)) + _LOOSE_PIECE * (len(parts) - 2), 6)


def _stretched(cut: shapely.LineString) -> shapely.LineString:
    a, b = np.array(cut.coords[0]), np.array(cut.coords[-1])
    step = (b - a) / np.hypot(*(b - a)) * OVERSHOOT_M
    return shapely.LineString([a - step, b + step])
