"""Very many rows into one table: its indexes and references are set aside and put back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from sqlalchemy import Connection, text

_INDEXES = text(
    "SELECT CAST(CAST(i.indexrelid AS regclass) AS text) AS name,"
    " pg_get_indexdef(i.indexrelid) AS made_by"
    " FROM pg_index i WHERE i.indrelid = CAST(:name AS regclass)"
    " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1"
)
_CONSTRAINTS = text(
    "SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS made_by"
    " FROM pg_constraint WHERE conrelid = CAST(:name AS regclass) AND contype IN ('f', 'u')"
    " ORDER BY contype, 1"
)


@contextmanager
def without_indexes(conn: Connection, table: str, say: Callable[[str], None]) -> Iterator[None]:
    """
    Inside, `table` has its primary key only; afterwards everything it had.

    Building an index once over all rows and checking a reference once by a join is several
    times cheaper than doing it row by row. In one transaction: nobody sees the table without.
    """
    indexes = conn.execute(_INDEXES, {"name": table}).all()
    constraints = conn.execute(_CONSTRAINTS, {"name": table}).all()
    for constraint in constraints:
        conn.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint.name}")
    for index in indexes:
        conn.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    since = perf_counter()
    conn.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
    for index in indexes:
        conn.exec_driver_sql(index.made_by)
    for constraint in constraints:
        conn.exec_driver_sql(
            f"ALTER TABLE {table} ADD CONSTRAINT {constraint.name} {constraint.made_by}"
        )
    count = len(indexes) + len(constraints)
    say(f"city: {table}: {count} indexes and references back ({perf_counter() - since:.0f} s)")
