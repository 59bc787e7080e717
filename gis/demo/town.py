"""An invented old-city plan: avenues, streets, lanes, a canal, a lake and parks."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis.crs import MASTER_SRID, WORK_SRID
from gis.demo.sizes import Size, area_rows, chance, word_list

CENTRE = (116.40, 39.92)
"""Longitude and latitude of the middle of the invented district."""

TURN_DEGREES = 2.2
STEP_M = 25.0
"""Lines are bent at these distances, so every wall has the same vertices on both sides."""

LANE_STEP_M = (62.0, 92.0)
"""Distance between lanes: the old city's lanes lie about 77 m apart."""

RANKS = {"trunk": 1, "primary": 1, "secondary": 2, "tertiary": 2, "residential": 3, "footway": 5}


@dataclass(frozen=True)
class Town:
    """
    The plan, in the working CRS (EPSG:4548, metres).

    `streets`: street_code, name, geometry; `roads`: name, highway, rank, geometry, one row per
    road from end to end; `water` and `parks`: name, geometry.
    """

    streets: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    parks: gpd.GeoDataFrame


def plan_town(size: Size, seed: int) -> Town:
    """The plan of one size; the same seed gives the same plan."""
    rng = chance(seed, "town")
    bend = _Bend(rng)
    water, parks = _open_space(size, rng)
    lines = [*_avenues(size), *_streets(size, rng)]
    roads = _named(_frame(lines, bend, _union([*water, *parks])), rng)
    return Town(
        streets=_street_polygons(size, bend),
        roads=roads,
        water=_named_areas(water, "water", bend),
        parks=_named_areas(parks, "park", bend),
    )


class _Bend:
    """Turns the straight plan a little, bends it softly and sets it down at `CENTRE`."""

    def __init__(self, rng: np.random.Generator) -> None:
        to_work = Transformer.from_crs(MASTER_SRID, WORK_SRID, always_xy=True)
        self.origin = np.array(to_work.transform(*CENTRE))
        self.phase = rng.uniform(0, 2 * np.pi, 4)
        turn = np.radians(TURN_DEGREES)
        self.turn = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def __call__(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        fine = shapely.segmentize(shapes, STEP_M)
        return np.asarray(shapely.transform(fine, self._move), dtype=object)

    def _move(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        a, b, c, d = self.phase
        dx = 16 * np.sin(y / 690 + a) + 7 * np.sin(y / 240 + b)
        dy = 14 * np.sin(x / 730 + c) + 6 * np.sin(x / 260 + d)
        bent = np.column_stack([x + dx, y + dy])
        return np.asarray(np.round(bent @ self.turn.T + self.origin, 3), dtype=np.float64)


def _lattice(count: int, step: int) -> list[float]:
    return [(i - count / 2) * step for i in range(count + 1)]


def _corners(size: Size) -> tuple[list[float], list[float]]:
    return _lattice(size.columns, size.block_width_m), _lattice(size.rows, size.block_height_m)


def _street_polygons(size: Size, bend: _Bend) -> gpd.GeoDataFrame:
    """One subdistrict per block between avenues, north to south, west to east inside a row."""
    xs, ys = _corners(size)
    names = {row["code"]: row["name_zh"] for row in area_rows("dongcheng_streets")}
    boxes = [
        shapely.box(xs[c], ys[r], xs[c + 1], ys[r + 1])
        for r in reversed(range(size.rows))
        for c in range(size.columns)
    ]
    return gpd.GeoDataFrame(
        {"street_code": size.streets, "name": [names[code] for code in size.streets]},
        geometry=bend(np.array(boxes, dtype=object)),
        crs=WORK_SRID,
    )


Line = tuple[str, NDArray[np.float64]]


def _avenues(size: Size) -> list[Line]:
    xs, ys = _corners(size)
    lines: list[Line] = []
    for i, x in enumerate(xs):
        kind = "trunk" if i in (0, len(xs) - 1) else "primary"
        lines.append((kind, np.array([[x, ys[0]], [x, ys[-1]]])))
    for i, y in enumerate(ys):
        kind = "trunk" if i in (0, len(ys) - 1) else "primary"
        lines.append((kind, np.array([[xs[0], y], [xs[-1], y]])))
    return lines


def _streets(size: Size, rng: np.random.Generator) -> list[Line]:
    """Streets across each block, and the lanes between them."""
    xs, ys = _corners(size)
    lines: list[Line] = []
    for west, east in zip(xs, xs[1:], strict=False):
        for south, north in zip(ys, ys[1:], strict=False):
            lines += _in_block(west, east, south, north, rng)
    return lines


def _in_block(
    west: float, east: float, south: float, north: float, rng: np.random.Generator
) -> list[Line]:
    ups = _spread(west, east, 330, rng)
    lines: list[Line] = []
    for i, x in enumerate(ups[1:-1]):
        kind = "secondary" if i % 2 == 0 else "tertiary"
        lines.append((kind, np.array([[x, south], [x, north]])))
    cross = _spread(south, north, 480, rng)[1:-1]
    for y in cross:
        lines.append(("tertiary", np.array([[west, y], [east, y]])))
    for left, right in zip(ups, ups[1:], strict=False):
        lines += _lanes(left, right, south, north, cross, rng)
    return lines


def _spread(low: float, high: float, step: float, rng: np.random.Generator) -> list[float]:
    count = max(1, round((high - low) / step))
    marks = np.linspace(low, high, count + 1)
    marks[1:-1] += rng.uniform(-0.14, 0.14, count - 1) * step
    return [float(m) for m in marks]


def _lanes(
    left: float,
    right: float,
    south: float,
    north: float,
    cross: list[float],
    rng: np.random.Generator,
) -> list[Line]:
    """East-west lanes between two streets; some stop half way, some have a branch to the next."""
    lines: list[Line] = []
    y = south + rng.uniform(*LANE_STEP_M)
    while y < north - 45:
        free = all(abs(y - other) > 42 for other in cross)
        drawn = rng.random()
        if free and drawn < 0.93:
            ends = [left, right]
            if drawn > 0.80:
                ends[int(rng.integers(2))] = left + (right - left) * rng.uniform(0.4, 0.65)
            lines.append(("residential", np.array([[ends[0], y], [ends[1], y]])))
        step = rng.uniform(*LANE_STEP_M)
        if drawn < 0.45:
            x = left + (right - left) * rng.uniform(0.3, 0.7)
            kind = "residential" if drawn < 0.22 else "footway"
            lines.append((kind, np.array([[x, y], [x, min(y + step, north)]])))
        y += step
    return lines


def _open_space(
    size: Size, rng: np.random.Generator
) -> tuple[list[shapely.Polygon], list[shapely.Polygon]]:
    """A lake, a canal from edge to edge, and a park in about every second block."""
    xs, ys = _corners(size)
    wide, high = xs[-1] - xs[0], ys[-1] - ys[0]
    middle = ((xs[0] + xs[1]) / 2, (ys[-2] + ys[-1]) / 2)
    lake = _blob(middle[0] + 60, middle[1] - 30, 0.17 * min(size.block_width_m, 1200), rng)
    t = np.linspace(0, 1, 60)
    canal_y = ys[0] + high * 0.36 + 0.05 * size.block_height_m * np.sin(t * 2.5 * np.pi)
    canal = shapely.LineString(np.column_stack([xs[0] + 4 + t * (wide - 8), canal_y]))
    water = [lake, shapely.difference(shapely.buffer(canal, 11), lake)]
    parks = []
    for i, (west, south) in enumerate((w, s) for w in xs[:-1] for s in ys[:-1]):
        if i % 2 == 0:
            x = west + size.block_width_m * rng.uniform(0.6, 0.8)
            y = south + size.block_height_m * rng.uniform(0.6, 0.8)
            blob = _blob(x, y, 0.1 * min(size.block_width_m, 1000), rng)
            parks.append(shapely.difference(blob, _union(water)))
    inside = shapely.box(xs[0] + 2, ys[0] + 2, xs[-1] - 2, ys[-1] - 2)
    return _parts(water, inside), _parts(parks, inside)


def _parts(shapes: Sequence[shapely.Geometry], inside: shapely.Polygon) -> list[shapely.Polygon]:
    return [p for p in shapely.get_parts(shapely.intersection(shapes, inside)) if p.area > 200]


def _blob(x: float, y: float, radius: float, rng: np.random.Generator) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    waves = [rng.uniform(0.03, 0.12) * np.sin(k * turn + rng.uniform(0, 6.3)) for k in (2, 3, 5)]
    reach = radius * (1 + sum(waves))
    return shapely.Polygon(
        np.column_stack([x + 1.25 * reach * np.cos(turn), y + reach * np.sin(turn)])
    )


def _union(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all(np.array(shapes, dtype=object))


def _frame(lines: list[Line], bend: _Bend, closed: shapely.Geometry) -> gpd.GeoDataFrame:
    """Roads as frame; lanes and streets end at water and parks, avenues bridge them."""
    kinds = np.array([kind for kind, _ in lines])
    shapes = np.array([shapely.LineString(xy) for _, xy in lines], dtype=object)
    small = np.isin(kinds, ["residential", "footway"])
    shapes[small] = shapely.difference(shapes[small], shapely.buffer(closed, 6))
    frame = gpd.GeoDataFrame({"highway": kinds}, geometry=shapes).explode(ignore_index=True)
    frame = frame[frame.length > 30].reset_index(drop=True)
    frame["rank"] = frame["highway"].map(RANKS)
    return frame.set_geometry(gpd.GeoSeries(bend(frame.geometry.to_numpy()), crs=WORK_SRID))


def _named(roads: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Invented names: every road its own, as long as the words last."""
    words = [f"{a}{b}" for a in ("", "东", "西", "南", "北", "前", "后") for b in word_list("road")]
    endings = {"trunk": "环路", "primary": "大街", "secondary": "街", "tertiary": "路"}
    names = []
    order = rng.permutation(len(words))
    for i, kind in enumerate(roads["highway"]):
        word = words[order[i % len(words)]]
        again = i // len(words)
        number = "一二三四五六七八九"[again - 1] + "条" if again else ""
        lane = f"{number}胡同" if not again else f"{number}"
        names.append(word + (endings.get(kind) or ("夹道" if kind == "footway" else lane)))
    return roads.assign(name=names)


def _named_areas(shapes: list[shapely.Polygon], kind: str, bend: _Bend) -> gpd.GeoDataFrame:
    words = word_list(kind)
    names = [words[min(i, len(words) - 1)] for i in range(len(shapes))]
    return gpd.GeoDataFrame(
        {"name": names}, geometry=bend(np.array(shapes, dtype=object)), crs=WORK_SRID
    )
