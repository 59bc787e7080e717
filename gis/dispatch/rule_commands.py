"""Changing the dispatch rules of a district: a whole table at a time, checked row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, text, update

from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.audit import trail
from gis.db.settings import read_settings_of
from gis.dispatch.queries import acting_departments
from gis.dispatch.tables import dispatch_rule
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_
from gis.standards.model import Kind

RULES_MOST = 5_000
FAULTS_MOST = 20
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('dispatch_rule'))")
_AREAS = text(
    "SELECT code FROM area WHERE code = ANY(CAST(:codes AS text[]))"
    " UNION SELECT code FROM grid_cell"
    " WHERE valid_to IS NULL AND code = ANY(CAST(:codes AS text[]))"
)
_CLASSES = text(
    "SELECT w.kind, w.prefix FROM unnest(CAST(:kinds AS text[]), CAST(:prefixes AS text[]))"
    " AS w (kind, prefix) WHERE EXISTS (SELECT FROM case_class k WHERE k.kind = w.kind"
    " AND k.edition = :edition AND k.code ^@ w.prefix)"
)
_IN_FORCE = text(
    "SELECT r.id, r.area_code, r.kind, r.class_code, d.code AS department_code, r.note"
    " FROM dispatch_rule r JOIN department d ON d.id = r.department_id"
    " WHERE r.valid_to IS NULL AND r.edition = :edition"
    " AND r.area_code ^@ ANY(CAST(:scope AS text[])) ORDER BY r.id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as a person writes it: codes only. Empty area or class: everywhere, every class."""

    area_code: str
    kind: str
    class_code: str
    department_code: str
    note: str = ""


COLUMNS: Final = tuple(RuleDraft.__dataclass_fields__)
"""The columns of a table of rules, in order."""


def rules_in_force(conn: Connection, *, actor: Actor) -> list[RuleDraft]:
    """The rules of the district's edition inside the actor's area, oldest first."""
    return [_draft(row) for row in _stored(conn, actor)]


def replace_rules(
    conn: Connection, *, actor: Actor, drafts: Sequence[RuleDraft], today: date, now: datetime
) -> tuple[int, int]:
    """
    Put a table of rules in force from today; answers how many were added and how many ended.

    Rules inside the actor's area that the table does not hold end today and stay readable; those
    it holds are left as they are, so that the same table twice changes nothing.

    Raises
    ------
    Forbidden
        Without the right to manage rules, or with a rule outside the actor's area.
    Invalid
        Rows with an unknown code, or twice; the first twenty are named by row.
    """
    require(actor, Permission.MANAGE_RULES)
    for code in sorted({draft.area_code for draft in drafts}):
        require_area(actor, code)
    conn.execute(_LOCK)
    district = read_settings_of(conn, "edition", "district_code")
    departments = {d.code: d.id for d in acting_departments(conn, on=today)}
    faults = list(_faults(conn, drafts, departments, district["edition"]))[:FAULTS_MOST]
    if faults:
        raise Invalid(N_("The rules cannot be taken; nothing was changed."), faults=faults)
    stored = _stored(conn, actor)
    wanted, known = set(drafts), {_draft(row) for row in stored}
    gone = [row for row in stored if _draft(row) not in wanted]
    added = [draft for draft in drafts if draft not in known]
    _end(conn, gone, today)
    if added:
        conn.execute(
            insert(dispatch_rule),
            [_values(draft, departments, district["edition"], today) for draft in added],
        )
    if added or gone:
        trail.record(
            conn,
            subject_type="dispatch_rules",
            subject_id=int(district["district_code"]),
            actor_id=actor.person_id,
            role=acting_role(actor, Permission.MANAGE_RULES),
            action="replaced",
            at=now,
            data={
                "added": [asdict(draft) for draft in added],
                "ended": [asdict(_draft(row)) for row in gone],
            },
        )
    return len(added), len(gone)


def _stored(conn: Connection, actor: Actor) -> Sequence[Row[Any]]:
    edition = read_settings_of(conn, "edition")["edition"]
    params = {"edition": edition, "scope": actor.scope.as_list(), "most": 2 * RULES_MOST}
    return conn.execute(_IN_FORCE, params).all()


def _draft(row: Row[Any]) -> RuleDraft:
    return RuleDraft(*(getattr(row, name) for name in COLUMNS))


def _end(conn: Connection, gone: Sequence[Row[Any]], today: date) -> None:
    """A case may name its rule: none is deleted; one that began today counts for no day."""
    if gone:
        this = dispatch_rule.c.id.in_([row.id for row in gone])
        conn.execute(update(dispatch_rule).where(this).values(valid_to=today))


def _values(
    draft: RuleDraft, departments: Mapping[str, int], edition: str, today: date
) -> dict[str, Any]:
    return {
        "area_code": draft.area_code,
        "kind": draft.kind,
        "edition": edition,
        "class_code": draft.class_code,
        "department_id": departments[draft.department_code],
        "valid_from": today,
        "note": draft.note,
    }


def _faults(
    conn: Connection, drafts: Sequence[RuleDraft], departments: Mapping[str, int], edition: str
) -> Iterator[Fault]:
    if not 0 < len(drafts) <= RULES_MOST:
        message = N_("A table holds 1 to {most} rules, not {count}.")
        yield fault("rules", message, most=RULES_MOST, count=len(drafts))
        return
    areas = set(conn.scalars(_AREAS, {"codes": [d.area_code for d in drafts]})) | {""}
    asked = {"kinds": [d.kind for d in drafts], "prefixes": [d.class_code for d in drafts]}
    classes = {
        (row.kind, row.prefix) for row in conn.execute(_CLASSES, asked | {"edition": edition})
    }
    seen: set[tuple[str, str, str]] = set()
    for number, draft in enumerate(drafts, start=1):
        place = (draft.area_code, draft.kind, draft.class_code)
        checks = (
            (draft.kind in set(Kind), N_("“{value}” is no kind: component or event."), draft.kind),
            (draft.area_code in areas, N_("No area has the code {value}."), draft.area_code),
            (
                draft.kind not in set(Kind) or (draft.kind, draft.class_code) in classes,
                N_("No class of this edition begins with {value}."),
                draft.class_code,
            ),
            (
                draft.department_code in departments,
                N_("No department that handles cases has the code {value}."),
                draft.department_code,
            ),
            (place not in seen, N_("Area and class stand in an earlier row: {value}."),
             " ".join(place)),
        )  # fmt: skip
        yield from (
            fault(f"row {number}", words, value=value[:50])
            for good, words, value in checks
            if not good
        )
        seen.add(place)
