"""Reading base data."""

import geopandas as gpd
from sqlalchemy import Connection, func, select

from gis.basedata.tables import road
from gis.crs import MASTER_SRID
from gis.db.frames import read_gdf


def roads_to_build(conn: Connection) -> gpd.GeoDataFrame:
    """
    Every road as the grid builder and the grid check take it.

    Columns `highway`, `suspect_shortcut`, `geometry` (EPSG:4490), in the order of loading.
    """
    statement = select(
        road.c["class"].label("highway"),
        road.c.suspect_shortcut,
        func.ST_AsBinary(road.c.geom).label("geom"),
    ).order_by(road.c.id)
    return read_gdf(conn, statement, srid=MASTER_SRID)
