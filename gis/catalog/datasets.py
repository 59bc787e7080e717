"""Reading the catalogue: which data sets are here, from whom, how old, made or derived by whom."""

from typing import Any

from sqlalchemy import Connection, Row, exists, select

from gis.catalog.tables import dataset

DATASETS_MOST = 200


def list_datasets(conn: Connection) -> list[Row[Any]]:
    """All data sets by id; everybody who is signed in may know where the data come from."""
    return list(conn.execute(select(dataset).order_by(dataset.c.id).limit(DATASETS_MOST)))


def holds_generated_data(conn: Connection) -> bool:
    """Whether the demo generator has filled this database."""
    return bool(conn.scalar(select(exists().where(dataset.c.generated))))
