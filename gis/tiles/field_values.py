"""What a field of a layer holds: numbers to be cut into classes, codes with how many rows each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from gis.accounts.model import Actor, require
from gis.catalog.layers import Layer, Source
from gis.errors import NotFound, Unavailable
from gis.i18n import N_
from gis.tiles.identify import protections_of
from gis.tiles.sql import condition_of, value_of

ROWS_MOST = 50_000
"""Read of a million rows: enough for classes, little enough to wait for."""
CODES_MOST = 1_000
TIMEOUT_MS = 3_000
_CANCELED = "57014"


@dataclass(frozen=True)
class Code:
    """A value of a field and how many of the rows that were read have it."""

    value: str
    rows: int


@dataclass(frozen=True)
class FieldValues:
    """
    What a field holds within somebody's scope, of at most `ROWS_MOST` rows.

    `numbers` is None for a field of text; `codes` are the most frequent first, `kinds` says how
    many different ones there are, counted up to a thousand.
    """

    numbers: tuple[float | None, ...] | None
    codes: tuple[Code, ...]
    kinds: int


def read_field(
    conn: Connection, layer: Layer, source: str, field: str, *, actor: Actor
) -> FieldValues:
    """
    The values of one field of one source, as the tiles carry it.

    Raises
    ------
    Forbidden
        When the layer is not the actor's to see.
    NotFound
        When no table holds the field: it is counted or joined on the way.
    Unavailable
        When the database needs longer than three seconds.
    """
    require(actor, layer.permission)
    part = _source_with(layer, source, field)
    column = next(column for column in part.columns if column.name == field)
    conditions = [condition_of(c) for c in part.where] + protections_of(part, actor.scope)
    sql = (
        f"SELECT value, count(*) AS rows FROM (SELECT {value_of(column)} AS value"
        f" FROM {part.table} WHERE {' AND '.join(conditions) or 'true'} LIMIT :most) AS held"
        " GROUP BY value ORDER BY rows DESC, value LIMIT :most"
    )
    given = {"scope": actor.scope.as_list(), "department": actor.scope.department_id}
    rows = _fetch(conn, sql, {**given, "most": ROWS_MOST})
    known = [row for row in rows if row.value is not None]
    numeric = all(
        isinstance(row.value, int | float | Decimal) and not isinstance(row.value, bool)
        for row in known
    )
    return FieldValues(
        numbers=tuple(
            None if r.value is None else float(r.value) for r in rows for _ in range(r.rows)
        )
        if known and numeric
        else None,
        codes=tuple(Code(_as_code(r.value), r.rows) for r in known[:CODES_MOST]),
        kinds=min(len(known), CODES_MOST),
    )


def _source_with(layer: Layer, name: str, field: str) -> Source:
    for part in reversed(layer.sources):
        held = any(column.name == field for column in part.columns)
        if part.name == name and held and part.counts is None:
            return part
    raise NotFound(N_("No table holds the field {field}: write its limits by hand."), field=field)


def _as_code(value: Any) -> str:
    """As the browser spells it: true, 3, JS."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fetch(conn: Connection, sql: str, given: dict[str, Any]) -> Any:
    conn.execute(text(f"SET LOCAL statement_timeout = {TIMEOUT_MS}"))
    try:
        return conn.execute(text(sql), given).all()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _CANCELED:
            raise
        raise Unavailable(
            N_("This table is too large to be read now. Write the limits by hand.")
        ) from error
