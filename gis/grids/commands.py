"""Storing what the builder made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, Table, bindparam, delete, text, update

from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.audit.trail import record
from gis.catalog.commands import DataSet, bump_layers, record_dataset
from gis.catalog.datasets import holds_generated_data
from gis.crs import MASTER_SRID, WEB_SRID
from gis.db.copying import copy_records, geometry_hex
from gis.db.sqlfile import load_sql, read_sql
from gis.errors import Refused
from gis.grids.model import GridBuild
from gis.grids.queries import stored_cells
from gis.grids.tables import area, grid_cell, grid_edge
from gis.i18n import N_

LAYERS = ("area", "grid_cell")
"""Keys of `layer_version` whose tiles look different after a build: the tables behind them."""

_PLACE = read_sql(__package__, "place_rows")
_HELD = load_sql(__package__, "held_cells")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('grids'), hashtext(:district))")


@dataclass(frozen=True)
class StoredBuild:
    """What a build changed; `changed` is False when the same cells were there already."""

    changed: bool
    cells: int
    communities: int
    edges: int
    ended: int


def dataset_of(district_code: str) -> DataSet:
    """The catalogue entry of a district's grids: derived, not official."""
    return DataSet(
        id=f"grids-{district_code}",
        title_zh="单元网格与社区界线（推算）",
        title_en="Unit grids and community outlines (derived)",
        source="built by Wanmi from street outlines, community codes and roads",
        note_zh="社区界线与单元网格由程序推算，非官方界线，不作划界依据。",
        note_en="Community outlines and unit grids are computed, not official boundaries.",
        derived=True,
    )


def store_build(
    conn: Connection,
    build: GridBuild,
    *,
    actor: Actor,
    district_code: str,
    edition: str,
    valid_from: date,
    now: datetime,
    replace_held: bool = False,
) -> StoredBuild:
    """
    Put a build in force: outlines of streets and communities, cells, edges.

    The same cells under the same codes as those in force change nothing. Otherwise the cells in
    force end on `valid_from` (their last day is the day before) and stay readable; cells that
    would have been in force for no day are removed. Edges have no history and are replaced. Cells
    go in along a Hilbert curve, so that neighbours on the map are neighbours on disk.

    Cells that are given to supervisors or responsibility grids are not replaced unless
    `replace_held` says so: under the old codes there would be other ground.

    Raises
    ------
    Refused
        When cells in force are held; names how many and the way out.
    Forbidden
        Without the right to manage data, or outside the area of one's posts.
    """
    require(actor, Permission.MANAGE_DATA)
    require_area(actor, district_code)
    conn.execute(_LOCK, {"district": district_code})
    sizes = {"cells": len(build.cells), "communities": len(build.communities)}
    if _same_cells(stored_cells(conn, district_code), build.cells):
        return StoredBuild(False, **sizes, edges=len(build.edges), ended=0)
    if not replace_held:
        _check_not_held(conn, district_code)
    entry = replace(dataset_of(district_code), generated=holds_generated_data(conn))
    record_dataset(conn, entry, row_count=len(build.cells), now=now)
    _store_outlines(conn, build, district_code, entry.id)
    ended = _end_cells(conn, district_code, valid_from)
    _store_cells(conn, build.cells, district_code, edition, entry.id, valid_from)
    _store_edges(conn, build.edges, district_code)
    bump_layers(conn, LAYERS, now=now)
    result = StoredBuild(True, **sizes, edges=len(build.edges), ended=ended)
    _write_trail(conn, result, actor, district_code, edition, now)
    return result


def place_rows(conn: Connection, table: Table) -> int:
    """
    Write the grid code of every row of a table by where it lies; answers how many changed.

    Points by themselves, areas by a point on their surface; edge rule as in `queries.cell_at`.
    Outside all cells the code becomes empty, or stays where the table asks for one.

    Parameters
    ----------
    table
        Has `id`, `grid_code` and `geom` (EPSG:4490).
    """
    nullable = table.c.grid_code.nullable
    statement = text(
        _PLACE.format(table=table.name, otherwise="NULL" if nullable else "t.grid_code")
    )
    return conn.execute(statement).rowcount


def _check_not_held(conn: Connection, district_code: str) -> None:
    held = conn.scalar(_HELD, {"district": district_code}) or 0
    if held:
        raise Refused(
            N_(
                "{count} unit grids in force are given to supervisors or responsibility grids; a "
                "new build puts other ground under their codes. End those first, or build with "
                "--replace."
            ),
            count=held,
        )


def _same_cells(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> bool:
    if len(before) != len(after) or list(before["grid_code"]) != list(after["grid_code"]):
        return False
    pairs = zip(before.geometry.to_wkb(), after.geometry.to_wkb(), strict=True)
    return all(old == new for old, new in pairs)


def _store_outlines(
    conn: Connection, build: GridBuild, district_code: str, dataset_id: str
) -> None:
    """Outlines rebuilt from the cells; what was delivered is kept beside them once."""
    keep = update(area).where(
        area.c.level == 3, area.c.parent_code == district_code, area.c.geom_delivered.is_(None)
    )
    conn.execute(keep.values(geom_delivered=area.c.geom))
    _draw(conn, build.streets, "street_code", {})
    made = build.communities[build.communities["is_derived"]]
    _draw(conn, made, "community_code", {"derived": True, "dataset_id": dataset_id})
    drawn = build.communities[~build.communities["is_derived"]]
    _draw(conn, drawn, "community_code", {"derived": False})
    whole = gpd.GeoDataFrame(
        {"code": [district_code]},
        geometry=[shapely.coverage_union_all(build.streets.geometry.to_numpy())],
        crs=MASTER_SRID,
    )
    _draw(conn, whole, "code", {})


def _draw(conn: Connection, frame: gpd.GeoDataFrame, key: str, extra: dict[str, object]) -> None:
    if frame.empty:
        return
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    shapes = np.asarray(shapely.multipolygons(parts, indices=owner), dtype=object)
    statement = (
        update(area)
        .where(area.c.code == bindparam("area_code"))
        .values(geom=bindparam("outline"), label_3857=bindparam("label"), **extra)
    )
    outlines, labels = geometry_hex(shapes, MASTER_SRID), _labels(frame)
    rows = zip(frame[key], outlines, labels, strict=True)
    conn.execute(statement, [{"area_code": c, "outline": o, "label": p} for c, o, p in rows])


def _labels(frame: gpd.GeoDataFrame) -> list[str | None]:
    web = frame.geometry.to_crs(WEB_SRID).to_numpy()
    return geometry_hex(shapely.point_on_surface(web), WEB_SRID)


def _end_cells(conn: Connection, district_code: str, valid_from: date) -> int:
    current = (grid_cell.c.district_code == district_code) & grid_cell.c.valid_to.is_(None)
    conn.execute(delete(grid_cell).where(current, grid_cell.c.valid_from >= valid_from))
    ended = conn.execute(update(grid_cell).where(current).values(valid_to=valid_from))
    return ended.rowcount


def _store_cells(
    conn: Connection,
    cells: gpd.GeoDataFrame,
    district_code: str,
    edition: str,
    dataset_id: str,
    valid_from: date,
) -> None:
    along_curve = np.argsort(cells.geometry.hilbert_distance().to_numpy(), kind="stable")
    ordered = cells.iloc[along_curve]
    rows = zip(
        ordered["grid_code"],
        ordered["street_code"],
        ordered["community_code"],
        ordered["area_m2"],
        geometry_hex(ordered.geometry.to_numpy(), MASTER_SRID),
        _labels(ordered),
        strict=True,
    )
    columns = (
        *("code", "street_code", "community_code", "area_m2", "geom", "label_3857"),
        *("district_code", "edition", "dataset_id", "valid_from"),
    )
    same: Sequence[object] = (district_code, edition, dataset_id, valid_from)
    copy_records(conn, grid_cell, columns, ((*row, *same) for row in rows))


def _store_edges(conn: Connection, edges: gpd.GeoDataFrame, district_code: str) -> None:
    old = grid_edge.c.left_code.startswith(district_code, autoescape=True)
    conn.execute(delete(grid_edge).where(old))
    rows = zip(
        edges["origin"],
        edges["left_code"],
        edges["right_code"],
        edges["length_m"],
        geometry_hex(edges.geometry.to_numpy(), MASTER_SRID),
        strict=True,
    )
    columns = ("origin", "left_code", "right_code", "length_m", "geom")
    copy_records(conn, grid_edge, columns, rows)


def _write_trail(
    conn: Connection,
    result: StoredBuild,
    actor: Actor,
    district_code: str,
    edition: str,
    now: datetime,
) -> None:
    record(
        conn,
        subject_type="grids",
        subject_id=int(district_code),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_DATA),
        action="build",
        at=now,
        data={"cells": result.cells, "ended": result.ended, "edition": edition},
    )
