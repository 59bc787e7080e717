"""Frames out of the database: one door each for tables and for geometries."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Executable


def read_frame(
    conn: Connection, statement: Executable, params: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """The rows of a statement as a frame; column order as selected, empty frames keep columns."""
    result = conn.execute(statement, dict(params or {}))
    columns = list(result.keys())
    return pd.DataFrame(result.fetchall(), columns=columns)


def read_gdf(
    conn: Connection,
    statement: Executable,
    params: Mapping[str, Any] | None = None,
    *,
    srid: int,
    geom: str = "geom",
) -> gpd.GeoDataFrame:
    """
    The rows of a statement as a GeoDataFrame in `EPSG:<srid>`.

    The statement selects `geom` as WKB (`ST_AsBinary(geom) AS geom`); the
    caller says which CRS that is, because WKB does not.
    """
    frame = read_frame(conn, statement, params)
    shapes = gpd.GeoSeries.from_wkb([None if g is None else bytes(g) for g in frame[geom]])
    return gpd.GeoDataFrame(
        frame.drop(columns=[geom]), geometry=shapes.set_axis(frame.index), crs=f"EPSG:{srid}"
    )
