"""Loading base data, and placing it in cells."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, delete, text
from sqlalchemy.dialects.postgresql import insert

from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.audit.trail import record
from gis.basedata.model import DistrictData
from gis.basedata.tables import building, facility, population, road, water_green
from gis.catalog.commands import DataSet, bump_layers, record_dataset
from gis.catalog.datasets import holds_generated_data
from gis.config import CHECKOUT
from gis.crs import MASTER_SRID
from gis.db.copying import copy_records, geometry_hex
from gis.db.sqlfile import load_sql
from gis.errors import Refused
from gis.grids.commands import place_rows
from gis.i18n import N_

LAYERS = ("area", "facility", "population", "road")
"""Keys of `layer_version` whose tiles look different after a load: the tables behind them."""

_AREA_UPSERT = load_sql(__package__, "area_upsert")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('basedata'))")


@dataclass(frozen=True)
class LoadedDistrict:
    """Rows now in the tables, by kind."""

    streets: int
    communities: int
    roads: int
    suspect_roads: int
    hospitals: int
    population: int


@cache
def known_datasets() -> dict[str, DataSet]:
    """The catalogue entries of data/basedata/datasets.csv, by id."""
    path = CHECKOUT / "data" / "basedata" / "datasets.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader(stream)]
    return {str(row["id"]): DataSet(**row) for row in rows}  # type: ignore[arg-type]


def load_district(
    conn: Connection, data: DistrictData, *, actor: Actor, now: datetime
) -> LoadedDistrict:
    """
    Write the base data of a district; a second time replaces what the first wrote.

    Areas are added or renamed, never removed; roads, hospitals and figures of the same data set
    are replaced. Outlines that cells have redrawn stay unless another outline is delivered.

    Raises
    ------
    Refused
        When the database holds the generated demo: real and invented rows never mix.
    Forbidden
        Without the right to manage data, or outside the area of one's posts.
    """
    require(actor, Permission.MANAGE_DATA)
    require_area(actor, data.district_code)
    conn.execute(_LOCK)
    if holds_generated_data(conn):
        raise Refused(
            N_(
                "This database holds the generated demo district, and real data never mix with it. "
                "Use another home, for example WANMI_HOME=var/real script/gis load dongcheng …"
            )
        )
    result = LoadedDistrict(
        streets=len(data.streets),
        communities=len(data.communities),
        roads=len(data.roads),
        suspect_roads=int(data.roads["suspect_shortcut"].sum()),
        hospitals=len(data.hospitals),
        population=len(data.population),
    )
    _record_sources(conn, data, now)
    _load_areas(conn, data)
    _load_roads(conn, data.roads)
    _load_hospitals(conn, data.hospitals)
    _load_population(conn, data)
    place_in_cells(conn)
    bump_layers(conn, LAYERS, now=now)
    _write_trail(conn, result, actor, data.district_code, now)
    return result


def place_in_cells(conn: Connection) -> None:
    """
    Write the grid code of everything that lies in one cell; empty outside all cells.

    Points by themselves, areas by a point on their surface; the edge rule of `grids.cell_at`.
    Called after a load and after a build. Roads run through many cells and have none. Place names
    are written anew, because they carry the cell too.
    """
    for table in (facility, building, water_green):
        place_rows(conn, table)


def _record_sources(conn: Connection, data: DistrictData, now: datetime) -> None:
    figures = data.population["dataset_id"].value_counts()
    counts = {
        "dongcheng-streets": len(data.streets),
        "dongcheng-communities": len(data.communities),
        "dongcheng-roads": len(data.roads),
        "beijing-hospitals": len(data.hospitals),
        **{str(name): int(count) for name, count in figures.items()},
    }
    for name, count in counts.items():
        record_dataset(conn, known_datasets()[name], row_count=count, now=now)


def _load_areas(conn: Connection, data: DistrictData) -> None:
    whole = np.array([data.streets.geometry.union_all()], dtype=object)
    (district, *shapes) = geometry_hex(
        np.concatenate([whole, data.streets.geometry.to_numpy()]), MASTER_SRID
    )
    rows = []
    for row in _records(data.upper):
        outline = district if row["code"] == data.district_code else None
        rows.append(_area_row(row, int(row["level"]), row["parent_code"] or None, None, outline))
    for row, outline in zip(_records(data.streets), shapes, strict=True):
        rows.append(_area_row(row, 3, data.district_code, "dongcheng-streets", outline))
    for row in _records(data.communities):
        rows.append(_area_row(row, 4, row["parent_code"], "dongcheng-communities"))
    conn.execute(_AREA_UPSERT, rows)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _area_row(
    row: dict[str, Any],
    level: int,
    parent: str | None,
    dataset_id: str | None,
    outline: str | None = None,
) -> dict[str, Any]:
    names = {key: row[key] for key in ("code", "name_zh", "name_en")}
    placed = {"level": level, "parent_code": parent, "dataset_id": dataset_id}
    return {**names, **placed, "outline": outline}


def _load_roads(conn: Connection, roads: gpd.GeoDataFrame) -> None:
    columns = ("name", "class", "rank", "suspect_shortcut", "length_m")
    _replace(conn, road, "dongcheng-roads", roads, columns)


def _load_hospitals(conn: Connection, hospitals: gpd.GeoDataFrame) -> None:
    frame = hospitals.assign(kind="hospital")
    _replace(conn, facility, "beijing-hospitals", frame, ("kind", "name", "address"))


def _replace(
    conn: Connection,
    table: Table,
    dataset_id: str,
    frame: gpd.GeoDataFrame,
    columns: tuple[str, ...],
) -> None:
    """The rows of a data set anew, along a Hilbert curve."""
    conn.execute(delete(table).where(table.c.dataset_id == dataset_id))
    along_curve = np.argsort(frame.geometry.hilbert_distance().to_numpy(), kind="stable")
    ordered = frame.iloc[along_curve]
    values: list[Iterable[Any]] = [ordered[name].tolist() for name in columns]
    shapes = geometry_hex(ordered.geometry.to_numpy(), MASTER_SRID)
    rows = ((*row, dataset_id, shape) for *row, shape in zip(*values, shapes, strict=True))
    copy_records(conn, table, (*columns, "dataset_id", "geom"), rows)


def _load_population(conn: Connection, data: DistrictData) -> None:
    statement = insert(population)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["area_code", "as_of"],
            set_={
                "people": statement.excluded.people,
                "dataset_id": statement.excluded.dataset_id,
            },
        ),
        _records(data.population),
    )


def _write_trail(
    conn: Connection, result: LoadedDistrict, actor: Actor, district_code: str, now: datetime
) -> None:
    record(
        conn,
        subject_type="basedata",
        subject_id=int(district_code),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_DATA),
        action="load",
        at=now,
        data={"roads": result.roads, "communities": result.communities},
    )
