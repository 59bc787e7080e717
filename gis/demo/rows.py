"""The generated frames as rows of the tables."""

from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis.demo.copying import copy_rows, hex_of, points_hex, to_master
from gis.demo.dispatching import Chosen
from gis.demo.ground import Ground
from gis.demo.sizes import EDITION, Size, area_rows, word_list

DATASET = "demo"


def area_frame(size: Size) -> pd.DataFrame:
    """City, district and the chosen streets and communities: real names, no outline yet."""
    upper = [{**r, "level": int(r["level"])} for r in area_rows("upper")]
    streets = [
        {**r, "level": 3} for r in area_rows("dongcheng_streets") if r["code"] in size.streets
    ]
    communities = [
        {**r, "level": 4}
        for r in area_rows("dongcheng_communities")
        if r["parent_code"] in size.streets
    ]
    frame = pd.DataFrame([*upper, *streets, *communities])
    kept = frame[["code", "level", "parent_code", "name_zh", "name_en"]]
    return kept.assign(
        parent_code=kept["parent_code"].where(kept["parent_code"] != "", None), derived=False
    )


def along_curve(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """The order along a Hilbert curve: neighbours on the map become neighbours on disk."""
    return np.argsort(gpd.GeoSeries(shapes).hilbert_distance().to_numpy(), kind="stable")


def shaped(frame: pd.DataFrame) -> pd.DataFrame:
    """`shape` (working CRS) becomes `geom`, rows in Hilbert order with ids from 1."""
    shapes = to_master(frame["shape"].to_numpy())
    order = along_curve(shapes)
    ordered = frame.drop(columns="shape").iloc[order].reset_index(drop=True)
    ordered.insert(0, "id", range(1, len(ordered) + 1))
    return ordered.assign(geom=hex_of(shapes[order]), dataset_id=DATASET)


def road_frame(ground: Ground) -> pd.DataFrame:
    """Rows of `road`; the cell is that of the road's middle."""
    roads = ground.town.roads
    shapes = roads.geometry.to_numpy()
    middle = np.asarray(shapely.line_interpolate_point(shapes, 0.5, normalized=True), dtype=object)
    frame = pd.DataFrame(
        {
            "name": roads["name"],
            "class": roads["highway"],
            "rank": roads["rank"],
            "grid_code": ground.cell_of(to_master(middle)),
            "length_m": np.round(shapely.length(shapes), 3),
            "shape": shapes,
        }
    )
    return shaped(frame)


def component_rows(frame: pd.DataFrame, chosen: Chosen, now: datetime) -> pd.DataFrame:
    """Rows of `component`; who looks after one is who the rules would send there."""
    today = now.date()
    departments = [
        chosen.rule("component", code, grid)[1]
        for code, grid in zip(frame["class_code"], frame["grid_code"], strict=True)
    ]
    return pd.DataFrame(
        {
            "id": range(1, len(frame) + 1),
            "code": frame["code"],
            "edition": EDITION,
            "class_code": frame["class_code"],
            "grid_code": frame["grid_code"],
            "state": frame["state"],
            "department_id": departments,
            "minzoom": frame["minzoom"],
            "dataset_id": DATASET,
            "installed_on": [today - timedelta(int(d)) for d in frame["installed_days_ago"]],
            "geom": points_hex(frame[["lon", "lat"]].to_numpy()),
        }
    )


def copy_pipes(conn: Connection, segments: pd.DataFrame, points: pd.DataFrame) -> None:
    """Segments, then their valves and manholes with the ids of the segments."""
    lines = shaped(segments.drop(columns="edge"))
    ids = dict(zip(lines["code"], lines["id"], strict=True))
    copy_rows(conn, "pipe_segment", lines)
    ends = shaped(points.assign(segment_id=points["segment_code"].map(ids)))
    copy_rows(conn, "pipe_point", ends.drop(columns="segment_code"))


def facility_frame(ground: Ground, rng: np.random.Generator) -> pd.DataFrame:
    """Invented hospitals, schools and so on, some in every street."""
    cells = pd.DataFrame({"code": ground.codes, "shape": shapely.point_on_surface(ground.work)})
    rows = []
    for street, inside in cells.groupby(cells["code"].str[:9]):
        office = next(r for r in area_rows("dongcheng_streets") if r["code"] == street)
        for word in word_list("facility"):
            kind, name = word.split(":")
            cell = inside.iloc[int(rng.integers(len(inside)))]
            full = f"{name}（{office['name_zh'].removesuffix('街道')}）"
            rows.append(
                {"kind": kind, "name": full, "grid_code": cell.code, "shape": cell["shape"]}
            )
    return shaped(pd.DataFrame(rows))


def responsibility_frames(
    ground: Ground, names: dict[str, tuple[str, str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One responsibility grid per community, and its cells."""
    communities = sorted({code[:12] for code in ground.codes})
    groups = pd.DataFrame(
        {
            "id": range(1, len(communities) + 1),
            "code": [f"{code}Z1" for code in communities],
            "name_zh": [f"{names[code][0]}责任网格" for code in communities],
            "name_en": [f"{names[code][1]} responsibility grid" for code in communities],
            "area_code": communities,
        }
    )
    number = {code: i for i, code in enumerate(communities, start=1)}
    cells = pd.DataFrame(
        {
            "responsibility_grid_id": [number[code[:12]] for code in ground.codes],
            "grid_code": ground.codes,
        }
    )
    return groups, cells
