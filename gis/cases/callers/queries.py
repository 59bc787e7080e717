"""Reading callers: always masked, always by the cases they rang about within one's own area."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, require
from gis.cases.callers.phones import masked_name, plain_number
from gis.cases.callers.records import (
    CallerCard,
    CallerCase,
    CallerOfCase,
    Rang,
    RevealCount,
)
from gis.cases.callers.sealing import KeyRing
from gis.cases.model import State
from gis.cases.places import term_of
from gis.db.sqlfile import load_sql
from gis.errors import Term, Unavailable

CASES_MOST = 20
CALLERS_MOST = 20
REVEALS_MOST = 100
_BY_PHONE = load_sql(__package__, "caller_by_phone")
_CASES = load_sql(__package__, "cases_of_caller")
_OF_CASE = load_sql(__package__, "callers_of_case")
_REVEALS = load_sql(__package__, "reveals_by_person")


def row_of_phone(conn: Connection, ring: KeyRing, phone: str) -> Row[Any] | None:
    """The row of a number, under whichever key it was kept; for commands."""
    lookups = ring.lookups(plain_number(phone))
    return conn.execute(_BY_PHONE, {"lookups": lookups}).one_or_none()


def caller_card(conn: Connection, *, actor: Actor, ring: KeyRing, phone: str) -> CallerCard | None:
    """
    What is known of the number that rings, within one's own area; None: nothing.

    A caller who rang about other areas only is not known here.

    Raises
    ------
    Forbidden
        Without the right to take calls.
    """
    require(actor, Permission.TAKE_CALLS)
    row = row_of_phone(conn, ring, phone)
    if row is None:
        return None
    cases = cases_of_caller(conn, row.id, actor=actor)
    if not cases:
        return None
    return CallerCard(
        caller_id=row.id,
        phone=row.phone_masked,
        name=shown_name(ring, row),
        since=row.created_at,
        cases=tuple(cases),
    )


def cases_of_caller(conn: Connection, caller_id: int, *, actor: Actor) -> list[CallerCase]:
    """The cases a caller rang about within the actor's area, the newest call first."""
    require(actor, Permission.TAKE_CALLS)
    rows = conn.execute(_CASES, {"caller_id": caller_id, **_where(actor), "most": CASES_MOST})
    return [
        CallerCase(
            number=row.number,
            state=State(row.state),
            class_name=Term(row.class_zh, row.class_en),
            street=Term(row.street_zh, row.street_en),
            description=row.description,
            rang=Rang(row.rang),
            rang_at=row.rang_at,
            reported_at=row.reported_at,
            closed_at=row.closed_at,
            version=row.version,
        )
        for row in rows
    ]


def callers_of_case(
    conn: Connection, number: str, *, actor: Actor, ring: KeyRing | None
) -> list[CallerOfCase]:
    """
    Who rang about a case, the first one first; empty for who may know nothing of callers.

    Without the keys (`ring` None) names stay out and the masked numbers remain.
    """
    if not (actor.may(Permission.TAKE_CALLS) or actor.may(Permission.REVEAL_CALLERS)):
        return []
    rows = conn.execute(_OF_CASE, {"number": number, **_where(actor), "most": CALLERS_MOST})
    return [
        CallerOfCase(
            caller_id=row.caller_id,
            phone=row.phone_masked,
            name=shown_name(ring, row),
            rang=Rang(row.rang),
            at=row.at,
            taken_by=row.taken_by,
            other_cases=row.other_cases,
        )
        for row in rows
    ]


def reveals_by_person(
    conn: Connection, *, actor: Actor, starts: datetime, ends: datetime, zone: str
) -> list[RevealCount]:
    """
    How often each person looked at callers' numbers in a period, most first.

    Raises
    ------
    Forbidden
        Without the right to see the trail.
    """
    require(actor, Permission.VIEW_AUDIT)
    rows = conn.execute(
        _REVEALS,
        {
            "starts": starts,
            "ends": ends,
            "zone": zone,
            "scope": actor.scope.as_list(),
            "most": REVEALS_MOST,
        },
    )
    return [
        RevealCount(
            person_id=row.person_id,
            name=row.name,
            department=term_of(row.department_zh, row.department_en),
            reveals=row.reveals,
            callers=row.callers,
            most_in_a_day=row.most_in_a_day,
            last_at=row.last_at,
            reasons=tuple(row.reasons),
        )
        for row in rows
    ]


def shown_name(ring: KeyRing | None, row: Row[Any]) -> str:
    """The masked name of a caller; empty where none is kept or its key is gone."""
    if ring is None or row.name_cipher is None:
        return ""
    try:
        return masked_name(ring.open("name", bytes(row.name_cipher), row=bytes(row.phone_lookup)))
    except Unavailable:
        return ""


def _where(actor: Actor) -> dict[str, Any]:
    return actor.scope.params()
