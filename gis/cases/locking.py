"""Taking a lock or saying at once that somebody else has it."""

from collections.abc import Mapping
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Row, TextClause
from sqlalchemy.exc import OperationalError

from gis.errors import Conflict
from gis.i18n import N_


def locked_row(
    conn: Connection, statement: TextClause, params: Mapping[str, Any], *, number: str
) -> Row[Any] | None:
    """
    The row of a `NOWAIT` statement about case `number`; None where there is none.

    Raises
    ------
    Conflict
        When somebody else holds the lock: people look again instead of waiting.
    """
    try:
        return conn.execute(statement, dict(params)).one_or_none()
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise Conflict(
                N_("Somebody is moving case {number} at this moment. Look at it again."),
                number=number,
            ) from error
        raise
