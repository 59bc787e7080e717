"""What people keep and leave behind at their desks: files taken out, cases read, saved filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from gis.accounts.commands import changed_meanwhile
from gis.accounts.model import Actor, Permission, acting_role, require, require_area
from gis.accounts.tables import person
from gis.audit import trail
from gis.cases.desks.filters import CaseFilter, filter_of_query, query_of
from gis.cases.desks.tables import case_filter
from gis.db.sqlfile import statement
from gis.errors import Invalid, NotFound, Refused, fault
from gis.i18n import N_

TITLE_MOST, OWN_MOST, SHOWN_MOST, SEEN_MOST = 60, 50, 200, 500
DESKS = ("list", "inbox")
_SUBJECT = "case_filter"
_LOCK_PERSON = text("SELECT FROM person WHERE id = :id FOR NO KEY UPDATE")
_SHARED_HERE = text(
    "case_filter.shared_area_code IS NOT NULL AND EXISTS ("
    "SELECT FROM unnest(CAST(:scope AS text[])) AS post(code)"
    " WHERE post.code ^@ case_filter.shared_area_code"
    " OR case_filter.shared_area_code ^@ post.code)"
)
_SEE = statement(
    "INSERT INTO case_seen AS s (person_id, case_id, version, seen_at)"
    " SELECT :person_id, c.id, c.version, :now FROM cases c"
    " WHERE c.number = ANY(CAST(:numbers AS text[])) AND {may_see(c)}"
    " ON CONFLICT (person_id, case_id) DO UPDATE SET version = excluded.version,"
    " seen_at = excluded.seen_at WHERE s.version < excluded.version"
)


@dataclass(frozen=True, slots=True)
class FilterDraft:
    """What a person types and the desk adds: a name, what is narrowed, with whom it is shared."""

    desk: str
    title: str
    wanted: CaseFilter
    shared_area_code: str | None = None
    """None: nobody; "" everybody; else the people of this area."""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A saved filter as a person may use it."""

    id: int
    title: str
    query: str
    shared_area_code: str | None
    owner_id: int
    owner: str
    version: int


def note_export(
    conn: Connection, *, actor: Actor, wanted: CaseFilter, form: str, rows: int, now: datetime
) -> None:
    """
    Leave on the trail of the person that a list was taken out as a file.

    Raises
    ------
    Forbidden
        Without the right to export.
    """
    require(actor, Permission.EXPORT)
    conn.execute(_LOCK_PERSON, {"id": actor.person_id})
    trail.record(
        conn,
        subject_type="case_export",
        subject_id=actor.person_id or 0,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.EXPORT),
        action="exported",
        at=now,
        data={"filter": query_of(wanted), "form": form, "rows": rows},
    )


def mark_seen(conn: Connection, *, actor: Actor, numbers: list[str], now: datetime) -> None:
    """
    Remember that a person has looked at cases as they stand now; those of elsewhere are left out.

    Raises
    ------
    Forbidden
        Without the right to see cases.
    """
    require(actor, Permission.VIEW_CASES)
    conn.execute(
        _SEE,
        {
            "person_id": actor.person_id,
            "numbers": numbers[:SEEN_MOST],
            "scope": actor.scope.as_list(),
            "department_id": actor.scope.department_id,
            "now": now,
        },
    )


def filters_for(conn: Connection, *, actor: Actor, desk: str) -> list[SavedFilter]:
    """
    A person's own filters of a desk by name, then those shared with them.

    Raises
    ------
    Forbidden
        Without the right to see cases.
    """
    require(actor, Permission.VIEW_CASES)
    own = case_filter.c.owner_id == actor.person_id
    shared = _SHARED_HERE.bindparams(scope=actor.scope.as_list())
    statement = (
        select(case_filter, person.c.name.label("owner"))
        .join(person, person.c.id == case_filter.c.owner_id)
        .where(case_filter.c.desk == desk, own | shared)
        .order_by(own.desc(), case_filter.c.title, case_filter.c.id)
        .limit(SHOWN_MOST)
    )
    return [_saved(row) for row in conn.execute(statement)]


def _saved(row: Row[Any]) -> SavedFilter:
    return SavedFilter(
        row.id, row.title, row.query, row.shared_area_code, row.owner_id, row.owner, row.version
    )


def _checked(actor: Actor, draft: FilterDraft) -> tuple[str, str]:
    """
    Name and text of a draft as they are kept.

    Raises
    ------
    Invalid, Forbidden
        The name; an area outside the actor's own.
    """
    title, query = draft.title.strip(), query_of(draft.wanted)
    if not (1 <= len(title) <= TITLE_MOST and title.isprintable()):
        raise Invalid(
            N_("The filter cannot be saved."),
            faults=[fault("title", N_("The name has 1 to {most} characters."), most=TITLE_MOST)],
        )
    filter_of_query(query)
    if draft.desk not in DESKS:
        raise Invalid(N_("The filter cannot be saved."))
    if draft.shared_area_code is not None:
        require_area(actor, draft.shared_area_code)
    return title, query


def save_filter(conn: Connection, *, actor: Actor, draft: FilterDraft, now: datetime) -> int:
    """
    Save a filter; one of one's own with this name is replaced. Answers its id.

    Raises
    ------
    Forbidden, Invalid
        See `_checked`.
    Refused
        When the person keeps as many as one may.
    """
    require(actor, Permission.VIEW_CASES)
    title, query = _checked(actor, draft)
    conn.execute(_LOCK_PERSON, {"id": actor.person_id})
    mine = case_filter.c.owner_id == actor.person_id
    values = {"query": query, "shared_area_code": draft.shared_area_code, "changed_at": now}
    same = (
        update(case_filter)
        .where(mine, case_filter.c.desk == draft.desk, case_filter.c.title == title)
        .values(**values, version=case_filter.c.version + 1)
        .returning(case_filter.c.id)
    )
    filter_id = conn.execute(same).scalar()
    if filter_id is None:
        held = conn.scalar(select(func.count()).select_from(case_filter).where(mine)) or 0
        if held >= OWN_MOST:
            raise Refused(
                N_("You keep {most} filters, the most there may be. Delete one first."),
                most=OWN_MOST,
            )
        made = insert(case_filter).values(
            owner_id=actor.person_id, desk=draft.desk, title=title, version=1, **values
        )
        filter_id = conn.execute(made.returning(case_filter.c.id)).scalar_one()
    _record(conn, actor, int(filter_id), "saved", now, {"title": title, **_shared(draft)})
    return int(filter_id)


def _shared(draft: FilterDraft) -> dict[str, str | None]:
    return {"shared_area_code": draft.shared_area_code}


def delete_filter(
    conn: Connection, *, actor: Actor, filter_id: int, expected_version: int, now: datetime
) -> None:
    """
    Delete a filter of one's own.

    Raises
    ------
    NotFound
        When it is gone or somebody else's.
    Conflict
        When it has changed since `expected_version`.
    """
    require(actor, Permission.VIEW_CASES)
    mine = (case_filter.c.id == filter_id) & (case_filter.c.owner_id == actor.person_id)
    row = conn.execute(select(case_filter).where(mine).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(N_("This filter is gone, or belongs to somebody else."))
    if row.version != expected_version:
        raise changed_meanwhile(conn, _SUBJECT, filter_id)
    conn.execute(delete(case_filter).where(mine))
    _record(conn, actor, filter_id, "deleted", now, {"title": row.title})


def _record(
    conn: Connection, actor: Actor, filter_id: int, action: str, now: datetime, data: dict[str, Any]
) -> None:
    trail.record(
        conn,
        subject_type=_SUBJECT,
        subject_id=filter_id,
        actor_id=actor.person_id,
        role=acting_role(actor, Permission.VIEW_CASES),
        action=action,
        at=now,
        data=data,
    )
