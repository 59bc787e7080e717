"""Pipes under the roads: eight kinds, each a connected part of the road network."""

import heapq
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.demo.copying import to_master
from gis.demo.ground import Ground
from gis.demo.sizes import Size, chance, read_rows

_MAIN_RANK = 1
_DETOUR = {1: 1.0, 2: 3.0, 3: 9.0}
"""How much farther a pipe rather runs along a bigger road, by rank; footways carry none."""

_NODE_M = 0.01


@dataclass(frozen=True)
class RoadNet:
    """Roads cut at every junction; edge i runs from node `ends[i, 0]` to node `ends[i, 1]`."""

    shapes: NDArray[np.object_]
    rank: NDArray[np.int64]
    ends: NDArray[np.int64]
    nodes: NDArray[np.float64]


def road_net(roads: gpd.GeoDataFrame) -> RoadNet:
    """The network of the carriageways (footways left out)."""
    drawn = roads[roads["rank"].isin(list(_DETOUR))]
    lines = drawn.geometry.to_numpy()
    parts = shapely.get_parts(shapely.union_all(lines, grid_size=0.001))
    merged = np.asarray(
        shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts))), dtype=object
    )
    middle = shapely.line_interpolate_point(merged, 0.5, normalized=True)
    nearest = shapely.STRtree(lines).query_nearest(middle, all_matches=False)[1]
    tips = np.concatenate(
        [
            shapely.get_coordinates(shapely.get_point(merged, 0)),
            shapely.get_coordinates(shapely.get_point(merged, -1)),
        ]
    )
    keys = np.round(tips / _NODE_M).astype(np.int64)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return RoadNet(
        shapes=merged,
        rank=drawn["rank"].to_numpy()[nearest].astype(np.int64),
        ends=number.reshape(2, -1).T,
        nodes=tips[first],
    )


def make_pipes(ground: Ground, size: Size, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Segments and their valves and manholes.

    Every kind lies beside the road's middle by the same shift everywhere, so its segments meet
    in exact points; where the shift leads out of the district there is none. Segments: columns
    of `pipe_segment` and `shape`; points: columns of `pipe_point`, `segment_code`, `shape`.
    """
    net = road_net(ground.town.roads)
    segments, points = [], []
    for row in read_rows("pipes"):
        rng = chance(seed, f"pipes {row['kind']}")
        laid = _shifted(ground, net, float(row["offset_m"]) / np.sqrt(2))
        edges = _chosen(laid, size.pipes_km * 1000 * float(row["share"]), rng)
        made = _segments(laid, edges, row, rng)
        segments.append(made)
        points.append(_points(ground, laid, edges, made, row))
    return pd.concat(segments, ignore_index=True), pd.concat(points, ignore_index=True)


@dataclass(frozen=True)
class _Laid(RoadNet):
    """The part of the network that lies inside the district when it is shifted."""

    cell: NDArray[np.object_]


def _shifted(ground: Ground, net: RoadNet, shift_m: float) -> _Laid:
    shapes = np.asarray(shapely.transform(net.shapes, lambda xy: xy + shift_m), dtype=object)
    middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    cell = ground.cell_of(to_master(np.asarray(middle, dtype=object)))
    inside = np.array([code is not None for code in cell])
    return _Laid(shapes[inside], net.rank[inside], net.ends[inside], net.nodes, cell[inside])


def _chosen(net: RoadNet, length_m: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Edges in the order a growing network reaches them, until the length is laid."""
    beside: dict[int, list[int]] = {}
    for edge, (a, b) in enumerate(net.ends.tolist()):
        beside.setdefault(a, []).append(edge)
        beside.setdefault(b, []).append(edge)
    lengths = shapely.length(net.shapes)
    cost = lengths * np.array([_DETOUR[r] for r in net.rank.tolist()])
    roots = [int(n) for n in rng.permutation(np.unique(net.ends[net.rank == net.rank.min()]))]
    waiting: list[tuple[float, int]] = []
    reached: set[int] = set()
    seen: dict[int, None] = {}
    laid = 0.0

    def reach(node: int, away: float) -> None:
        reached.add(node)
        for edge in beside[node]:
            if edge not in seen:
                heapq.heappush(waiting, (away + float(cost[edge]), edge))

    while (waiting or roots) and laid < length_m:
        if not waiting:
            reach(roots.pop(), 0.0)
            continue
        away, edge = heapq.heappop(waiting)
        if edge in seen:
            continue
        seen[edge] = None
        laid += float(lengths[edge])
        for node in net.ends[edge].tolist():
            if node not in reached:
                reach(node, away)
    return np.array(list(seen), dtype=np.int64)


def _segments(
    net: _Laid, edges: NDArray[np.int64], row: dict[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    shapes = net.shapes[edges]
    main = net.rank[edges] == _MAIN_RANK
    frame = pd.DataFrame(
        {
            "kind": row["kind"],
            "main": main,
            "diameter_mm": np.where(main, int(row["diameter_main_mm"]), int(row["diameter_mm"])),
            "material": row["material"],
            "depth_m": np.round(float(row["depth_m"]) * rng.uniform(0.85, 1.25, len(edges)), 2),
            "built_year": rng.integers(1978, 2025, len(edges)),
            "length_m": np.round(shapely.length(shapes), 3),
            "grid_code": net.cell[edges],
            "edge": edges,
            "shape": shapes,
        }
    )
    frame["code"] = row["kind"] + "-" + (frame.index + 1).astype(str).str.zfill(6)
    return frame


def _points(
    ground: Ground,
    net: RoadNet,
    edges: NDArray[np.int64],
    segments: pd.DataFrame,
    row: dict[str, str],
) -> pd.DataFrame:
    """Manholes at the start of a segment and every so often; valves two metres off a junction."""
    step = float(row["spacing_m"])
    start, interior = (2.0, step) if row["point"] == "valve" else (0.0, step)
    degree = np.bincount(net.ends[edges].ravel(), minlength=len(net.nodes))
    owner: list[int] = []
    along: list[float] = []
    for i, (edge, length) in enumerate(
        zip(segments["edge"].tolist(), segments["length_m"].tolist(), strict=True)
    ):
        first = start if row["point"] == "manhole" or degree[net.ends[edge, 0]] > 2 else interior
        marks = np.arange(first, max(length - interior / 2, first + 0.1), interior)
        marks = marks[marks < length]
        owner += [i] * len(marks)
        along += marks.tolist()
    lines = segments["shape"].to_numpy()[owner]
    shapes = np.asarray(shapely.line_interpolate_point(lines, np.array(along)), dtype=object)
    frame = pd.DataFrame(
        {
            "kind": row["kind"],
            "type": row["point"],
            "segment_code": segments["code"].to_numpy()[owner],
            "grid_code": ground.cell_of(to_master(shapes)),
            "shape": shapes,
        }
    )
    frame = frame[frame["grid_code"].notna()].reset_index(drop=True)
    prefix = row["kind"] + ("-V" if row["point"] == "valve" else "-M")
    frame["code"] = prefix + (frame.index + 1).astype(str).str.zfill(6)
    return frame
