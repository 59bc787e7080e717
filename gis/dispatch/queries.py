"""Reading dispatch: what the rules propose, and which departments there are."""

from datetime import date

from sqlalchemy import Connection, Row, or_, select

from gis.accounts.tables import department
from gis.db.sqlfile import load_sql
from gis.dispatch.model import Department, Proposal, Rule
from gis.dispatch.rules import decide, reason_of
from gis.errors import Term
from gis.standards.model import Kind

_FITTING = load_sql(__package__, "rules_that_fit")
DEPARTMENTS_MOST = 500
ACTING_KINDS = ("department", "street")
"""Kinds of department that handle cases; the two centres do not."""


def propose(
    conn: Connection,
    *,
    grid_code: str,
    kind: Kind | str,
    edition: str,
    class_code: str,
    on: date,
) -> Proposal | None:
    """
    Who should handle a case of this class in this cell on this day; None: no rule fits.

    Read at the moment of asking: a changed rule counts for the next dispatch in
    every process. Rules are public within the product, so no scope is asked.
    """
    rows = conn.execute(
        _FITTING,
        {
            "grid_code": grid_code,
            "kind": str(kind),
            "edition": edition,
            "class_code": class_code,
            "day": on,
        },
    ).all()
    departments = {row.department_id: _department_of_rule(row) for row in rows}
    choice = decide(_rule(row) for row in rows)
    if choice is None:
        return None
    return Proposal(
        department=departments[choice.rule.department_id],
        rule=choice.rule,
        reason=reason_of(choice),
        losers=choice.losers,
        losing_departments=tuple(departments[x.rule.department_id] for x in choice.losers),
    )


def acting_departments(conn: Connection, *, on: date) -> list[Department]:
    """The departments that can be given a case on a day, by kind and code."""
    d = department.c
    rows = conn.execute(
        select(d.id, d.code, d.kind, d.name_zh, d.name_en, d.area_code)
        .where(
            d.kind.in_(ACTING_KINDS),
            d.valid_from <= on,
            or_(d.valid_to.is_(None), d.valid_to > on),
        )
        .order_by(d.kind, d.code)
        .limit(DEPARTMENTS_MOST)
    )
    return [
        Department(row.id, row.code, row.kind, Term(row.name_zh, row.name_en), row.area_code)
        for row in rows
    ]


def _rule(row: Row[tuple[object, ...]]) -> Rule:
    return Rule(
        id=row.id,
        area_code=row.area_code,
        kind=Kind(row.kind),
        edition=row.edition,
        class_code=row.class_code,
        department_id=row.department_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
    )


def _department_of_rule(row: Row[tuple[object, ...]]) -> Department:
    return Department(
        row.department_id,
        row.department_code,
        row.department_kind,
        Term(row.department_zh, row.department_en),
        row.department_area,
    )
