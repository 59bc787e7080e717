"""Which unit grids a position may lie in, and what a case keeps of that."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gis.accounts.model import Scope
from gis.cases.places import term_of
from gis.cases.settings import CaseSettings
from gis.db.sqlfile import load_sql
from gis.errors import Term

CELLS_MOST = 8
"""More cells than this within the accuracy: the map is the better question."""

_WITHIN = load_sql(__package__, "cells_within")
_EDGE = load_sql(__package__, "edge_of_case")

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit grid that a position may lie in."""

    grid_code: str
    distance_m: float
    """0 for the cell the point lies in."""
    direction: float | None
    """Degrees from north to the nearest part of it; None: the point lies in it."""
    community: Term | None
    street: Term | None
    outline: tuple[Line, ...]
    """Its edges in metres east and north of the point, cut to a small drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCell:
    """A cell that was possible when a case was reported."""

    grid_code: str
    distance_m: float
    community: Term | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdge:
    """What a case keeps of having been reported near an edge."""

    accuracy_m: float
    point_cell: str | None
    chosen_cell: str
    chosen_by: str | None
    """None: nobody was asked, the point decided."""
    cells: tuple[NearCell, ...]


def cells_within(
    conn: Connection,
    *,
    lon: float,
    lat: float,
    accuracy_m: float | None,
    now: datetime,
    settings: CaseSettings,
) -> list[Candidate]:
    """
    The cells within the accuracy of a position, nearest first; empty without an accuracy.

    Where a point lies is no protected fact: there is no scope here. An accuracy worse than
    `near_edge_most_m` is taken for that much.
    """
    if not accuracy_m or accuracy_m <= 0:
        return []
    params = {
        "lon": lon,
        "lat": lat,
        "metres": min(accuracy_m, settings.near_edge_most_m),
        "day": now.astimezone(settings.zone).date(),
        "most": CELLS_MOST,
    }
    return [
        Candidate(
            grid_code=row.grid_code,
            distance_m=round(row.distance_m, 1),
            direction=None if row.direction is None else round(row.direction),
            community=term_of(row.community_zh, row.community_en),
            street=term_of(row.street_zh, row.street_en),
            outline=_rings(row.outline),
        )
        for row in conn.execute(_WITHIN, params)
    ]


def edge_of_case(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> CellEdge | None:
    """What is kept of the edge; None: the case lay clearly in its cell, or may not be seen."""
    params = {
        "case_id": case_id,
        **scope.params_of(person_id),
    }
    row = conn.execute(_EDGE, params).one_or_none()
    if row is None:
        return None
    return CellEdge(
        accuracy_m=row.accuracy_m,
        point_cell=row.point_cell,
        chosen_cell=row.chosen_cell,
        chosen_by=row.chosen_by,
        cells=tuple(
            NearCell(
                grid_code=cell["grid_code"],
                distance_m=cell["distance_m"],
                community=term_of(cell["zh"], cell["en"]),
            )
            for cell in row.cells or ()
        ),
    )


def edge_body(edge: CellEdge | None) -> dict[str, Any] | None:
    """The edge for an answer over HTTP: the cell of the point, the one that counts, all of them."""
    if edge is None:
        return None
    return {
        "accuracy_m": edge.accuracy_m,
        "point_cell": edge.point_cell,
        "chosen_cell": edge.chosen_cell,
        "chosen_by": edge.chosen_by,
        "cells": [
            {
                "grid_code": cell.grid_code,
                "distance_m": cell.distance_m,
                "community_zh": cell.community.zh if cell.community else None,
                "community_en": cell.community.en if cell.community else None,
            }
            for cell in edge.cells
        ],
    }


def _rings(outline: str | None) -> tuple[Line, ...]:
    """Every ring of a polygon or of several; nothing where the cut left only a line or a point."""
    shape: dict[str, Any] = json.loads(outline) if outline else {"type": "", "coordinates": []}
    parts = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}
    return tuple(
        tuple((point[0], point[1]) for point in ring)
        for polygon in parts.get(shape["type"], [])
        for ring in polygon
    )
