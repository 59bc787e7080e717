"""Changing the networks as a whole: merged mains for the small scales of the map."""

from datetime import datetime

from sqlalchemy import Connection, delete

from gis.accounts.model import Actor, Permission, require
from gis.catalog.commands import bump_layers
from gis.db.sqlfile import load_sql
from gis.pipelines.tables import pipe_main

LAYER = "pipe_main"
"""The name under which tiles of merged mains are versioned."""

LEVELS = ((3, 9, 30.0), (4, 12, 8.0))
"""Level of the area, digits of its code, and what may be left out, in metres of EPSG:3857."""

_MERGE = load_sql(__package__, "merge_mains")


def merge_mains(conn: Connection, *, actor: Actor, now: datetime) -> int:
    """
    Merge the mains of each kind anew, by street and by community; answers how many shapes.

    To be called after a load, in its transaction. A shape holds the mains of one kind inside one
    area and belongs to it by its code, so that area scopes hold for it as for its segments. A
    segment belongs to the area of its middle, as everywhere. Lengths are those of the segments.

    Raises
    ------
    Forbidden
        Without the right to manage data.

    Notes
    -----
    Level 3 is drawn from zoom 9, level 4 from zoom 12: a pixel of zoom 11 is 76 m wide, one of
    zoom 13 19 m, and half of that is left out. 1 s for 10,000 mains in 4,096 communities.
    """
    require(actor, Permission.MANAGE_DATA)
    conn.execute(delete(pipe_main))
    made = 0
    for level, digits, coarse_m in LEVELS:
        given = {"level": level, "digits": digits, "coarse_m": coarse_m}
        made += conn.execute(_MERGE, given).rowcount
    bump_layers(conn, [LAYER], now=now)
    return made
