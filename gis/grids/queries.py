"""Reading areas and unit grids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, select

from gis.accounts.model import Scope
from gis.crs import MASTER_SRID
from gis.db.frames import read_frame, read_gdf
from gis.db.sqlfile import load_sql
from gis.errors import NotFound
from gis.grids.tables import area, grid_cell
from gis.i18n import N_

_CELL_AT = load_sql(__package__, "cell_at")
_CELLS_AT = load_sql(__package__, "cells_at")
_AREAS_OF_LEVEL = load_sql(__package__, "areas_of_level")
_CELL_PROFILE = load_sql(__package__, "cell_profile")
_EXTENT = load_sql(__package__, "extent")

MOST_AREAS = 5_000


@dataclass(frozen=True)
class CellPlace:
    """The unit grid a point lies in, with the codes above it."""

    code: str
    community_code: str
    street_code: str
    district_code: str
    edition: str
    area_m2: float


@dataclass(frozen=True)
class CellProfile:
    """One unit grid with its parents; lengths in metres, area in square metres."""

    code: str
    edition: str
    area_m2: float
    valid_from: date
    valid_to: date | None
    district_code: str
    district_zh: str | None
    district_en: str | None
    street_code: str
    street_zh: str | None
    street_en: str | None
    community_code: str
    community_zh: str | None
    community_en: str | None
    community_derived: bool
    """The community's outline was computed by us: say so wherever it is shown."""
    lon: float
    lat: float
    road_m: float
    boundary_m: float
    split_m: float
    neighbours: tuple[str, ...]
    responsibility_codes: tuple[str, ...]


def cell_at(conn: Connection, *, lon: float, lat: float) -> CellPlace | None:
    """
    The unit grid in force at a point, None outside every cell.

    A point on an edge or corner belongs to the cell with the smallest code, so there is exactly
    one answer. Where a point lies is no protected fact: there is no scope here.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4490. GCJ-02 is converted at the border, not here.
    """
    row = conn.execute(_CELL_AT, {"lon": lon, "lat": lat}).one_or_none()
    return None if row is None else CellPlace(*row)


def cells_at(conn: Connection, lons: Sequence[float], lats: Sequence[float]) -> list[str | None]:
    """The unit grid code of each point by the rule of `cell_at`; None outside."""
    codes: list[str | None] = [None] * len(lons)
    for row in conn.execute(_CELLS_AT, {"lons": list(lons), "lats": list(lats)}):
        codes[row.place - 1] = row.code
    return codes


def areas_of_level(
    conn: Connection, level: int, *, scope: Scope, most: int = MOST_AREAS
) -> pd.DataFrame:
    """
    The areas of a level (1 city, 2 district, 3 street, 4 community) within or above the scope.

    Columns `code`, `parent_code`, `name_zh`, `name_en`, `derived`, `drawn`, `area_m2` (null where
    not drawn); in code order.
    """
    params = {"level": level, "scope": scope.as_list(), "most": most}
    return read_frame(conn, _AREAS_OF_LEVEL, params)


def cell_profile(conn: Connection, code: str, *, scope: Scope) -> CellProfile:
    """
    What is known of one unit grid.

    Raises
    ------
    NotFound
        No such cell, or not within the scope: the answer does not tell which.
    """
    row = None
    if code.isascii() and code.isdigit():
        row = conn.execute(_CELL_PROFILE, {"code": code, "scope": scope.as_list()}).one_or_none()
    if row is None:
        raise NotFound(N_("There is no unit grid {code} in your area."), code=code)
    values = row._asdict()
    for name in ("neighbours", "responsibility_codes"):
        values[name] = tuple(values[name])
    return CellProfile(**values)


def extent_of(
    conn: Connection, *, scope: Scope, prefix: str = ""
) -> tuple[float, float, float, float] | None:
    """
    The box (west, south, east, north in degrees, EPSG:4490) around the areas under `prefix`.

    None where nothing within the scope is drawn.
    """
    row = conn.execute(_EXTENT, {"scope": scope.as_list(), "prefix": prefix}).one()
    return None if row.west is None else (row.west, row.south, row.east, row.north)


def drawn_districts(conn: Connection) -> list[str]:
    """Codes of districts that have streets with an outline, in order."""
    statement = (
        select(area.c.parent_code)
        .where(area.c.level == 3, area.c.valid_to.is_(None), area.c.geom.is_not(None))
        .group_by(area.c.parent_code)
        .order_by(area.c.parent_code)
    )
    return list(conn.scalars(statement))


def delivered_streets(conn: Connection, district_code: str) -> gpd.GeoDataFrame:
    """
    The streets of a district as they were handed over: street_code, name, geometry (EPSG:4490).

    Polygons that the table holds as one-part multipolygons come back as polygons.
    """
    outline = func.coalesce(area.c.geom_delivered, area.c.geom, type_=area.c.geom.type)
    statement = (
        select(
            area.c.code.label("street_code"),
            area.c.name_zh.label("name"),
            func.ST_AsBinary(outline).label("geom"),
        )
        .where(area.c.level == 3, area.c.parent_code == district_code)
        .where(area.c.valid_to.is_(None), area.c.geom.is_not(None))
        .order_by(area.c.code)
    )
    return _one_part(read_gdf(conn, statement, srid=MASTER_SRID))


def communities_to_build(conn: Connection, district_code: str) -> gpd.GeoDataFrame:
    """
    The communities of a district: community_code, name, street_code, geometry.

    The geometry is the official outline where one was delivered; outlines computed by an earlier
    build are left out, so that a build never feeds on its own result.
    """
    statement = (
        select(
            area.c.code.label("community_code"),
            area.c.name_zh.label("name"),
            area.c.parent_code.label("street_code"),
            func.ST_AsBinary(area.c.geom_delivered).label("geom"),
        )
        .where(area.c.level == 4, area.c.code.startswith(district_code, autoescape=True))
        .where(area.c.valid_to.is_(None))
        .order_by(area.c.code)
    )
    return _one_part(read_gdf(conn, statement, srid=MASTER_SRID))


def stored_cells(conn: Connection, district_code: str) -> gpd.GeoDataFrame:
    """The cells of a district that are in force: grid_code, edition, geometry (EPSG:4490)."""
    statement = (
        select(
            grid_cell.c.code.label("grid_code"),
            grid_cell.c.edition,
            func.ST_AsBinary(grid_cell.c.geom).label("geom"),
        )
        .where(grid_cell.c.district_code == district_code, grid_cell.c.valid_to.is_(None))
        .order_by(grid_cell.c.code)
    )
    return read_gdf(conn, statement, srid=MASTER_SRID)


def stored_communities(conn: Connection, district_code: str) -> gpd.GeoDataFrame:
    """The communities of a district as published: community_code, geometry (EPSG:4490)."""
    statement = (
        select(area.c.code.label("community_code"), func.ST_AsBinary(area.c.geom).label("geom"))
        .where(area.c.level == 4, area.c.code.startswith(district_code, autoescape=True))
        .where(area.c.valid_to.is_(None), area.c.geom.is_not(None))
        .order_by(area.c.code)
    )
    return read_gdf(conn, statement, srid=MASTER_SRID)


def _one_part(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    single = [
        shape.geoms[0] if shape is not None and len(getattr(shape, "geoms", ())) == 1 else shape
        for shape in frame.geometry
    ]
    return frame.set_geometry(gpd.GeoSeries(single, index=frame.index, crs=frame.crs))
