"""Reading dispatch: what the rules propose, and which departments there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from gis.accounts.tables import department
from gis.db.sqlfile import load_sql
from gis.dispatch.model import Choice, Department, Flaw, Proposal, Question, Rule
from gis.dispatch.rules import decide, fits, reason_of
from gis.dispatch.windows import EVERY_DAY, Window
from gis.errors import Term
from gis.standards.model import Kind

_RULES = load_sql(__package__, "rules")
DEPARTMENTS_MOST = 500
RULES_READ_MOST = 20_000
ACTING_KINDS = ("department", "street")
"""Kinds of department that handle cases; the two centres do not."""

Known = tuple[Rule, Department]
"""A rule with the department that it names."""


def propose(conn: Connection, asked: Question) -> Proposal | None:
    """
    Who should handle a case like this; None: no rule fits.

    Read at the moment of asking: a changed rule counts for the next dispatch in
    every process. A rule with a fault that wins is answered with its `flaws`;
    the next best does not take its place. Rules are public within the product,
    so no scope is asked.
    """
    known = rules_around(
        conn, asked.edition, day=asked.day, kind=str(asked.kind), grid_code=asked.grid_code,
        class_code=asked.class_code,
    )  # fmt: skip
    departments = {rule.id: named for rule, named in known}
    choice = decide(rule for rule, _named in known if fits(rule, asked))
    return None if choice is None else _proposal(conn, choice, departments)


def _proposal(conn: Connection, choice: Choice, named: dict[int, Department]) -> Proposal:
    helping = departments_by_id(conn, choice.rule.assistants) if choice.rule.assistants else {}
    return Proposal(
        department=named[choice.rule.id],
        rule=choice.rule,
        reason=reason_of(choice),
        losers=choice.losers,
        losing_departments=tuple(named[loser.rule.id] for loser in choice.losers),
        assistants=tuple(helping[one] for one in choice.rule.assistants),
    )


def rules_around(
    conn: Connection,
    edition: str,
    *,
    day: date,
    kind: str | None = None,
    grid_code: str | None = None,
    class_code: str | None = None,
    since: date | None = None,
    areas: Sequence[str] | None = None,
) -> list[Known]:
    """
    Rules with their departments by id, each with what is wrong with it on `day`.

    Narrowed by what a rule's prefixes must fit, by the areas it must lie in, and by `since`: rules
    that had ended by then are left out.
    """
    rows = conn.execute(
        _RULES,
        {
            "edition": edition,
            "kind": kind,
            "grid_code": grid_code,
            "class_code": class_code,
            "scope": None if areas is None else list(areas),
            "day": day,
            "since": since,
            "most": RULES_READ_MOST,
        },
    )
    return [(_rule(row), _department_of_rule(row)) for row in rows]


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
    return [_department(row) for row in rows]


def departments_by_id(conn: Connection, ids: Iterable[int]) -> dict[int, Department]:
    """Departments, ended ones too: what happened under them stays readable."""
    d = department.c
    rows = conn.execute(
        select(d.id, d.code, d.kind, d.name_zh, d.name_en, d.area_code).where(d.id.in_(set(ids)))
    )
    return {row.id: _department(row) for row in rows}


def _rule(row: Row[*tuple[Any, ...]]) -> Rule:
    return Rule(
        id=row.id,
        area_code=row.area_code,
        kind=Kind(row.kind),
        edition=row.edition,
        class_code=row.class_code,
        condition_no=row.condition_no,
        window=Window(tuple(row.weekdays or EVERY_DAY), row.starts, row.ends),
        department_id=row.department_id,
        post=row.post,
        assistants=tuple(row.assistants),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        owner=row.owner,
        note=row.note,
        flaws=tuple(flaw for flaw in Flaw if row._mapping[flaw]),
    )


def _department(row: Row[*tuple[Any, ...]]) -> Department:
    return Department(row.id, row.code, row.kind, Term(row.name_zh, row.name_en), row.area_code)


def _department_of_rule(row: Row[*tuple[Any, ...]]) -> Department:
    return Department(
        row.department_id,
        row.department_code,
        row.department_kind,
        Term(row.department_zh, row.department_en),
        row.department_area,
    )
