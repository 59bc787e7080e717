"""A drawing of the place of a case for paper: our own data as SVG paths, no tiles, no network."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from gis.db.sqlfile import load_sql

_SURROUNDINGS = load_sql(__package__, "surroundings")

REACH_M = 150
"""Metres from the case to the edge of the drawing."""
SCALE_BAR_M = 50

LOOK = {
    "water": "fill:#dbe9f1",
    "green": "fill:#e4eedd",
    "building": "fill:#e7e4df;stroke:#cfcac2;stroke-width:.4",
    "road": "fill:none;stroke:#b9b3a9;stroke-width:3",
    "cell": "fill:none;stroke:#7fa3a1;stroke-width:.8",
    "own_cell": "fill:none;stroke:#0f5b57;stroke-width:2.2",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to draw: its layer and its path in metres, x east, y south, the case at (0, 0)."""

    layer: str
    path: str


def surroundings(conn: Connection, case_id: int, *, reach_m: float = REACH_M) -> list[Shape]:
    """
    Water, green, buildings, roads and cells within `reach_m` of a case, in painting order.

    The caller has read the case within its scope before. Lengths are metres of
    the district's working CRS.
    """
    rows = conn.execute(_SURROUNDINGS, {"case_id": case_id, "reach_m": reach_m})
    return [Shape(row.layer, row.path) for row in rows if row.path]


def svg(shapes: Iterable[Shape], *, label: str, reach_m: float = REACH_M) -> str:
    """
    The drawing with scale bar and north arrow; `label` is its text alternative, already escaped.

    Paths are numbers from PostGIS and layer names are ours: nothing of people is in here.
    """
    paths = "".join(f'<path d="{s.path}" style="{LOOK[s.layer]}"/>' for s in shapes)
    edge, low = reach_m, reach_m - 8
    bar = (
        f'<path d="M{-edge + 8} {low - 3}v3h{SCALE_BAR_M}v-3" style="fill:none;stroke:#222"/>'
        f'<text x="{-edge + 12 + SCALE_BAR_M}" y="{low}" font-size="9">{SCALE_BAR_M} m</text>'
    )
    north = (
        f'<path d="M{edge - 14} {-edge + 22}l5 -14l5 14l-5 -4z"/>'
        f'<text x="{edge - 12.5}" y="{-edge + 32}" font-size="9">N</text>'
    )
    spot = '<circle r="6" style="fill:none;stroke:#b42318;stroke-width:2.5"/><circle r="1.5"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}"'
        f' viewBox="{-edge} {-edge} {2 * edge} {2 * edge}">'
        f'<rect x="{-edge}" y="{-edge}" width="{2 * edge}" height="{2 * edge}" fill="#fbfaf8"/>'
        f"{paths}{spot}{bar}{north}</svg>"
    )
