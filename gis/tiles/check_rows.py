"""What the rows behind a layer are worth: shapes that are missing or broken, codes unpainted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gis.catalog.layers import Source
from gis.catalog.styles import Style
from gis.catalog.themes import resolve_theme
from gis.errors import Fault, Term, fault
from gis.i18n import N_
from gis.tiles.sql import condition_of, value_of

SAMPLE = 20_000
COUNTED_EXACTLY = 200_000
"""Above it, an estimate: counting five million rows to print a number is not worth a second."""
CODES_MOST = 1_000
NAMED = 5
_TAKES_TOO_LONG = "57014"
_LIMIT_S = 20


@dataclass(frozen=True)
class Looked:
    """What was seen of a source's rows."""

    rows: int | None
    """In the whole table; None: it could not be read."""
    estimated: bool = False
    sampled: int = 0
    without_shape: int = 0
    broken: int = 0
    faults: tuple[Fault, ...] = ()


def _part(source: Source, estimate: int) -> str:
    """FROM and WHERE of the rows looked at: of a large table, pages by chance."""
    sampled = ""
    if estimate > COUNTED_EXACTLY:
        share = 100 * SAMPLE / estimate
        sampled = f" TABLESAMPLE SYSTEM ({share:.4f}) REPEATABLE (1)"
    conditions = " AND ".join(condition_of(c) for c in source.where) or "true"
    return f"FROM {source.table}{sampled} WHERE {conditions}"


def _read(conn: Connection, sql: str) -> Any:
    """
    The rows of a statement, or the error of a table that cannot be read so.

    In a savepoint and with a time limit of its own: the next source is looked at all the same.
    """
    try:
        with conn.begin_nested():
            conn.execute(text(f"SET LOCAL statement_timeout = '{_LIMIT_S}s'"))
            rows = conn.execute(text(sql)).all()
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            return rows
    except DBAPIError as error:
        return error


def _unread(place: str, table: str, error: DBAPIError) -> Fault:
    if getattr(error.orig, "sqlstate", None) == _TAKES_TOO_LONG:
        message = N_("{table} could not be looked at within {limit} s.")
        return fault(place, message, table=table, limit=_LIMIT_S)
    said = str(error.orig).strip().splitlines()[0]
    return fault(place, N_("{table} cannot be read: {reason}."), table=table, reason=said)


def look_at_rows(conn: Connection, source: Source, *, estimate: int, place: str) -> Looked:
    """Count rows, and the shapes among the first or sampled ones that cannot be drawn."""
    counted = estimate
    if estimate <= COUNTED_EXACTLY:
        found = _read(conn, f"SELECT count(*) FROM (SELECT 1 FROM {source.table}"
                            f" LIMIT {COUNTED_EXACTLY + 1}) AS t")  # fmt: skip
        if isinstance(found, DBAPIError):
            return Looked(None, faults=(_unread(place, source.table, found),))
        counted = found[0][0]
    shapes = _read(
        conn,
        "SELECT count(*), count(*) FILTER (WHERE g IS NULL OR ST_IsEmpty(g)),"
        " count(*) FILTER (WHERE NOT ST_IsValid(g))"
        f" FROM (SELECT {source.shape} AS g {_part(source, estimate)} LIMIT {SAMPLE}) AS t",
    )
    estimated = max(estimate, counted) > COUNTED_EXACTLY
    if isinstance(shapes, DBAPIError):
        return Looked(counted, estimated, faults=(_unread(place, source.table, shapes),))
    sampled, without, broken = shapes[0]
    looked = Looked(counted, estimated, sampled, without, broken)
    return Looked(**{**vars(looked), "faults": tuple(_shape_faults(source, looked, place))})


def _shape_faults(source: Source, looked: Looked, place: str) -> list[Fault]:
    facts = {"table": source.table, "sampled": looked.sampled}
    found = []
    if looked.without_shape:
        message = N_(
            "{table}: {count} of {sampled} rows looked at have no shape; the map lacks them."
        )
        found.append(fault(place, message, count=looked.without_shape, **facts))
    if looked.broken:
        message = N_(
            "{table}: {count} of {sampled} shapes looked at are broken (ST_IsValid); they may be"
            " drawn wrong. Repair: ST_MakeValid."
        )
        found.append(fault(place, message, count=looked.broken, **facts))
    return found


def painted_codes(style: Style, source: str) -> dict[str, frozenset[str]]:
    """The codes with a colour of their own, by the attribute that rules of a source colour by."""
    found: dict[str, set[str]] = {}
    for rule in resolve_theme(style, "light").rules:
        spec = rule.get("color")
        if rule.get("source") == source and isinstance(spec, Mapping) and "cats" in spec:
            found.setdefault(spec["by"], set()).update(spec["cats"])
    return {attribute: frozenset(codes) for attribute, codes in found.items()}


def uncoloured(
    conn: Connection, source: Source, style: Style, *, estimate: int, place: str
) -> list[Fault]:
    """Values in the rows that no rule has a colour for: they all look the same on the map."""
    if source.counts is not None:
        return []
    columns = {column.name: column for column in source.columns}
    found = []
    for attribute, codes in painted_codes(style, source.name).items():
        if attribute not in columns:
            continue
        value = value_of(columns[attribute])
        rows = _read(
            conn,
            f"SELECT DISTINCT CAST(v AS text) FROM (SELECT {value} AS v {_part(source, estimate)}"
            f" LIMIT {SAMPLE}) AS t WHERE v IS NOT NULL ORDER BY 1 LIMIT {CODES_MOST}",
        )
        if isinstance(rows, DBAPIError):
            found.append(_unread(place, source.table, rows))
            continue
        without = [row[0] for row in rows if row[0] not in codes]
        if without:
            found.append(_without_colour(place, attribute, without))
    return found


def _without_colour(place: str, attribute: str, codes: list[str]) -> Fault:
    shown = [code[:20] for code in codes[:NAMED]]
    more = " …" if len(codes) > NAMED else ""
    return fault(
        place,
        N_("{count} values of “{attribute}” have no colour of their own: {codes}"),
        count=len(codes),
        attribute=attribute,
        codes=Term("、".join(shown) + more, ", ".join(shown) + more),
    )
