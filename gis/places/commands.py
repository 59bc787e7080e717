"""Filling the place names from the rest of the city's data."""

from sqlalchemy import Connection, delete, text

from gis.db.sqlfile import load_sql
from gis.places.model import PlaceKind
from gis.places.pinyin import search_key
from gis.places.tables import place

FILLED = (PlaceKind.AREA, PlaceKind.ROAD, PlaceKind.FACILITY, PlaceKind.WATER, PlaceKind.PARK)
"""Kinds that are written anew each time; addresses entered by people stay."""

_SOURCES = load_sql(__package__, "place_sources")
_WRITE = text(
    "INSERT INTO place (kind, name, alias, pinyin, grid_code, geom)"
    " VALUES (:kind, :name, :alias, :pinyin, :grid_code, ST_GeomFromEWKB(:point))"
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('places'))")


def refill_places(conn: Connection) -> int:
    """
    Write all place names anew from areas, roads, facilities, water and green.

    Called after a load and after a build of grids, in their transaction; two
    at a time wait for each other. Facilities keep their address as alias.

    Returns
    -------
    Number of places written.
    """
    conn.execute(_LOCK)
    conn.execute(delete(place).where(place.c.kind.in_([str(kind) for kind in FILLED])))
    rows = [
        {
            "kind": row.kind,
            "name": row.name,
            "alias": row.alias,
            "pinyin": search_key(row.name),
            "grid_code": row.grid_code,
            "point": bytes(row.geom),
        }
        for row in conn.execute(_SOURCES)
    ]
    if rows:
        conn.execute(_WRITE, rows)
    return len(rows)
