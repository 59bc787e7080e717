"""
Columns that many tables share.

Indexes stand in the migrations only: nothing reads them from here, and two lists would drift.
"""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, Computed, ForeignKey, Identity, Text

from gis.crs import MASTER_SRID, WEB_SRID, WORK_SRID


def identity() -> Column[Any]:
    """`id`, numbered by the database."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def dataset_id() -> Column[Any]:
    """The data set a row came with; null: made here."""
    return Column("dataset_id", Text, ForeignKey("dataset.id"))


def shape(kind: str, srid: int = MASTER_SRID) -> Geometry:
    """The type of a geometry; `kind` as in PostGIS, such as `MULTIPOLYGON`."""
    return Geometry(kind, srid=srid, spatial_index=False)


def kept(name: str, kind: str, srid: int, expression: str) -> Column[Any]:
    """A geometry that the database computes from `geom` and stores."""
    return Column(name, shape(kind, srid), Computed(expression, persisted=True))


def geometry(kind: str, *, work: bool = True, nullable: bool = False) -> list[Column[Any]]:
    """`geom` in the master CRS, with its copies for tiles and (`work`) for measures."""
    copies = [("geom_3857", WEB_SRID)] + ([("geom_work", WORK_SRID)] if work else [])
    return [
        Column("geom", shape(kind), nullable=nullable),
        *(kept(name, kind, srid, f"ST_Transform(geom, {srid})") for name, srid in copies),
    ]
