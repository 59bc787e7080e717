"""What people keep and leave behind at their desks: files taken out, cases read, saved filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, update

from gis.accounts.keepsakes import Keepsakes, check_sharing, hold_person, title_faults
from gis.accounts.model import Actor, Permission, acting_role, require
from gis.audit import trail
from gis.cases.desks.filters import CaseFilter, filter_of_query, query_of
from gis.cases.desks.tables import case_filter
from gis.db.sqlfile import statement
from gis.errors import Invalid
from gis.i18n import N_

OWN_MOST, SEEN_MOST = 50, 500
DESKS = ("list", "inbox")
_FILTERS = Keepsakes(
    table=case_filter,
    subject="case_filter",
    permission=Permission.VIEW_CASES,
    most=OWN_MOST,
    full=N_("You keep {most} filters, the most there may be. Delete one first."),
    gone=N_("This filter is gone, or belongs to somebody else."),
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
    hold_person(conn, actor)
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
            **actor.scope.params_of(actor.person_id),
            "numbers": numbers[:SEEN_MOST],
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
    return [_saved(row) for row in _FILTERS.shown(conn, actor, case_filter.c.desk == desk)]


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
    faults = title_faults(title)
    if faults or draft.desk not in DESKS:
        raise Invalid(N_("The filter cannot be saved."), faults=faults)
    filter_of_query(query)
    check_sharing(actor, draft.shared_area_code)
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
    hold_person(conn, actor)
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
        _FILTERS.check_room(conn, actor)
        made = insert(case_filter).values(
            owner_id=actor.person_id, desk=draft.desk, title=title, version=1, **values
        )
        filter_id = conn.execute(made.returning(case_filter.c.id)).scalar_one()
    kept = {"title": title, "shared_area_code": draft.shared_area_code}
    _FILTERS.record(conn, actor, int(filter_id), "saved", now, kept)
    return int(filter_id)


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
    row = _FILTERS.own(conn, actor, filter_id, expected_version)
    conn.execute(delete(case_filter).where(case_filter.c.id == filter_id))
    _FILTERS.record(conn, actor, filter_id, "deleted", now, {"title": row.title})
