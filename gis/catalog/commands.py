"""Changing the catalogue: what was loaded, and which layers look different now."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from gis.catalog.tables import dataset, layer_version


@dataclass(frozen=True)
class DataSet:
    """Where rows come from; `attribution` is what the map prints."""

    id: str
    title_zh: str
    title_en: str
    source: str
    licence: str | None = None
    attribution: str | None = None
    as_of: str | None = None
    note_zh: str | None = None
    note_en: str | None = None
    generated: bool = False
    """Made by the demo generator: said on screen."""
    derived: bool = False
    """Computed by us, not official: said on screen."""


def record_dataset(conn: Connection, entry: DataSet, *, row_count: int, now: datetime) -> None:
    """Write or renew the entry of a data set; called in the transaction that loads its rows."""
    values = asdict(entry) | {"row_count": row_count, "loaded_at": now}
    statement = insert(dataset).values(values)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={k: statement.excluded[k] for k in values if k != "id"}
        )
    )


def bump_layers(conn: Connection, layers: Sequence[str], *, now: datetime) -> None:
    """
    Raise the version of layers whose rows change in this transaction, once per batch.

    Tiles and their ETags are keyed by the version, so every cached tile of the layer ends here. A
    layer without a row counts as version 1.
    """
    rows = [{"layer": layer, "version": 2, "changed_at": now} for layer in sorted(layers)]
    statement = insert(layer_version).values(rows)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["layer"],
            set_={"version": layer_version.c.version + 1, "changed_at": now},
        )
    )
