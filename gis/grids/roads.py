"""Which roads the cells follow, made ready for cutting: clipped, cleared of strips, drawn on."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.grids.model import RoadClasses
from gis.grids.streets import GRID_SIZE_M, Geometries, to_work

OVERSHOOT_M = 0.02
"""Cuts reach this far past the line they end on: one grid step short and they are lost."""

SHORTEST_M = 1.0


def usable_roads(roads: gpd.GeoDataFrame, classes: RoadClasses) -> gpd.GeoDataFrame:
    """
    The roads that may become cell edges, in EPSG:4548.

    Rows flagged `suspect_shortcut` are dropped: their line cuts across blocks. Rows of a class
    outside `classes` are dropped.

    Parameters
    ----------
    roads
        `highway` str, `geometry` LineString or MultiLineString, a stated CRS; optionally
        `suspect_shortcut` bool.

    Returns
    -------
    GeoDataFrame
        `highway`, `rank` (0 main, 1 local, 2 minor), `geometry` LineString, in a stable order
        that does not depend on the order of the input.
    """
    keep = roads["highway"].isin(classes.main | classes.local | classes.minor)
    if "suspect_shortcut" in roads:
        keep &= ~roads["suspect_shortcut"].astype(bool)
    chosen = to_work(roads.loc[keep, ["highway", "geometry"]]).explode(ignore_index=True)
    chosen = chosen[chosen.length > SHORTEST_M]
    rank = np.where(chosen["highway"].isin(classes.main), 0, 1)
    chosen["rank"] = np.where(chosen["highway"].isin(classes.minor), 2, rank)
    order = pd.Series(shapely.to_wkb(shapely.normalize(chosen.geometry.to_numpy())))
    return chosen.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def clear_of(
    lines: Geometries, walls: Geometries, inside: shapely.Geometry, width_m: float
) -> Geometries:
    """
    The parts of `lines` inside `inside` that keep `width_m` away from every wall.

    A road running along a street line would cut off a strip too thin to be a cell. A road that
    crosses it loses a short piece, which `drawn_on` gives back.
    """
    near = shapely.union_all(shapely.buffer(walls, width_m))
    shapely.prepare(inside)
    cut = shapely.difference(shapely.intersection(lines, inside), near)
    parts = shapely.get_parts(cut)
    parts = parts[shapely.get_dimensions(parts) == 1]
    return np.asarray(parts[shapely.length(parts) > SHORTEST_M], dtype=object)


def noded(*groups: Geometries) -> Geometries:
    """All lines cut at each other and rounded to a millimetre, as single LineStrings."""
    lines = np.concatenate([np.asarray(g, dtype=object) for g in groups])
    return np.asarray(
        shapely.get_parts(shapely.union_all(lines, grid_size=GRID_SIZE_M)), dtype=object
    )


def drawn_on(lines: Geometries, walls: Geometries, reach_m: float) -> Geometries:
    """
    Straight additions to `lines` at their loose ends, up to the first line or wall met.

    An end is loose when no other line or wall ends or passes there. The addition follows the
    direction of the road's last stretch and is made only when it meets something within
    `reach_m`; it overshoots by two centimetres.
    """
    net = noded(lines, walls)
    ends, ahead = _loose_ends(net)
    if not len(ends):
        return np.empty(0, dtype=object)
    rays = _lines_between(ends + ahead * OVERSHOOT_M, ends + ahead * reach_m)
    tree = shapely.STRtree(net)
    ray_no, line_no = tree.query(rays, predicate="intersects")
    hits = shapely.intersection(rays[ray_no], net[line_no])
    away = shapely.distance(shapely.points(ends[ray_no]), hits)
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, ray_no, away)
    meets = np.isfinite(nearest)
    tips = ends[meets] + ahead[meets] * (nearest[meets] + OVERSHOOT_M)[:, None]
    return _lines_between(ends[meets], tips)


def _lines_between(a: NDArray[np.float64], b: NDArray[np.float64]) -> Geometries:
    return np.asarray(shapely.linestrings(np.stack([a, b], axis=1)), dtype=object)


def _loose_ends(net: Geometries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points where exactly one noded line ends, and the unit direction leading out of it."""
    first, last = shapely.get_point(net, 0), shapely.get_point(net, -1)
    before_first, before_last = shapely.get_point(net, 1), shapely.get_point(net, -2)
    ends = np.concatenate([shapely.get_coordinates(first), shapely.get_coordinates(last)])
    inner = np.concatenate(
        [shapely.get_coordinates(before_first), shapely.get_coordinates(before_last)]
    )
    at = np.round(ends / GRID_SIZE_M).astype(np.int64)
    _, index, count = np.unique(at, axis=0, return_index=True, return_counts=True)
    loose = np.sort(index[count == 1])
    step = ends[loose] - inner[loose]
    return ends[loose], step / np.linalg.norm(step, axis=1, keepdims=True)
