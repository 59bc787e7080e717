"""Reading the code tables; they are public, so no scope is asked."""

from sqlalchemy import Connection, Row, select

from gis.db.sqlfile import load_sql
from gis.errors import NotFound, Refused, Term
from gis.i18n import N_
from gis.standards.model import CaseClass, CodeValue, Confidence, HandlingRule, Kind
from gis.standards.rules import applicable_rule
from gis.standards.tables import case_class, code_value

MAX_CLASSES = 500
"""More than any edition has."""

_CLASSES = load_sql(__package__, "classes")
_RULES_OF_CLASS = load_sql(__package__, "rules_of_class")


def active_classes(conn: Connection, edition: str, kind: Kind | None = None) -> list[CaseClass]:
    """The classes of an edition by kind and code, without reserved rows."""
    return search_classes(conn, "", edition=edition, kind=kind, limit=MAX_CLASSES)


def search_classes(
    conn: Connection, text: str, *, edition: str, kind: Kind | None = None, limit: int = 50
) -> list[CaseClass]:
    """
    Active classes whose code, names, main class or 2026 code contain every word of `text`.

    Chinese and English alike, upper and lower case alike. Exact code first,
    then what begins with the text, then by kind and code.
    """
    wanted = text.strip().lower()
    params = {
        "edition": edition,
        "kind": kind,
        "words": wanted.split(),
        "exact": wanted,
        "limit": min(limit, MAX_CLASSES),
    }
    return [_class(row) for row in conn.execute(_CLASSES, params)]


def class_of(conn: Connection, *, kind: Kind | str, edition: str, code: str) -> CaseClass:
    """
    The class with this code in this edition, ready to be used in a new case.

    Raises
    ------
    NotFound
        When no edition has the code.
    Refused
        When the code is reserved (no name known), or belongs to other editions
        only; they are named, with the way out.
    """
    rows = conn.execute(
        select(case_class)
        .where(case_class.c.kind == str(kind), case_class.c.code == code)
        .order_by(case_class.c.edition)
    ).all()
    for row in rows:
        if row.edition == edition:
            if row.reserved:
                raise Refused(
                    N_("Code {code} is reserved in edition {edition}. Choose another class."),
                    code=code,
                    edition=edition,
                )
            return _class(row)
    if not rows:
        raise NotFound(N_("There is no class with code {code}."), code=code)
    raise Refused(
        N_(
            "Code {code} is not in edition {edition}, which this district uses, but in {others}. "
            "Search the class by its name."
        ),
        code=code,
        edition=edition,
        others=", ".join(row.edition for row in rows),
    )


def limits_of_class(
    conn: Connection, *, kind: Kind | str, edition: str, code: str
) -> list[HandlingRule]:
    """
    The handling rules of a class by condition number; never empty on seeded tables.

    Its own rules where it has any. Else those of the same class (same 2026
    code) in another edition, else the default rule: both `borrowed`.
    """
    params = {"kind": str(kind), "edition": edition, "code": code}
    return [_rule(row) for row in conn.execute(_RULES_OF_CLASS, params)]


def rule_of_case(
    conn: Connection,
    *,
    kind: Kind | str,
    edition: str,
    code: str,
    condition_no: int | None = None,
) -> HandlingRule:
    """
    The rule that gives a case its limit; see `applicable_rule` for the choice.

    Raises
    ------
    NotFound
        When the class has no such condition.
    """
    rules = limits_of_class(conn, kind=kind, edition=edition, code=code)
    return applicable_rule(rules, condition_no)


def code_values(conn: Connection, name: str, edition: str | None = None) -> list[CodeValue]:
    """
    The entries of a code list by edition and code; empty for an unknown list.

    Lists: `pipeline_kind`, `land_use_2023`, `pipe_material`, `source`.
    """
    statement = (
        select(code_value)
        .where(code_value.c.list == name)
        .order_by(code_value.c.edition, code_value.c.code)
        .limit(1000)
    )
    if edition is not None:
        statement = statement.where(code_value.c.edition == edition)
    return [_value(row) for row in conn.execute(statement)]


def _class(row: Row[tuple[object, ...]]) -> CaseClass:
    return CaseClass(
        kind=Kind(row.kind),
        edition=row.edition,
        code=row.code,
        class_code=row.class_code,
        class_name=Term(row.class_zh, row.class_en),
        name=Term(row.name_zh, row.name_en),
        code_2026=row.code_2026,
        source=row.source,
        confidence=Confidence(row.confidence),
    )


def _rule(row: Row[tuple[object, ...]]) -> HandlingRule:
    closing_en = row.closing_condition_en or ""
    rule = HandlingRule(
        id=row.id,
        kind=Kind(row.kind),
        edition=row.edition,
        code=row.code,
        condition_no=row.condition_no,
        filing_condition=Term(
            row.filing_condition_zh or row.filing_condition_en, row.filing_condition_en
        ),
        limit_value=row.limit_value,
        limit_unit=row.limit_unit,
        closing_condition=Term(row.closing_condition_zh or closing_en, closing_en),
        scope=row.scope,
        source=row.source,
        confidence=Confidence(row.confidence),
    )
    return rule.as_borrowed() if row.place else rule


def _value(row: Row[tuple[object, ...]]) -> CodeValue:
    return CodeValue(
        list=row.list,
        edition=row.edition,
        code=row.code,
        parent_code=row.parent_code,
        name=Term(row.name_zh, row.name_en),
        colour=row.colour,
        source=row.source,
        confidence=Confidence(row.confidence),
    )
