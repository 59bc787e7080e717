"""A city of regular, warped cells for the benchmarks: 102,400 of them, with a hierarchy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis.components.coding import component_codes
from gis.components.thinning import minzooms
from gis.crs import MASTER_SRID, WORK_SRID
from gis.demo.copying import to_master, to_web
from gis.demo.sizes import read_rows
from gis.demo.town import CENTRE

CITY_CODE = "1101"
SIZE_NAME = "city"
CITY_SIZES: Final[Mapping[str, Mapping[str, str]]] = {
    SIZE_NAME: {},
    "city_100k": {"cases": "100000"},
}
"""The city of the benchmarks; others of its kind differ from data/demo/city.csv in this."""
_PIPE_KINDS = ("JP", "WS", "YS", "TR", "RS", "GD", "DH", "DQ")
_WITH_VALVES = ("JP", "TR", "RS", "DQ")
_MAIN_EVERY = 20


@dataclass(frozen=True)
class CityPlan:
    """How much of everything; data/demo/city.csv, smaller in tests."""

    districts_a_side: int
    streets_a_side: int
    communities_a_side: int
    cells_a_side: int
    cell_m: float
    components: int
    pipe_segments: int
    valves: int
    cases: int
    days: int
    open_share: float
    component_share: float

    @property
    def side(self) -> int:
        """Cells along one side of the city."""
        return (
            self.districts_a_side
            * self.streets_a_side
            * self.communities_a_side
            * self.cells_a_side
        )


def city_plan(size: str = SIZE_NAME) -> CityPlan:
    """The size of the benchmarks, or another of `CITY_SIZES`."""
    found = {**{row["name"]: row["value"] for row in read_rows("city")}, **CITY_SIZES[size]}
    values: dict[str, Any] = {
        f.name: float(found[f.name]) if f.type is float else int(found[f.name])
        for f in fields(CityPlan)
    }
    return CityPlan(**values)


@dataclass(frozen=True)
class CityGround:
    """The lattice of a city; cell number = row x side + column, rows from the south."""

    plan: CityPlan

    @cached_property
    def corners(self) -> NDArray[np.float64]:
        """Crossing points in the working CRS, (side + 1, side + 1, 2)."""
        n = self.plan.side
        to_work = Transformer.from_crs(MASTER_SRID, WORK_SRID, always_xy=True)
        east, north = to_work.transform(*CENTRE)
        ticks = (np.arange(n + 1) - n / 2) * self.plan.cell_m
        x, y = np.meshgrid(ticks, ticks)
        wave = self.plan.cell_m * 0.22
        bent_x = x + wave * np.sin(y / 371.0) + wave * np.sin(x / 229.0 + y / 613.0)
        bent_y = y + wave * np.sin(x / 347.0) + wave * np.sin(y / 241.0 - x / 587.0)
        return np.round(np.stack([bent_x + east, bent_y + north], axis=-1), 3)

    @cached_property
    def codes(self) -> NDArray[np.str_]:
        """Grid code of every cell, by its number."""
        n, plan = self.plan.side, self.plan
        row, column = np.divmod(np.arange(n * n), n)
        text = np.full(n * n, CITY_CODE, dtype="U15")
        steps = (
            (plan.streets_a_side * plan.communities_a_side * plan.cells_a_side, 2),
            (plan.communities_a_side * plan.cells_a_side, 3),
            (plan.cells_a_side, 3),
            (1, 3),
        )
        counts = (
            plan.districts_a_side,
            plan.streets_a_side,
            plan.communities_a_side,
            plan.cells_a_side,
        )
        for (step, digits), count in zip(steps, counts, strict=True):
            serial = (row // step % count) * count + column // step % count + 1
            text = np.char.add(text, np.char.zfill(serial.astype(str), digits))
        return text.astype("U15")

    @cached_property
    def quads(self) -> NDArray[np.float64]:
        """Corners of every cell in degrees, (cells, 4, 2), counter-clockwise from south-west."""
        flat = to_master(np.asarray(shapely.points(self.corners.reshape(-1, 2)), dtype=object))
        n = self.plan.side
        at = shapely.get_coordinates(flat).reshape(n + 1, n + 1, 2)
        four = [at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]]
        return np.stack(four, axis=2).reshape(n * n, 4, 2)

    def cells(self) -> gpd.GeoDataFrame:
        """Cells by number: grid_code, area_m2, geometry (EPSG:4490)."""
        n = self.plan.side
        c = self.corners
        four = np.stack([c[:-1, :-1], c[:-1, 1:], c[1:, 1:], c[1:, :-1]], axis=2)
        work = shapely.polygons(four.reshape(n * n, 4, 2))
        return gpd.GeoDataFrame(
            {"grid_code": self.codes.astype(object), "area_m2": shapely.area(work)},
            geometry=shapely.polygons(self.quads),
            crs=MASTER_SRID,
        )

    def areas(self) -> gpd.GeoDataFrame:
        """District, street and community outlines: code, level, geometry (EPSG:4490)."""
        plan = self.plan
        frames = []
        step = plan.side
        for level, parts in (
            (2, plan.districts_a_side),
            (3, plan.streets_a_side),
            (4, plan.communities_a_side),
        ):
            step //= parts
            frames.append(self._level(level, step))
        return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=MASTER_SRID)

    def _level(self, level: int, step: int) -> gpd.GeoDataFrame:
        n = self.plan.side
        starts = range(0, n, step)
        work = [self._outline(r, c, step) for r in starts for c in starts]
        length = {2: 6, 3: 9, 4: 12}[level]
        codes = [str(self.codes[r * n + c])[:length] for r in starts for c in starts]
        return gpd.GeoDataFrame(
            {"code": codes, "level": level},
            geometry=to_master(np.array(work, dtype=object)),
            crs=MASTER_SRID,
        )

    def _outline(self, row: int, column: int, step: int) -> shapely.MultiPolygon:
        c = self.corners
        south = c[row, column : column + step]
        east = c[row : row + step, column + step]
        north = c[row + step, column + step : column : -1]
        west = c[row + step : row : -1, column]
        return shapely.MultiPolygon([shapely.Polygon(np.concatenate([south, east, north, west]))])


def scatter(
    ground: CityGround, cells: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """A point inside each of the cells named, (n, 2) degrees, off the edges."""
    u, v = rng.uniform(0.04, 0.96, (2, len(cells), 1))
    a, b, c, d = (ground.quads[cells, i] for i in range(4))
    return np.asarray((a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v, dtype=np.float64)


def city_components(ground: CityGround, rng: np.random.Generator) -> pd.DataFrame:
    """As `make_components`, with the number of the `cell`; in Hilbert order."""
    mix = read_rows("component_mix")
    share = np.array([float(row["share"]) for row in mix])
    count = ground.plan.components
    classes = np.array([row["class_code"] for row in mix], dtype=object)
    kind = classes[rng.choice(len(mix), size=count, p=share / share.sum())]
    cell = rng.integers(0, len(ground.codes), count)
    lonlat = scatter(ground, cell, rng)
    order = np.argsort(
        gpd.GeoSeries(gpd.points_from_xy(*lonlat.T)).hilbert_distance().to_numpy(), kind="stable"
    )
    lonlat, cell, kind = lonlat[order], cell[order], kind[order]
    codes = pd.Series(ground.codes[cell].astype(object))
    return pd.DataFrame(
        {
            "code": component_codes(codes.str[:6], pd.Series(kind)),
            "class_code": kind,
            "grid_code": codes,
            "state": "intact",
            "minzoom": minzooms(to_web(lonlat)),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "cell": cell,
        }
    )


def city_pipes(ground: CityGround, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Segments along the lattice and valves on them, with `shape` in the working CRS.

    A whole lattice line is one kind, every twentieth is a main.
    """
    n, c = ground.plan.side, ground.corners
    across = np.stack([c[:-1, :-1], c[:-1, 1:]], axis=2).reshape(-1, 2, 2)
    up = np.stack([c[:-1, :-1], c[1:, :-1]], axis=2).reshape(-1, 2, 2)
    row, column = np.divmod(np.arange(n * n), n)
    line = np.concatenate([row, column])
    cell = np.concatenate([np.arange(n * n)] * 2)
    lines = shapely.linestrings(np.concatenate([across, up]) + 1.5)
    shapes = np.asarray(lines, dtype=object)
    keep = np.sort(rng.permutation(len(shapes))[: ground.plan.pipe_segments])
    kinds = np.array(_PIPE_KINDS, dtype=object)
    segments = pd.DataFrame(
        {
            "code": [f"P{i:07d}" for i in range(1, len(keep) + 1)],
            "kind": kinds[line[keep] % len(kinds)],
            "main": line[keep] % _MAIN_EVERY == 0,
            "diameter_mm": np.where(line[keep] % _MAIN_EVERY == 0, 600, 200),
            "material": "QM",
            "depth_m": np.round(rng.uniform(0.8, 3.0, len(keep)), 2),
            "built_year": rng.integers(1980, 2025, len(keep)),
            "length_m": np.round(shapely.length(shapes[keep]), 3),
            "grid_code": ground.codes[cell[keep]].astype(object),
            "shape": shapes[keep],
        }
    )
    return segments, _valves(segments, ground.plan.valves, rng)


def _valves(segments: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Two metres after the start of segments of kinds that have valves."""
    able = np.flatnonzero(segments["kind"].isin(_WITH_VALVES).to_numpy())
    on = np.sort(rng.permutation(able)[:count])
    chosen = segments.iloc[on]
    return pd.DataFrame(
        {
            "code": [f"V{i:07d}" for i in range(1, len(on) + 1)],
            "kind": chosen["kind"].to_numpy(),
            "type": "valve",
            "segment_code": chosen["code"].to_numpy(),
            "grid_code": chosen["grid_code"].to_numpy(),
            "shape": shapely.line_interpolate_point(chosen["shape"].to_numpy(), 2.0),
        }
    )
