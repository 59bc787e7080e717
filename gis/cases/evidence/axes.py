"""Two axes: who may be sent to check what others handled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gis.cases.evidence.draw import other_grid_checks
from gis.cases.model import Move
from gis.cases.places import OnDuty, supervisors_on_duty
from gis.cases.records import Case
from gis.cases.settings import CaseSettings
from gis.db.sqlfile import load_sql

_ELSEWHERE = load_sql(__package__, "on_duty_elsewhere")


@dataclass(frozen=True, slots=True)
class Sendable:
    """Who may be sent now, the one to send first."""

    people: tuple[OnDuty, ...]
    other_grid: bool = False
    """The case was drawn: these people walk other grids of the street."""


def supervisors_to_send(
    conn: Connection,
    *,
    case: Case,
    move: Move,
    handled: Collection[int | None],
    now: datetime,
    settings: CaseSettings,
) -> Sendable:
    """
    Who may be sent to the case's cell now by a move.

    A share of checks (`other_grid_check_percent`, drawn by the case's number, so that every
    check of a case falls alike) goes to somebody who is on duty in the same street, does not
    walk this cell and took no part in handling. With nobody like that on duty, and for every
    other move, those who walk the cell are asked.
    """
    drawn = move is Move.ORDER_CHECK and other_grid_checks(
        case.number, settings.other_grid_check_percent
    )
    if drawn:
        local = now.astimezone(settings.zone)
        rows = conn.execute(
            _ELSEWHERE,
            {
                "grid_code": case.grid_code,
                "street_code": case.street_code,
                "handled": [one for one in handled if one is not None],
                "day": local.date(),
                "clock": local.time().replace(tzinfo=None),
            },
        )
        people = tuple(OnDuty(row.person_id, row.name, row.open_tasks) for row in rows)
        if people:
            return Sendable(people, other_grid=True)
    found = supervisors_on_duty(conn, grid_code=case.grid_code, now=now, settings=settings)
    return Sendable(tuple(found))
