"""Changing components as a whole: labels for thinning on the map."""

from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, require
from gis.catalog.commands import bump_layers
from gis.db.sqlfile import load_sql

_LABEL = load_sql(__package__, "label_minzoom")
LAYER = "component"
"""The name under which tiles of components are versioned."""


def label_minzooms(conn: Connection, *, actor: Actor, now: datetime) -> int:
    """
    Label every component anew with the lowest zoom at which it is drawn; answers how many changed.

    To be called after a load, in its transaction: one more component in between changes few
    labels, and a wrong one only thins the map unevenly. Tiles end when a label changed.

    Raises
    ------
    Forbidden
        Without the right to manage data.

    Notes
    -----
    The rule is `gis.components.thinning.minzooms`. About 20 s for 1 M components.
    """
    require(actor, Permission.MANAGE_DATA)
    changed = conn.execute(_LABEL).rowcount
    if changed:
        bump_layers(conn, [LAYER], now=now)
    return changed
