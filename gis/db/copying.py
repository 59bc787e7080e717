"""Rows into a table by COPY: the fast way in for whole data sets."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Table


def copy_records(
    conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    """
    Append rows to a table inside the transaction of `conn`; answers how many.

    Values are in the order of `columns`; geometries as `geometry_hex` gives them.
    """
    names = ", ".join(table.c[name].name for name in columns)
    driver = conn.connection.driver_connection
    if driver is None:
        msg = "the connection is closed"
        raise RuntimeError(msg)
    count = 0
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)
            count += 1
    return count


def geometry_hex(shapes: NDArray[np.object_], srid: int) -> list[str | None]:
    """Geometries as hexadecimal EWKB, which every geometry column takes as text."""
    labelled = shapely.set_srid(shapes, srid)
    return [*shapely.to_wkb(labelled, hex=True, include_srid=True).tolist()]
