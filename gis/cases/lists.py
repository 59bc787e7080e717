"""The rows of case lists: their condition, their order, and the mark a page ends with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import CursorResult, TextClause, text

from gis.cases.model import State
from gis.cases.places import term_of
from gis.cases.queues import Narrowing, Order, Queue
from gis.db.sqlfile import read_sql, with_conditions
from gis.errors import Invalid, Term, fault
from gis.i18n import N_
from gis.standards.model import Kind

_LIST = read_sql(__package__, "case_list")
_NOBODY = read_sql(__package__, "nobody_on_duty")

IN_SCOPE: Final = with_conditions("{in_scope(c)}")
SENT_TO: Final = with_conditions("{sent_to(c)}")
_HANDS: Final = (
    "c.grid_code ^@ ANY(CAST(:scope AS text[])) AND c.id IN ("
    "SELECT h.id FROM cases h WHERE h.open AND h.department_id = :own_department_id"
    " AND h.state IN ('PENDING_HANDLE', 'HANDLING', 'SUSPENDED') AND h.handler_id {hands}"
    " UNION ALL SELECT t.case_id FROM case_task t WHERE t.department_id = :own_department_id"
    " AND t.state IN ('open', 'taken') AND t.holder_id {hands})"
)
"""In whose hands a case or a sub-task of the department is."""
_NARROWED: Final[Mapping[Narrowing, str]] = {
    Narrowing.AREA: IN_SCOPE,
    Narrowing.DEPARTMENT: "c.department_id = :own_department_id AND " + IN_SCOPE,
    Narrowing.MINE: (
        f"({SENT_TO} OR ({IN_SCOPE} AND c.grid_code IN ("
        "SELECT w.grid_code FROM supervisor_cell w WHERE w.person_id = :person_id"
        " AND w.valid_from <= :day AND (w.valid_to IS NULL OR w.valid_to > :day))))"
    ),
    Narrowing.REPORTED: "c.reporter_id = :person_id",
    Narrowing.NOBODY: IN_SCOPE + " AND " + _NOBODY,
    Narrowing.ASSISTING: (
        "c.grid_code ^@ ANY(CAST(:scope AS text[])) AND c.id IN ("
        "SELECT t.case_id FROM case_task t WHERE t.department_id = :own_department_id"
        " AND t.state IN ('open', 'taken'))"
    ),
    Narrowing.HELD: _HANDS.replace("{hands}", "= ANY(CAST(:persons AS bigint[]))"),
    Narrowing.UNHELD: _HANDS.replace("{hands}", "IS NULL"),
    Narrowing.DRAWN: IN_SCOPE + " AND " + with_conditions("{waits_for_audit(c)}"),
}
_ENDED_TOO: Final = frozenset({Narrowing.REPORTED, Narrowing.DRAWN})
"""Whose cases need not be open; an index of their own brings them in order."""
ORDERS: Final[Mapping[Order, str]] = {
    Order.DUE: "coalesce(c.due_at, 'infinity'), c.changed_at, c.id",
    Order.NEWEST: "c.reported_at DESC, c.id DESC",
    Order.OLDEST: "c.reported_at, c.id",
}
AFTER: Final[Mapping[Order, str]] = {
    Order.DUE: (
        "(coalesce(c.due_at, 'infinity'), c.changed_at, c.id) >"
        " (coalesce(CAST(:after_due AS timestamptz), 'infinity'),"
        " CAST(:after_at AS timestamptz), CAST(:after_id AS bigint))"
    ),
    Order.NEWEST: (
        "(c.reported_at, c.id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS bigint))"
    ),
    Order.OLDEST: (
        "(c.reported_at, c.id) > (CAST(:after_at AS timestamptz), CAST(:after_id AS bigint))"
    ),
}
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    id: int
    number: str
    state: State
    open: bool
    version: int
    kind: Kind
    edition: str
    class_code: str
    class_name: Term | None
    source: str
    excerpt: str
    """The first 200 characters of the description, as they were written."""
    grid_code: str
    community: Term | None
    street: Term | None
    department: Term | None
    supervisor: str | None
    handler: str | None
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    clock_left: Mapping[str, Any] | None
    handled_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    rework_count: int
    bounce_count: int
    lon: float
    lat: float
    photo: str | None
    """sha256 of the newest photo."""
    yellow_percent: int | None = None
    """The district's share of a limit after which the lamp turns yellow; None: the product's."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and where the next page begins."""

    rows: tuple[CaseRow, ...]
    next_after: str | None
    """None: this was the last page."""


def narrowing_of(queue: Queue) -> str:
    """
    Whose cases stand in a queue, as an SQL condition over `cases c`.

    Made of this module's own texts; everything from outside is bound.
    """
    return _NARROWED[queue.narrowing]


def _condition_of(queue: Queue) -> str:
    """The same with what is open, where the queue holds work; without its states."""
    narrowed = narrowing_of(queue)
    return narrowed if queue.narrowing in _ENDED_TOO else f"c.open AND {narrowed}"


@cache
def queue_statement(queue: Queue, *, continued: bool) -> TextClause:
    """
    The rows of a queue; with `continued` those after the mark.

    Each state brings its own first rows from `cases_queue_idx`, already in
    order, and the best of them are shown: the cost does not grow with the queue.
    """
    where = _condition_of(queue) + (f" AND {AFTER[queue.order]}" if continued else "")
    if queue.narrowing in _ENDED_TOO:
        return list_statement(where, queue.order)
    source = (
        f"unnest(ARRAY[{_quoted(queue)}]) AS s (state) CROSS JOIN LATERAL ("
        "SELECT c.id, c.due_at, c.changed_at, c.reported_at FROM cases c"
        f" WHERE c.state = s.state AND {where} ORDER BY {ORDERS[queue.order]} LIMIT :most) c"
    )
    return list_of(source, "true", queue.order)


@cache
def list_statement(where: str, order: Order) -> TextClause:
    """The list with a condition and an order of this module."""
    return list_of("cases c", where, order)


def list_of(source: str, where: str, order: Order) -> TextClause:
    """The list over a source of rows named `c`; its parts are texts of our own modules."""
    parts = {"{source}": source, "{where}": where, "{order}": ORDERS[order]}
    sql = _LIST
    for mark, part in parts.items():
        sql = sql.replace(mark, part)
    return text(sql)


def _quoted(queue: Queue) -> str:
    """The states of a queue as SQL literals; they are names of our own enum."""
    return ", ".join(f"'{state}'" for state in queue.states)


@cache
def count_statement(queues: tuple[Queue, ...]) -> TextClause:
    """How many cases stand in each queue, at most `:most` of each: columns `id`, `found`."""
    counts = (
        f"SELECT '{queue.id}' AS id, (SELECT count(*) FROM"
        f" (SELECT FROM cases c WHERE c.state IN ({_quoted(queue)}) AND {_condition_of(queue)}"
        " LIMIT :most) q) AS found"
        for queue in queues
    )
    return text(" UNION ALL ".join(counts))


def mark_of(order: Order, row: CaseRow) -> str:
    """The place of a row in its order, as text for a link."""
    if order is not Order.DUE:
        return _SEPARATOR.join((row.reported_at.isoformat(), str(row.id)))
    due = row.due_at.isoformat() if row.due_at else ""
    return _SEPARATOR.join((due, row.changed_at.isoformat(), str(row.id)))


def params_of_mark(order: Order, mark: str) -> dict[str, Any]:
    """
    A mark as parameters.

    Raises
    ------
    Invalid
        When it is not a mark of this order.
    """
    try:
        *due, at, number = mark.split(_SEPARATOR)
        if len(due) != (order is Order.DUE):
            raise ValueError
        params: dict[str, Any] = {
            "after_at": _moment(at),
            "after_id": _id(number),
        }
        if order is Order.DUE:
            params["after_due"] = _moment(due[0]) if due[0] else None
    except ValueError:
        raise Invalid(
            N_("This page of the list cannot be found again. Open the list anew."),
            faults=[fault("after", N_("This is not the end of a page."))],
        ) from None
    return params


def _id(words: str) -> int:
    if not (words.isascii() and words.isdecimal() and len(words) <= 18):
        raise ValueError
    return int(words)


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError
    try:
        return moment.astimezone(UTC)  # PostgreSQL knows no offset of 16 hours and more
    except OverflowError:
        raise ValueError from None


def rows_of(found: CursorResult[Any]) -> list[CaseRow]:
    """The rows of `case_list.sql`; by tuples, as attributes of 37 columns cost more than asking."""
    names = tuple(found.keys())
    return [_row_of(dict(zip(names, row, strict=True))) for row in found.all()]


def _row_of(row: Mapping[str, Any]) -> CaseRow:
    return CaseRow(
        id=row["id"],
        number=row["number"],
        state=State(row["state"]),
        open=row["open"],
        version=row["version"],
        kind=Kind(row["kind"]),
        edition=row["edition"],
        class_code=row["class_code"],
        class_name=term_of(row["class_zh"], row["class_en"]),
        source=row["source"],
        excerpt=row["excerpt"],
        grid_code=row["grid_code"],
        community=term_of(row["community_zh"], row["community_en"]),
        street=term_of(row["street_zh"], row["street_en"]),
        department=term_of(row["department_zh"], row["department_en"]),
        supervisor=row["supervisor"],
        handler=row["handler"],
        reported_at=row["reported_at"],
        filed_at=row["filed_at"],
        dispatched_at=row["dispatched_at"],
        due_at=row["due_at"],
        due_provisional=row["due_provisional"],
        clock_left=row["clock_left"],
        handled_at=row["handled_at"],
        closed_at=row["closed_at"],
        changed_at=row["changed_at"],
        rework_count=row["rework_count"],
        bounce_count=row["bounce_count"],
        lon=row["lon"],
        lat=row["lat"],
        photo=row["photo"],
        yellow_percent=row["yellow_percent"],
    )
