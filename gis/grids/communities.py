"""
Communities where no polygon is known: cells of a street grouped, contiguous, along roads.

Where a real community lies inside its street cannot be known from its name, so what is made here
is derived, not official, and carries that mark wherever it is shown. Method: balanced k-means on
cell centres (a power diagram), pieces cut off given to their neighbours, then annealing with
moves of one border cell that never break a community apart. The energy is the length of community
border, cheap on roads, plus the spread of the areas.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, sqrt
from random import Random

import numpy as np
from numpy.typing import NDArray

_BALANCE = 10.0
"""Weight of ((area - mean) / mean)^2 against border length in cell sides."""

_HOT, _COLD = 0.8, 0.02
_LLOYD_STEPS = 60


@dataclass(frozen=True)
class StreetCells:
    """
    The cells of one street as a graph; n cells.

    `area_m2` n, `centre` (n, 2) metres, `border_cost`: cell -> neighbour -> cost of having a
    community border there (metres, less on roads).
    """

    area_m2: NDArray[np.float64]
    centre: NDArray[np.float64]
    border_cost: dict[int, dict[int, float]]


def grouped(street: StreetCells, count: int, *, seed: str, steps_per_cell: int) -> list[int]:
    """
    A community number 0..count-1 for each cell; every community is contiguous and not empty.

    The same cells, count and seed give the same groups on every machine (Python's own generator,
    seeded by text). `count` may not exceed the number of cells.
    """
    if count == 1:
        return [0] * len(street.area_m2)
    label = _balanced_start(street, count)
    _mend(street, label, count)
    _Annealing(street, label, count, Random(seed)).run(  # noqa: S311  repeatable, not secret
        steps_per_cell * len(label)
    )
    return label


def _balanced_start(street: StreetCells, count: int) -> list[int]:
    """Power diagram whose cells hold about equal area; seeds by farthest point, Lloyd's steps."""
    at, area = street.centre, street.area_m2
    mean = area.sum() / count
    chosen = [int(np.argmin(at[:, 0] - at[:, 1]))]
    away = np.hypot(*(at - at[chosen[0]]).T)
    for _ in range(count - 1):
        chosen.append(int(np.argmax(away)))
        away = np.minimum(away, np.hypot(*(at - at[chosen[-1]]).T))
    middle, weight = at[chosen].copy(), np.zeros(count)
    label = np.zeros(len(at), dtype=np.int64)
    for _ in range(_LLOYD_STEPS):
        squared = ((at[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
        label = np.argmin(squared - weight, axis=1)
        held = np.bincount(label, weights=area, minlength=count)
        weight += 0.25 * (mean - held)
        for k in np.flatnonzero(held).tolist():
            middle[k] = np.average(at[label == k], axis=0, weights=area[label == k])
    return [int(k) for k in label]


def _mend(street: StreetCells, label: list[int], count: int) -> None:
    """Give pieces that are cut off to their neighbours, and empty communities one cell each."""
    for k in range(count):
        pieces = _pieces(street, [i for i, owner in enumerate(label) if owner == k])
        for piece in pieces[1:]:
            for cell in piece:
                label[cell] = -1
    while -1 in label:
        for cell in [i for i, owner in enumerate(label) if owner == -1]:
            near = [
                (-cost, label[n]) for n, cost in street.border_cost[cell].items() if label[n] >= 0
            ]
            if near:
                label[cell] = min(near)[1]
    for k in sorted(set(range(count)) - set(label)):
        label[_spare_cell(street, label)] = k


def _pieces(street: StreetCells, cells: list[int]) -> list[list[int]]:
    """Connected pieces, the largest area first, equal ones by lowest cell number."""
    left, pieces = set(cells), []
    for first in cells:
        if first in left:
            piece = _reachable(street, first, left)
            left -= piece
            pieces.append(sorted(piece))
    return sorted(pieces, key=lambda p: (-street.area_m2[p].sum(), p[0]))


def _reachable(street: StreetCells, first: int, among: set[int]) -> set[int]:
    seen, waiting = {first}, [first]
    while waiting:
        for neighbour in street.border_cost.get(waiting.pop(), {}):
            if neighbour in among and neighbour not in seen:
                seen.add(neighbour)
                waiting.append(neighbour)
    return seen


def _spare_cell(street: StreetCells, label: list[int]) -> int:
    """A cell of the community with most cells that can leave without breaking it."""
    sizes = np.bincount(label)
    for owner in np.argsort(-sizes, kind="stable").tolist():
        cells = [i for i, k in enumerate(label) if k == owner]
        for cell in cells:
            rest = set(cells) - {cell}
            if rest and len(_reachable(street, min(rest), rest)) == len(rest):
                return cell
    raise ValueError("more communities than cells")


class _Annealing:
    """Moves of one border cell at a time; `label` is changed in place."""

    def __init__(self, street: StreetCells, label: list[int], count: int, chance: Random) -> None:
        self.street = street
        self.label = label
        self.chance = chance
        self.areas = street.area_m2.tolist()
        self.mean = sum(self.areas) / count
        self.side = sqrt(self.mean * count / len(label))
        self.held = np.bincount(label, weights=street.area_m2, minlength=count).tolist()
        self.members: list[set[int]] = [set() for _ in range(count)]
        for cell, owner in enumerate(label):
            self.members[owner].add(cell)
        self.neighbours = [list(street.border_cost[i]) for i in range(len(label))]

    def run(self, steps: int) -> None:
        cooling = (_COLD / _HOT) ** (1 / max(steps, 1))
        heat = _HOT
        for _ in range(steps):
            heat *= cooling
            cell = int(self.chance.random() * len(self.label))
            near = self.neighbours[cell]
            to = self.label[near[int(self.chance.random() * len(near))]]
            if to == self.label[cell]:
                continue
            change = self._change(cell, to)
            if change > 0 and self.chance.random() >= exp(-change / heat):
                continue
            if self._stays_whole(cell):
                self._move(cell, to)

    def _change(self, cell: int, to: int) -> float:
        was, border = self.label[cell], 0.0
        for neighbour, cost in self.street.border_cost[cell].items():
            owner = self.label[neighbour]
            if owner == was:
                border += cost
            elif owner == to:
                border -= cost
        area, mean = self.areas[cell], self.mean
        spread = (
            (self.held[was] - area - mean) ** 2
            - (self.held[was] - mean) ** 2
            + (self.held[to] + area - mean) ** 2
            - (self.held[to] - mean) ** 2
        ) / mean**2
        return float(border / self.side + _BALANCE * spread)

    def _stays_whole(self, cell: int) -> bool:
        rest = self.members[self.label[cell]] - {cell}
        near = [n for n in self.neighbours[cell] if n in rest]
        if not near:
            return False
        return len(near) == 1 or _all_reached(self.street, near, rest)

    def _move(self, cell: int, to: int) -> None:
        was = self.label[cell]
        self.members[was].discard(cell)
        self.members[to].add(cell)
        self.held[was] -= self.areas[cell]
        self.held[to] += self.areas[cell]
        self.label[cell] = to


def _all_reached(street: StreetCells, targets: list[int], among: set[int]) -> bool:
    """Whether all targets hang together; stops as soon as the last one is found."""
    missing = set(targets[1:])
    seen, waiting = {targets[0]}, [targets[0]]
    while waiting and missing:
        for neighbour in street.border_cost[waiting.pop()]:
            if neighbour in among and neighbour not in seen:
                seen.add(neighbour)
                missing.discard(neighbour)
                waiting.append(neighbour)
    return not missing


def named_in_bands(label: Iterable[int], street: StreetCells, codes: list[str]) -> list[str]:
    """
    The community code of each cell: codes in ascending order go to the groups in reading order.

    Groups are read in bands from north to south, west to east inside a band (band height: side
    of a square of the mean group area). The order is a convention that makes the result
    repeatable; it says nothing about where the real community lies.
    """
    group = np.array(list(label))
    count = len(codes)
    area = np.bincount(group, weights=street.area_m2, minlength=count)
    east = np.bincount(group, weights=street.area_m2 * street.centre[:, 0], minlength=count) / area
    north = np.bincount(group, weights=street.area_m2 * street.centre[:, 1], minlength=count) / area
    order = reading_order(np.column_stack([east, north]), sqrt(float(area.mean())))
    code_of = dict(zip(order.tolist(), sorted(codes), strict=True))
    return [code_of[int(k)] for k in group]


def reading_order(points: NDArray[np.float64], band_m: float) -> NDArray[np.int64]:
    """
    The numbers of the points read like a page: bands north to south, west to east inside one.

    Bands of `band_m` are counted down from the northernmost point. Ties inside a band go to the
    more northern point, then to the lower number. Coordinates count to the millimetre.
    """
    at = np.round(points, 3)
    band = np.floor((at[:, 1].max() - at[:, 1]) / band_m).astype(np.int64)
    return np.asarray(np.lexsort((np.arange(len(at)), -at[:, 1], at[:, 0], band)), dtype=np.int64)
