"""What the product itself does to cases when their time has come."""

from datetime import datetime

from sqlalchemy import Connection

from gis.accounts.model import SYSTEM
from gis.cases.model import Move
from gis.cases.records import Case
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import load_sql
from gis.dispatch.commands import move_case

_TO_END = load_sql(__package__, "suspensions_to_end")
BATCH = 100


def suspensions_to_end(conn: Connection, *, now: datetime, most: int = BATCH) -> list[str]:
    """Numbers of suspended cases whose resume date has come, the longest waiting first."""
    day = now.astimezone(read_case_settings(conn).zone).date()
    return list(conn.scalars(_TO_END, {"day": day, "most": most}))


def resume(conn: Connection, number: str, *, now: datetime) -> Case:
    """
    Resume a suspended case in the name of the product; its clock goes on.

    Raises
    ------
    Refused, Conflict
        When somebody resumed it meanwhile or holds it now: nothing is left to do.
    """
    return move_case(
        conn,
        actor=SYSTEM,
        number=number,
        move=Move.RESUME,
        fields={},
        expected_version=None,
        now=now,
    )
