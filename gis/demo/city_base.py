"""The base map of the benchmark city: roads along its lattice, parcels, houses, water, people."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.demo.city_ground import CityGround
from gis.demo.sizes import read_rows

_RANKS = ((20, 1, "trunk"), (5, 2, "secondary"), (2, 3, "tertiary"), (1, 4, "residential"))
"""Every 20th line of the lattice is a trunk road, every 5th a secondary one, and so on."""
_PIECE = 5
"""Cells along one road line: surveys cut roads at crossings."""
_RIVER_EVERY, _PARK_SHARE = 97, 0.02
_KERB = 0.07
"""Where a parcel begins and a house may begin, as a share of the cell's side."""
_HOUSES = ((0.12, 0.38), (0.58, 0.88))
_PEOPLE_PER_CELL = 190


def city_roads(ground: CityGround) -> pd.DataFrame:
    """Lines of the lattice in pieces of five cells, `shape` in the working CRS."""
    corners, n = ground.corners, ground.plan.side
    frames = []
    for way, lines in (("街", corners), ("路", corners.swapaxes(0, 1))):
        starts = range(0, n, _PIECE)
        pieces = [lines[:, s : s + _PIECE + 1] for s in starts]
        shapes = np.concatenate([shapely.linestrings(piece) for piece in pieces])
        line = np.tile(np.arange(n + 1), len(starts))
        along = np.minimum(np.repeat(np.array(starts), n + 1) + _PIECE // 2, n - 1)
        across = np.minimum(line, n - 1)
        cell = across * n + along if way == "街" else along * n + across
        frames.append(_road_rows(line, way, cell, ground).assign(shape=shapes))
    roads = pd.concat(frames, ignore_index=True)
    return roads.assign(length_m=np.round(shapely.length(roads["shape"].to_numpy()), 3))


def _road_rows(
    line: NDArray[np.int64], way: str, cell: NDArray[np.int64], ground: CityGround
) -> pd.DataFrame:
    number = [next(i for i, (every, *_) in enumerate(_RANKS) if k % every == 0) for k in line]
    return pd.DataFrame(
        {
            "name": [f"演示{k + 1}{way}" for k in line],
            "class": [_RANKS[i][2] for i in number],
            "rank": [_RANKS[i][1] for i in number],
            "grid_code": ground.codes[cell].astype(object),
        }
    )


class CityBase:
    """What covers the cells; drawn once, so that houses stand on parcels and not in the river."""

    def __init__(self, ground: CityGround, rng: np.random.Generator) -> None:
        self.ground, self.rng = ground, rng
        n = ground.plan.side
        row, _ = np.divmod(np.arange(n * n), n)
        self.river = row % _RIVER_EVERY == _RIVER_EVERY // 2
        self.park = (rng.random(n * n) < _PARK_SHARE) & ~self.river
        self.built = np.flatnonzero(~(self.river | self.park))
        uses = read_rows("land_use")
        share = np.array([float(use["share"]) for use in uses])
        self.uses = uses
        self.use = rng.choice(len(uses), size=n * n, p=share / share.sum())

    def _inside(
        self, cells: NDArray[np.int64], u: Sequence[float], v: Sequence[float]
    ) -> NDArray[np.object_]:
        """A piece of each cell, from u[0] to u[1] of its width and v[0] to v[1] of its height."""
        n = self.ground.plan.side
        row, column = np.divmod(cells, n)
        c = self.ground.corners
        a, b = c[row, column], c[row, column + 1]
        d, e = c[row + 1, column], c[row + 1, column + 1]
        four = [
            (a * (1 - x) + b * x) * (1 - y) + (d * (1 - x) + e * x) * y
            for x, y in ((u[0], v[0]), (u[1], v[0]), (u[1], v[1]), (u[0], v[1]))
        ]
        return np.asarray(shapely.polygons(np.round(np.stack(four, axis=1), 3)), dtype=object)

    def _codes(self, cells: NDArray[np.int64]) -> NDArray[np.object_]:
        return np.asarray(self.ground.codes[cells].astype(object), dtype=object)

    def parcels(self) -> pd.DataFrame:
        """One parcel in half of the cells, two in the others."""
        halves = self.rng.random(len(self.built)) < 0.5
        whole, cut = self.built[~halves], self.built[halves]
        kerb, far = _KERB, 1 - _KERB
        parts = [
            (whole, self._inside(whole, (kerb, far), (kerb, far))),
            (cut, self._inside(cut, (kerb, 0.5), (kerb, far))),
            (cut, self._inside(cut, (0.5, far), (kerb, far))),
        ]
        cells = np.concatenate([cell for cell, _ in parts])
        shapes = np.concatenate([shape for _, shape in parts])
        return pd.DataFrame(
            {
                "code": [f"L{i:07d}" for i in range(1, len(cells) + 1)],
                "land_use_code": [self.uses[i]["land_use_code"] for i in self.use[cells]],
                "area_m2": np.round(shapely.area(shapes), 1),
                "grid_code": self._codes(cells),
                "shape": shapes,
            }
        )

    def buildings(self) -> pd.DataFrame:
        """Three or four houses in a cell that is built on."""
        kinds = np.array([use["building_kind"] for use in self.uses], dtype=object)
        cells = self.built[kinds[self.use[self.built]] != ""]
        frames = []
        for u in _HOUSES:
            for v in _HOUSES:
                there = cells[self.rng.random(len(cells)) < 0.85]
                high = np.array([int(use["floors_high"]) for use in self.uses])
                floors = 1 + np.floor(self.rng.random(len(there)) ** 2 * high[self.use[there]])
                frames.append(
                    pd.DataFrame(
                        {
                            "kind": kinds[self.use[there]],
                            "floors": floors.astype(int),
                            "grid_code": self._codes(there),
                            "shape": self._inside(there, u, v),
                        }
                    )
                )
        return pd.concat(frames, ignore_index=True)

    def open_space(self) -> pd.DataFrame:
        """The river in pieces, and parks of one cell."""
        rows = []
        for kind, name, chosen in (
            ("water", "演示河", self.river),
            ("green", "演示公园", self.park),
        ):
            cells = np.flatnonzero(chosen)
            edge = (0.0, 1.0) if kind == "water" else (_KERB, 1 - _KERB)
            shapes = self._inside(cells, edge, edge)
            rows.append(
                pd.DataFrame(
                    {"kind": kind, "name": name, "grid_code": self._codes(cells), "shape": shapes}
                )
            )
        return pd.concat(rows, ignore_index=True)

    def hospitals(self) -> pd.DataFrame:
        """One in every street."""
        streets, first = np.unique(self.ground.codes.astype("U9"), return_index=True)
        cells = np.asarray(first, dtype=np.int64)
        return pd.DataFrame(
            {
                "kind": "hospital",
                "name": [f"演示医院（{street[4:]}）" for street in streets],
                "grid_code": self._codes(cells),
                "shape": shapely.centroid(self._inside(cells, (0.3, 0.7), (0.3, 0.7))),
            }
        )

    def population(self) -> pd.DataFrame:
        """People per cell, and their sums per community and street: area_code, people."""
        codes = pd.Series(self.ground.codes.astype(object))
        spread = self.rng.lognormal(0, 0.35, len(codes))
        people = pd.Series(np.round(_PEOPLE_PER_CELL * spread).astype(int))
        people[self.river | self.park] = 0
        parts = [pd.DataFrame({"area_code": codes, "people": people})]
        for length in (12, 9):
            total = people.groupby(codes.str[:length].to_numpy()).sum()
            parts.append(pd.DataFrame({"area_code": total.index, "people": total.to_numpy()}))
        return pd.concat(parts, ignore_index=True)
