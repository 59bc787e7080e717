"""After a load: rows where the map reads them together, labels of scale, fresh statistics."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from gis.accounts.model import SYSTEM
from gis.catalog.commands import bump_layers
from gis.catalog.layers import layers
from gis.components.commands import label_minzooms
from gis.db.engine import transaction
from gis.db.sqlfile import read_sql
from gis.errors import Forbidden
from gis.i18n import N_

Say = Callable[[str], None]

SCATTERED = 8.0
"""From here on a table is rewritten; a Hilbert curve gives about 1, a load without order 500."""
SMALL_ROWS = 5_000
"""So few rows fill so few pages that their order does not matter."""
BUSY = frozenset({"cases"})
"""Rewritten by people all day: tiles read these tables through partial indexes."""

_SCATTER = read_sql(__package__, "scatter")
_LABELLED = ("area", "grid_cell")


@dataclass(frozen=True)
class Settled:
    """What was done; a second call in a row does nothing and answers zeros."""

    relabelled: int
    """Components that are drawn from another zoom on than before."""
    placed: int
    """Areas and cells that had no point for their name."""
    rewritten: tuple[str, ...]
    """Tables whose rows were put along the curve."""


def settle(owner_engine: Engine, *, now: datetime, say: Say) -> Settled:
    """
    Bring what a load left behind into the shape in which tiles are quick; idempotent.

    To be called after every load, whichever way the rows came: components get the zoom from
    which they are drawn, areas and cells a point for their name, the rows of tables that the
    catalogue names are put along a Hilbert curve, and the planner's statistics are renewed.
    A table is locked while it is rewritten, and only rewritten when its order is lost.

    Parameters
    ----------
    owner_engine
        The role that owns the tables, without a statement time-out.

    Raises
    ------
    Forbidden
        When the role does not own them.

    Notes
    -----
    The city set: 40 s when nothing is to be rewritten, most of it the labels of a million
    components; 60 s more for a million rows without order.
    """
    try:
        with transaction(owner_engine) as conn:
            placed = sum(_place_labels(conn, table) for table in _LABELLED)
            relabelled = label_minzooms(conn, actor=SYSTEM, now=now)
            if placed:
                bump_layers(conn, _LABELLED, now=now)
        rewritten = tuple(t for t in _tables() if _put_in_order(owner_engine, t, say))
        with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("ANALYZE"))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
        raise Forbidden(
            N_("Only the role that owns the tables can do this: set WANMI_OWNER_DATABASE_URL."),
            detail=str(error),
        ) from error
    return Settled(relabelled, placed, rewritten)


def _tables() -> list[str]:
    """The tables of the map, each once; names of the catalogue are checked when it is read."""
    return sorted({table for layer in layers().values() for table in layer.tables} - BUSY)


def _place_labels(conn: Connection, table: str) -> int:
    sql = (
        f"UPDATE {table} SET label_3857 = ST_PointOnSurface(geom_3857)"
        " WHERE label_3857 IS NULL AND NOT ST_IsEmpty(geom_3857)"
    )
    return int(conn.execute(text(sql)).rowcount)


def scatter_of(conn: Connection, table: str) -> float:
    """How scattered the rows of a table lie on disk; 0 for a table too small to matter."""
    row = conn.execute(text(_SCATTER.replace("layer_table", table))).one()
    return float(row.scatter or 0.0) if row.rows >= SMALL_ROWS else 0.0


def _put_in_order(engine: Engine, table: str, say: Say) -> bool:
    """
    Rewrite a table along the curve if its order is lost.

    The boxes' order in PostGIS is a Hilbert curve; a box also fits into an index where the
    shape itself is too large for one.
    """
    with transaction(engine) as conn:
        if scatter_of(conn, table) < SCATTERED:
            return False
        since = perf_counter()
        conn.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
        conn.exec_driver_sql(f"CREATE INDEX settle_curve ON {table} (ST_Envelope(geom_3857))")
        conn.exec_driver_sql(f"CLUSTER {table} USING settle_curve")
        conn.exec_driver_sql("DROP INDEX settle_curve")
        say(f"{table}: rows put along the curve ({perf_counter() - since:.0f} s)")
    return True
