"""Reading cases: one, a queue, a list, a history; the scope is asked in every statement."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Scope
from gis.cases.lists import (
    IN_SCOPE,
    CaseRow,
    Page,
    count_statement,
    list_statement,
    mark_of,
    params_of_mark,
    queue_statement,
    rows_of,
)
from gis.cases.model import Move, State
from gis.cases.places import term_of
from gis.cases.queues import Order, queue_named, queues_of
from gis.cases.records import Case, is_case_number
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import load_sql
from gis.errors import NotFound, Term
from gis.i18n import N_
from gis.standards.model import Confidence, Kind

PAGE_MOST = 200
COUNT_MOST = 1_000
"""Queues are counted up to here; a longer one says "1000+" and stays quick."""
_DETAIL = load_sql(__package__, "case_detail")
_HISTORY = load_sql(__package__, "history")
_CASE_FIELDS = tuple(f.name for f in fields(Case))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """A case with every name that its page shows."""

    case: Case
    description: str
    accuracy_m: float | None
    lon: float
    lat: float
    class_name: Term | None
    main_class: Term | None
    class_confidence: Confidence | None
    district: Term | None
    street: Term | None
    community: Term | None
    department: Term | None
    reporter: str | None
    supervisor: str | None
    handler: str | None
    changed_by: str | None
    component_code: str | None
    component_state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo or another file of a step; its bytes are at `/files/<sha256>`."""

    sha256: str
    purpose: str
    media_type: str = "image/jpeg"
    size_bytes: int = 0
    width_px: int | None
    height_px: int | None

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown among the photos."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One step of a case's life."""

    seq: int
    move: Move
    from_state: State | None
    to_state: State
    at: datetime
    actor: str | None
    """None: the system."""
    role: str
    department: Term | None
    note: str
    data: Mapping[str, Any]
    photos: tuple[Photo, ...]


def case_from_row(row: Row[Any]) -> Case:
    """The row of a statement that selects the columns of `Case`."""
    values = {name: getattr(row, name) for name in _CASE_FIELDS}
    return Case(**{**values, "kind": Kind(row.kind), "state": State(row.state)})


def case_by_number(
    conn: Connection, number: str, *, scope: Scope, person_id: int | None = None
) -> CaseDetail:
    """
    One case with its names.

    Within the scope; with `person_id` also outside it when the person reported
    the case or is sent to it now.

    Raises
    ------
    NotFound
        No such case, or not for this person: the answer does not tell which.
    """
    params = {"number": number, **scope.params_of(person_id)}
    row = conn.execute(_DETAIL, params).one_or_none() if is_case_number(number) else None
    if row is None:
        raise NotFound(N_("There is no case {number} in your area."), number=number)
    return CaseDetail(
        case=case_from_row(row),
        description=row.description,
        accuracy_m=row.accuracy_m,
        lon=row.lon,
        lat=row.lat,
        class_name=term_of(row.class_zh, row.class_en),
        main_class=term_of(row.main_class_zh, row.main_class_en),
        class_confidence=row.class_confidence and Confidence(row.class_confidence),
        district=term_of(row.district_zh, row.district_en),
        street=term_of(row.street_zh, row.street_en),
        community=term_of(row.community_zh, row.community_en),
        department=term_of(row.department_zh, row.department_en),
        reporter=row.reporter,
        supervisor=row.supervisor,
        handler=row.handler,
        changed_by=row.changed_by_name,
        component_code=row.component_code,
        component_state=row.component_state,
    )


def history(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> list[HistoryEntry]:
    """The steps of a case with their photos, oldest first; empty when it may not be seen."""
    rows = conn.execute(_HISTORY, {"case_id": case_id, **scope.params_of(person_id)})
    return [
        HistoryEntry(
            seq=row.seq,
            move=Move(row.move),
            from_state=State(row.from_state) if row.from_state in set(State) else None,
            to_state=State(row.to_state),
            at=row.at,
            actor=row.actor,
            role=row.role,
            department=term_of(row.department_zh, row.department_en),
            note=row.note,
            data=row.data,
            photos=tuple(Photo(**photo) for photo in row.photos),
        )
        for row in rows
    ]


def queue(
    conn: Connection,
    *,
    queue_id: str,
    actor: Actor,
    scope: Scope,
    now: datetime,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """
    One page of a queue of this person.

    By the earliest deadline, then the longest wait, then id; reports of one's
    own newest first. `after` is the `next_after` of the page before: a case
    that moves meanwhile is neither shown twice nor makes another one vanish.

    Raises
    ------
    NotFound
        When the queue is none of the person's.
    Invalid
        When `after` is not a mark of this queue.
    """
    wanted = queue_named(actor, queue_id)
    most = max(1, min(limit, PAGE_MOST))
    params = {**_queue_params(conn, actor, scope, now), "most": most + 1}
    if after is not None:
        params |= params_of_mark(wanted.order, after)
    statement = queue_statement(wanted, continued=after is not None)
    rows = rows_of(conn.execute(statement, params))
    more = len(rows) > most
    return Page(tuple(rows[:most]), mark_of(wanted.order, rows[most - 1]) if more else None)


def queue_counts(conn: Connection, *, actor: Actor, scope: Scope, now: datetime) -> dict[str, int]:
    """How many cases stand in each queue of this person, counted up to `COUNT_MOST`."""
    wanted = tuple(queues_of(actor))
    if not wanted:
        return {}
    params = {**_queue_params(conn, actor, scope, now), "most": COUNT_MOST}
    return {row.id: row.found for row in conn.execute(count_statement(wanted), params)}


def cases_in_grid(
    conn: Connection, grid_code: str, *, scope: Scope, only_open: bool = False, limit: int = 50
) -> list[CaseRow]:
    """The cases of a cell within the scope, newest first."""
    where = f"c.grid_code = :grid_code AND {IN_SCOPE} AND (c.open OR NOT :only_open)"
    params = {"grid_code": grid_code, "only_open": only_open, "most": min(limit, PAGE_MOST)}
    statement = list_statement(where, Order.NEWEST)
    return rows_of(conn.execute(statement, {**params, **scope.params_of(None)}))


def _queue_params(conn: Connection, actor: Actor, scope: Scope, now: datetime) -> dict[str, Any]:
    settings = read_case_settings(conn)
    local = now.astimezone(settings.zone)
    return {
        **actor.scope.params_of(actor.person_id),
        **scope.params(),
        "own_department_id": actor.department_id,
        "day": local.date(),
        "clock": local.time(),
        "sources_to_verify": list(settings.sources_to_verify),
        "percent": settings.self_handled_sample_percent,
        "starts": now - timedelta(days=settings.audit_period_days),
    }
