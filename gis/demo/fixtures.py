"""Managed objects (部件) in the street: every class of the edition, by its place and share."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.components.coding import component_codes
from gis.components.thinning import minzooms
from gis.demo.copying import to_master, to_web
from gis.demo.ground import Ground
from gis.demo.network import road_net
from gis.demo.sizes import Size, behaviour, chance, read_rows
from gis.demo.town import Town

_SPARE = 1.12
"""So many more are placed than wanted: some fall outside the district and are dropped."""

_HALF_WIDTH_M = {1: 19.0, 2: 10.0, 3: 3.5, 5: 2.0}
"""From the middle of a road to its kerb, by rank."""


def make_components(ground: Ground, size: Size, seed: int) -> pd.DataFrame:
    """
    Components in Hilbert order: code, class_code, grid_code, state, minzoom, lonlat.

    Every class of data/demo/component_mix.csv comes at least once; the rest by its share.
    """
    rng = chance(seed, "components")
    mix = read_rows("component_mix")
    counts = _counts(mix, size.components)
    places = Places(ground.town, rng)
    xy, classes = [], []
    for row, count in zip(mix, counts, strict=True):
        xy.append(places.draw(row["place"], int(np.ceil(count * _SPARE)) + 2, regular=count > 40))
        classes.append(np.full(len(xy[-1]), row["class_code"], dtype=object))
    frame = _located(ground, np.concatenate(xy), np.concatenate(classes))
    wanted = dict(zip((row["class_code"] for row in mix), counts.tolist(), strict=True))
    shuffled = frame.sample(frac=1, random_state=rng)
    rank = shuffled.groupby("class_code").cumcount()
    kept = shuffled[rank < shuffled["class_code"].map(wanted)]
    return _finished(kept, rng)


def _counts(mix: list[dict[str, str]], total: int) -> NDArray[np.int64]:
    share = np.array([float(row["share"]) for row in mix])
    wanted = np.maximum(1, np.round(share / share.sum() * total))
    return np.asarray(wanted, dtype=np.int64)


def _located(ground: Ground, xy: NDArray[np.float64], classes: NDArray[np.object_]) -> pd.DataFrame:
    points = to_master(np.asarray(shapely.points(xy), dtype=object))
    lonlat = shapely.get_coordinates(points)
    frame = pd.DataFrame(
        {
            "class_code": classes,
            "grid_code": ground.cell_of(points),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
        }
    )
    return frame[frame["grid_code"].notna()]


def _finished(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]))
    order = np.lexsort((frame["class_code"], points.hilbert_distance().to_numpy()))
    frame = frame.iloc[order].reset_index(drop=True)
    rates = behaviour()
    worn = ["damaged", "lost", "abandoned"]
    chances = [rates[f"component_{state}"] for state in worn]
    states = np.array(["intact", *worn], dtype=object)
    lonlat = frame[["lon", "lat"]].to_numpy()
    return pd.DataFrame(
        {
            "code": component_codes(frame["grid_code"].str[:6], frame["class_code"]),
            "class_code": frame["class_code"],
            "grid_code": frame["grid_code"],
            "state": states[rng.choice(4, size=len(frame), p=[1 - sum(chances), *chances])],
            "minzoom": minzooms(to_web(lonlat)),
            "installed_days_ago": rng.integers(200, 6000, len(frame)),
            "lon": frame["lon"],
            "lat": frame["lat"],
        }
    )


@dataclass
class Places:
    """Where things stand: along kerbs, in carriageways, at junctions, in parks, by water."""

    town: Town
    rng: np.random.Generator

    def draw(self, place: str, count: int, *, regular: bool) -> NDArray[np.float64]:
        """About `count` points (n, 2) of the working CRS; `regular`: evenly along the roads."""
        if place == "junction":
            return self._junctions(count)
        if place in ("park", "water"):
            return self._areas(place, count)
        ranks = {"main": (1, 2), "lane": (3, 5)}.get(place, (1, 2, 3))
        roads = self.town.roads[self.town.roads["rank"].isin(ranks)]
        return self._along(roads, place, count, regular=regular)

    def _along(
        self, roads: gpd.GeoDataFrame, place: str, count: int, *, regular: bool
    ) -> NDArray[np.float64]:
        lengths = np.cumsum(roads.length.to_numpy())
        whole = lengths[-1]
        if regular:
            at = (np.arange(count) + self.rng.uniform(0.3, 0.7, count)) * whole / count
        else:
            at = np.sort(self.rng.uniform(0, whole, count))
        line = np.searchsorted(lengths, at, side="right").clip(max=len(lengths) - 1)
        along = at - np.concatenate([[0.0], lengths[:-1]])[line]
        shapes = roads.geometry.to_numpy()[line]
        here = shapely.get_coordinates(shapely.line_interpolate_point(shapes, along))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(shapes, along + 0.5))
        behind = shapely.get_coordinates(shapely.line_interpolate_point(shapes, along - 0.5))
        step = np.where((along > 0.5)[:, None], here - behind, ahead - here)
        aside = np.column_stack([-step[:, 1], step[:, 0]])
        aside /= np.maximum(np.hypot(*aside.T), 1e-9)[:, None]
        half = roads["rank"].map(_HALF_WIDTH_M).to_numpy()[line]
        return np.asarray(here + aside * self._offset(place, half)[:, None], dtype=np.float64)

    def _offset(self, place: str, half: NDArray[np.float64]) -> NDArray[np.float64]:
        side = self.rng.choice([-1.0, 1.0], len(half))
        spread = self.rng.random(len(half))
        if place == "carriageway":
            return side * half * 0.9 * spread
        if place == "front":
            return side * (half + 2.5 + 3.0 * spread)
        return side * (half + 0.3 + 1.2 * spread)

    def _junctions(self, count: int) -> NDArray[np.float64]:
        net = road_net(self.town.roads)
        big = np.unique(net.ends[net.rank < 3])
        node = net.nodes[self.rng.choice(big, count)]
        turn = self.rng.uniform(0, 2 * np.pi, count)
        away = self.rng.uniform(9, 19, count)
        return np.asarray(
            node + np.column_stack([np.cos(turn), np.sin(turn)]) * away[:, None], dtype=np.float64
        )

    def _areas(self, place: str, count: int) -> NDArray[np.float64]:
        """Inside parks; within a few metres of the water's edge."""
        if place == "water":
            edge = shapely.boundary(self.town.water.geometry.to_numpy())
            lines = gpd.GeoDataFrame({"rank": 3}, index=range(len(edge)), geometry=edge)
            return self._along(lines.explode(ignore_index=True), "kerb", count, regular=False)
        shapes = self.town.parks.geometry.to_numpy()
        if not len(shapes):
            return self._along(self.town.roads, "front", count, regular=False)
        west, south, east, north = shapely.bounds(shapes).T
        which = self.rng.integers(len(shapes), size=count * 3)
        x = self.rng.uniform(west[which], east[which])
        y = self.rng.uniform(south[which], north[which])
        inside = shapely.contains_xy(shapes[which], x, y)
        return np.asarray(np.column_stack([x, y])[inside][:count], dtype=np.float64)
