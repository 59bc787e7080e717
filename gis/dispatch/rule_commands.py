"""Changing the dispatch rules of a district: a whole table at a time, with its version."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, text, update

from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.audit import trail
from gis.db.settings import read_setting
from gis.dispatch.model import Rule
from gis.dispatch.queries import departments_by_id, rules_around
from gis.dispatch.rule_check import DrawnRule, drawn_rules
from gis.dispatch.rule_drafts import RuleDraft, draft_of_rule, same_rule
from gis.dispatch.tables import dispatch_rule, dispatch_rule_assistant
from gis.errors import Conflict, Term
from gis.i18n import N_

HISTORY_MOST = 50
_SUBJECT = "dispatch_rules"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('dispatch_rule'))")
_HISTORY = text(
    "SELECT e.seq, e.at, p.name, e.data FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
    " WHERE e.subject_type = :subject AND e.subject_id = :district"
    " ORDER BY e.seq DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class TableChange:
    """One time that the table was put in force; its number is the version of the table."""

    version: int
    at: datetime
    who: str | None
    """None: the product itself, or a command line."""
    added: tuple[Mapping[str, str], ...]
    ended: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table would do to the rules that are stored."""

    kept: tuple[Rule, ...]
    added: tuple[Rule, ...]
    """The id is the number of the row."""
    gone: tuple[Rule, ...]


def rules_in_force(conn: Connection, *, actor: Actor, today: date) -> list[RuleDraft]:
    """The rules of the district's edition inside the actor's area, planned ones too, by id."""
    rules = _stored(conn, actor, today)
    codes = _codes_of(conn, rules)
    return [draft_of_rule(rule, codes) for rule in rules]


def table_version(conn: Connection) -> int:
    """How often the table was changed; 0: never."""
    found = _changes(conn, 1)
    return found[0].version if found else 0


def rule_history(conn: Connection, *, actor: Actor) -> list[TableChange]:
    """
    The newest changes of the table, the last one first.

    Raises
    ------
    Forbidden
        Without the right to manage rules.
    """
    require(actor, Permission.MANAGE_RULES)
    return _changes(conn, HISTORY_MOST)


def replace_rules(
    conn: Connection,
    *,
    actor: Actor,
    drafts: Sequence[RuleDraft],
    today: date,
    now: datetime,
    expected_version: int | None = None,
) -> tuple[int, int]:
    """
    Put a table of rules in force; answers how many were added and how many ended.

    Rules inside the actor's area that the table does not hold end today and stay readable; those
    it holds are left as they are, so that the same table twice changes nothing.

    Raises
    ------
    Forbidden
        Without the right to manage rules, or with a rule outside the actor's area.
    Conflict
        When the table has another version than the one it was edited at; says who changed it.
    Invalid
        Rows with an unknown code, or twice; named by row.
    """
    require(actor, Permission.MANAGE_RULES)
    for code in sorted({draft.area_code for draft in drafts}):
        require_area(actor, code)
    conn.execute(_LOCK)
    if expected_version is not None:
        _check_version(conn, expected_version)
    drawn = drawn_rules(conn, drafts, today=today)
    change = difference(_stored(conn, actor, today), drawn)
    _end(conn, change.gone, today)
    _add(conn, change.added)
    if change.added or change.gone:
        _record(conn, actor, change.added, change.gone, now)
    return len(change.added), len(change.gone)


def difference(stored: Sequence[Rule], drawn: Sequence[DrawnRule]) -> Difference:
    """What a table changes of the rules that are stored; rows that say the same keep theirs."""
    kept: set[int] = set()
    added = []
    by_place: dict[tuple[str, str, str], list[Rule]] = {}
    for rule in stored:
        by_place.setdefault((rule.area_code, rule.kind, rule.class_code), []).append(rule)
    for row in drawn:
        place = (row.rule.area_code, row.rule.kind, row.rule.class_code)
        same = (
            rule.id
            for rule in by_place.get(place, [])
            if rule.id not in kept and same_rule(rule, row.rule, first_day=row.first_day)
        )
        known = next(same, None)
        if known is None:
            added.append(row.rule)
        else:
            kept.add(known)
    return Difference(
        tuple(rule for rule in stored if rule.id in kept),
        tuple(added),
        tuple(rule for rule in stored if rule.id not in kept),
    )


def _stored(conn: Connection, actor: Actor, today: date) -> list[Rule]:
    known = rules_around(
        conn, str(read_setting(conn, "edition")), day=today, since=today,
        areas=actor.scope.as_list(),
    )  # fmt: skip
    return [rule for rule, _department in known]


def _codes_of(conn: Connection, rules: Sequence[Rule]) -> dict[int, str]:
    ids = {one for rule in rules for one in (rule.department_id, *rule.assistants)}
    return {one.id: one.code for one in departments_by_id(conn, ids).values()}


def _check_version(conn: Connection, expected: int) -> None:
    found = _changes(conn, 1)
    if not found or found[0].version == expected:
        return
    raise Conflict(
        N_(
            "{who} changed the rules at {when} while you were editing (version {seen}, now"
            " {current}). Keep your table as a file, load the rules again and compare."
        ),
        who=found[0].who or Term("系统", "the system"),
        when=found[0].at.strftime("%Y-%m-%d %H:%M %Z"),
        seen=expected,
        current=found[0].version,
    )


def _changes(conn: Connection, most: int) -> list[TableChange]:
    district = int(read_setting(conn, "district_code"))
    rows = conn.execute(_HISTORY, {"subject": _SUBJECT, "district": district, "most": most})
    return [
        TableChange(
            row.seq, row.at, row.name, tuple(row.data.get("added", ())),
            tuple(row.data.get("ended", ())),
        )
        for row in rows
    ]  # fmt: skip


def _end(conn: Connection, gone: Sequence[Rule], today: date) -> None:
    """A case may name its rule: none is deleted; one that began today counts for no day."""
    if gone:
        this = dispatch_rule.c.id.in_([rule.id for rule in gone])
        conn.execute(update(dispatch_rule).where(this).values(valid_to=today))


def _add(conn: Connection, rules: Sequence[Rule]) -> None:
    if not rules:
        return
    statement = insert(dispatch_rule).returning(dispatch_rule.c.id, sort_by_parameter_order=True)
    ids = conn.scalars(statement, [_values(rule) for rule in rules]).all()
    helpers = [
        {"rule_id": rule_id, "department_id": one, "position": place}
        for rule_id, rule in zip(ids, rules, strict=True)
        for place, one in enumerate(rule.assistants, start=1)
    ]
    if helpers:
        conn.execute(insert(dispatch_rule_assistant), helpers)


def _values(rule: Rule) -> dict[str, Any]:
    names = ("area_code", "edition", "class_code", "condition_no", "department_id", "post",
             "valid_from", "valid_to", "owner", "note")  # fmt: skip
    window = rule.window
    every_day = len(window.weekdays) == 7  # noqa: PLR2004  a week
    return {name: getattr(rule, name) for name in names} | {
        "kind": str(rule.kind),
        "weekdays": None if every_day else list(window.weekdays),
        "starts": window.starts,
        "ends": window.ends,
    }


def _record(
    conn: Connection, actor: Actor, added: Sequence[Rule], gone: Sequence[Rule], now: datetime
) -> None:
    codes = _codes_of(conn, [*added, *gone])
    trail.record(
        conn,
        subject_type=_SUBJECT,
        subject_id=int(read_setting(conn, "district_code")),
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.MANAGE_RULES),
        action="replaced",
        at=now,
        data={
            "added": [_plain(rule, codes) for rule in added],
            "ended": [_plain(rule, codes) for rule in gone],
        },
    )


def _plain(rule: Rule, codes: Mapping[int, str]) -> dict[str, str]:
    return {k: v for k, v in asdict(draft_of_rule(rule, codes)).items() if v}
