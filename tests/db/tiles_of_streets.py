"""Tiles of one's own street and of the other one, as the tile server makes them."""

import math

from sqlalchemy import Connection

from gis.accounts.model import Scope
from gis.catalog.layers import Layer
from gis.tiles.sql import tile_statement
from tests import factories as make
from tests.db.other_street import (
    AT,
)


def tiles_of(conn: Connection, layer: Layer, zoom: int, scope: Scope) -> list[bytes]:
    """The layer's tiles at one zoom that touch one's own cell or the other street's."""
    statement = tile_statement(
        layer.id, zoom, scoped=True, by_department=scope.department_id is not None
    )
    assert statement is not None
    given = {"scope": _array(scope), "department": str(scope.department_id or "NULL")}
    conn.exec_driver_sql(f"PREPARE tile AS {statement.sql.replace('%', '%%')}")
    found = []
    for column, row in sorted({address(zoom, *make.middle(*at)) for at in ((0, 0), AT)}):
        args = [str(zoom), str(column), str(row), *(given[name] for name in statement.takes)]
        found.append(bytes(conn.exec_driver_sql(f"EXECUTE tile({','.join(args)})").scalar() or b""))
    conn.exec_driver_sql("DEALLOCATE tile")
    return found


def address(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    n = 1 << zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


def _array(scope: Scope) -> str:
    return "ARRAY[" + ",".join(f"'{prefix}'" for prefix in scope.prefixes) + "]"
