"""Rows into tables by COPY: one door for frames of any room."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from sqlalchemy import Connection, text

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID
from gis.db.copying import geometry_hex

_TO_MASTER = Transformer.from_crs(WORK_SRID, MASTER_SRID, always_xy=True)
_TO_WORK = Transformer.from_crs(MASTER_SRID, WORK_SRID, always_xy=True)
_TO_WEB = Transformer.from_crs(MASTER_SRID, WEB_SRID, always_xy=True)
_BLOCK = 1 << 22


def to_master(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Geometries of the working CRS (metres) as degrees, EPSG:4490."""
    return np.asarray(shapely.transform(shapes, _degrees), dtype=object)


def _degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(_TO_MASTER.transform(xy[:, 0], xy[:, 1]))


def to_work(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees (n, 2) in metres of the working CRS, where distances are taken."""
    return np.column_stack(_TO_WORK.transform(lonlat[:, 0], lonlat[:, 1]))


def to_web(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees (n, 2) as Web Mercator, as the generated column `geom_3857` has them."""
    return np.column_stack(_TO_WEB.transform(lonlat[:, 0], lonlat[:, 1]))


def hex_of(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Geometries in EPSG:4490 as the hexadecimal EWKB that COPY takes."""
    return np.asarray(geometry_hex(shapes, MASTER_SRID), dtype=object)


def points_hex(xy: NDArray[np.float64], srid: int = MASTER_SRID) -> NDArray[np.str_]:
    """The same for many points at once, straight from their coordinates (n, 2)."""
    record = np.zeros(
        len(xy),
        dtype=np.dtype([("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("xy", "<f8", 2)]),
    )
    record["order"], record["kind"], record["srid"] = 1, 0x20000001, srid
    record["xy"] = xy
    return np.frombuffer(record.tobytes().hex().encode(), dtype="S50").astype("U50")


def json_text(value: Mapping[str, Any]) -> str:
    """A JSON document for a jsonb column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def copy_rows(conn: Connection, table: str, frame: pd.DataFrame) -> int:
    """
    Append a frame to a table inside the transaction of `conn`; answers the row count.

    Columns are named as in the table. Geometry columns hold EWKB hex, jsonb columns JSON text,
    bytea columns bytes or None. None, NaN and NaT become null. Identity columns take the values
    given: COPY always does.
    """
    if frame.empty:
        return 0
    names = ", ".join(frame.columns)
    data = _without_zones(pa.Table.from_pandas(_plain(frame), preserve_index=False))
    conn.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
    driver = conn.connection.driver_connection
    assert driver is not None  # noqa: S101  a pooled connection that is open has its driver
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as stream,
    ):
        for part in data.to_batches(max_chunksize=200_000):
            text_block = io.BytesIO()
            arrow_csv.write_csv(part, text_block, arrow_csv.WriteOptions(include_header=False))
            view = text_block.getbuffer()
            for start in range(0, len(view), _BLOCK):
                stream.write(view[start : start + _BLOCK])
    conn.exec_driver_sql("SET LOCAL TimeZone TO DEFAULT")
    return len(frame)


def _without_zones(data: pa.Table) -> pa.Table:
    """Moments as plain UTC: Arrow writes them 25 times as fast as with a zone behind each."""
    for i, column in enumerate(data.schema):
        if pa.types.is_timestamp(column.type) and column.type.tz is not None:
            data = data.set_column(i, column.name, data.column(i).cast(pa.timestamp("us")))
    return data


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    changed: dict[str, Any] = {}
    for name in frame.columns:
        first = frame[name].dropna().head(1).tolist()
        if first and isinstance(first[0], bytes):
            changed[name] = [None if v is None else "\\x" + v.hex() for v in frame[name]]
    return frame.assign(**changed) if changed else frame


def set_sequences(conn: Connection, tables: Sequence[str]) -> None:
    """Let the identity of each table go on after the highest id that was copied in."""
    for table in tables:
        conn.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" coalesce((SELECT max(id) FROM {table}), 1),"
                f" EXISTS (SELECT 1 FROM {table}))"
            )
        )
