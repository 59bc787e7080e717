"""The inbox of a person: every task of every queue by deadline, and the notices of the posts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from gis.accounts.model import Actor, Permission, Role, require
from gis.cases.clocks.notices import NoticeKind
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.queries import conditions, params_of_filter
from gis.cases.lists import ORDERS, SENT_TO, CaseRow, list_of, narrowing_of, rows_of
from gis.cases.model import DEPARTMENT_HAS_IT, State
from gis.cases.queues import QUEUES, Narrowing, Order, Queue, queues_of
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import with_conditions

ROWS_MOST, NOTICES_MOST = 50, 50
_TASKS: Final = frozenset(
    {"acceptance", "filing", "dispatch", "handling", "assisting", "checking", "arbitration"}
)
"""Queues that hold work; the others are lists to look at."""
_BY_STATE: Final = (
    "SELECT c.id, c.due_at, c.changed_at FROM unnest(ARRAY[{states}]) AS s (state)"
    " CROSS JOIN LATERAL (SELECT c.id, c.due_at, c.changed_at FROM cases c"
    " WHERE c.state = s.state AND c.open AND {where} ORDER BY {order} LIMIT :most) c"
)
"""For people of a city: the first of each state, from `cases_queue_idx` in its order."""
_BY_AREA: Final = (
    "SELECT c.id, c.due_at, c.changed_at FROM unnest(CAST(:scope AS text[])) AS p (code)"
    " CROSS JOIN LATERAL (SELECT c.id, c.due_at, c.changed_at FROM cases c"
    " WHERE c.open AND c.grid_code >= p.code AND c.grid_code < p.code || '~'"
    " AND c.state IN ({states}) AND {where} ORDER BY {order} LIMIT :most) c"
)
"""For people of a part of it: what is open there, from `cases_open_grid_idx`."""
_BY_HOLDER: Final = (
    "SELECT c.id, c.due_at, c.changed_at FROM cases c"
    " WHERE c.open AND c.state IN ({states}) AND {where}"
)
"""For tasks of a person or a department: all of them, by the index of either."""
_SEEN: Final = text(
    "SELECT case_id, version FROM case_seen"
    " WHERE person_id = :person_id AND case_id = ANY(CAST(:ids AS bigint[]))"
)
_OWN: Final = "(n.person_id IS NULL OR n.person_id = ANY(CAST(:persons AS bigint[])))"
_STATES: Final = ", ".join(f"'{state}'" for state in DEPARTMENT_HAS_IT)
_HAS_IT: Final = (
    "CASE WHEN n.about LIKE 'task %' THEN EXISTS (SELECT FROM case_task t WHERE t.case_id = c.id"
    " AND n.about LIKE 'task ' || t.id || '.%' AND t.holder_id = n.person_id"
    " AND t.state IN ('open', 'taken'))"
    f" ELSE coalesce(c.handler_id = n.person_id, false) AND c.state IN ({_STATES}) END"
)
"""Whether the person a notice names has the case, or the sub-task it is about, in hand now."""
_COLLEAGUES: Final = (
    f"(NOT {_OWN} AND coalesce(c.handler_id <> ALL(CAST(:persons AS bigint[])), false))"
)
_NOTICES: Final = text(
    "SELECT n.kind, n.level, n.made_at, c.number, c.state, c.version,"
    f" coalesce(s.seen_at < n.made_at, true) AND NOT {_COLLEAGUES} AS unread,"
    f" CASE WHEN {_COLLEAGUES} THEN p.name END AS colleague"
    " FROM case_notice n JOIN cases c ON c.id = n.case_id"
    " LEFT JOIN person p ON p.id = n.person_id"
    " LEFT JOIN case_seen s ON s.person_id = :person_id AND s.case_id = c.id"
    " WHERE n.role = ANY(CAST(:roles AS text[]))"
    f" AND c.open AND ({with_conditions('{assisted(c)}')}"
    f"   OR n.person_id = ANY(CAST(:persons AS bigint[])) AND {SENT_TO})"
    " AND (n.department_id IS NULL OR n.department_id = :own_department_id)"
    f" AND ({_OWN} OR (n.role = 'handler' AND n.kind NOT IN ('assigned', 'taken_back')))"
    f" AND (n.kind NOT IN ('assigned', 'taken_back') OR (n.kind = 'assigned') = ({_HAS_IT}))"
    f" ORDER BY {_COLLEAGUES}, n.made_at DESC, n.id DESC LIMIT :most"
)
"""
A department answers for its cases as a whole: what is told to the one who has a case in hand
stands in the inboxes of the others too, after everything of their own and never as unread, so
that nothing is lost while that one is away. Once the case is in nobody's hands, or in other ones,
what was told counts for all, or for those. "Given to you" and what a supervisor is told concern
the person alone: nobody else makes that step. It stands there as long as that one has it in hand,
and "no longer in your hands" as long as not.
"""


class Whose(StrEnum):
    """Whose tasks of a department are wanted."""

    ALL = "all"
    """All; those in the person's own hands first."""
    MINE = "mine"
    NOBODYS = "nobodys"


@dataclass(frozen=True, slots=True)
class Notice:
    """A thing about a case that a post should look at."""

    kind: NoticeKind
    level: int | None
    made_at: datetime
    number: str
    state: State
    unread: bool
    """Of a colleague's never: it is the colleague's to read."""
    colleague: str | None = None
    """Whom it is told to, where that is another person of the department."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for a person."""

    rows: tuple[CaseRow, ...]
    more: bool
    """There are more tasks than are shown."""
    unread: frozenset[str]
    """Numbers of cases that changed since the person looked, or were never looked at."""
    notices: tuple[Notice, ...]
    mine: frozenset[str] = frozenset()
    """Numbers of cases that their department gave to this person, or a sub-task of them."""


def task_queues(actor: Actor) -> list[Queue]:
    """The queues of a person that hold work."""
    return [queue for queue in queues_of(actor) if queue.id in _TASKS]


def read_inbox(
    conn: Connection,
    *,
    actor: Actor,
    wanted: CaseFilter,
    now: datetime,
    whose: Whose = Whose.ALL,
) -> Inbox:
    """
    The first `ROWS_MOST` tasks by deadline, what is unread among them, and the newest notices.

    Of a department's tasks those in the person's own hands stand first; `whose` leaves only
    them, or only those in nobody's hands.

    A supervisor's tasks are those given to the person, or to somebody the person stands in
    for; a handler's those of the department; of other posts those of the area. Of the filter
    states, areas, classes, departments, sources, days and lamp count. Four statements, five for
    people of departments.

    Raises
    ------
    Forbidden
        Without the right to see cases.
    """
    require(actor, Permission.VIEW_CASES)
    params = _params(conn, actor, wanted, now)
    held = _held(conn, actor, wanted, params)
    whose = whose if actor.has(Role.HANDLER) else Whose.ALL
    rows = held if whose is Whose.MINE else _tasks(conn, actor, wanted, params, whose)
    mine = frozenset(row.number for row in held)
    if whose is Whose.ALL:
        rows = [*held, *(row for row in rows if row.number not in mine)]
    shown = rows[:ROWS_MOST]
    seen = {
        row.case_id: row.version
        for row in conn.execute(_SEEN, {**params, "ids": [row.id for row in shown]})
    }
    unread = frozenset(row.number for row in shown if seen.get(row.id, 0) < row.version)
    return Inbox(tuple(shown), len(rows) > ROWS_MOST, unread, _notices(conn, params), mine)


def _params(conn: Connection, actor: Actor, wanted: CaseFilter, now: datetime) -> dict[str, Any]:
    settings = read_case_settings(conn)
    return {
        **params_of_filter(actor.scope, wanted, settings, now),
        "own_department_id": actor.department_id,
        **actor.scope.params_of(actor.person_id),
        "roles": [str(role) for role in actor.roles],
    }


def _held(
    conn: Connection, actor: Actor, wanted: CaseFilter, params: dict[str, Any]
) -> list[CaseRow]:
    """What a department gave to this person."""
    if not actor.has(Role.HANDLER):
        return []
    return _first(conn, (QUEUES["handling_mine"],), wanted, params)


def _tasks(
    conn: Connection, actor: Actor, wanted: CaseFilter, params: dict[str, Any], whose: Whose
) -> list[CaseRow]:
    if whose is Whose.NOBODYS:
        return _first(conn, (QUEUES["handling_nobody"],), wanted, params)
    queues = tuple(task_queues(actor))
    return _first(conn, queues, wanted, params) if queues else []


def _first(
    conn: Connection, queues: tuple[Queue, ...], wanted: CaseFilter, params: dict[str, Any]
) -> list[CaseRow]:
    narrow = all(len(code) >= 6 for code in params["scope"])
    statement = _statement(queues, conditions(wanted), narrow)
    return rows_of(conn.execute(statement, {**params, "most": ROWS_MOST + 1}))


@cache
def _statement(queues: tuple[Queue, ...], more: str, narrow: bool) -> TextClause:  # noqa: FBT001
    parts = [_part(queue, more, narrow=narrow) for queue in queues]
    return list_of(f"({' UNION '.join(f'({part})' for part in parts)}) c", "true", Order.DUE)


def _part(queue: Queue, more: str, *, narrow: bool) -> str:
    source = _BY_AREA if narrow else _BY_STATE
    if queue.narrowing is not Narrowing.AREA:
        source = _BY_HOLDER
    states = ", ".join(f"'{state}'" for state in queue.states)
    mine = queue.narrowing is Narrowing.MINE  # the inbox leaves out what others are sent to
    where = f"{SENT_TO if mine else narrowing_of(queue)}{more}"
    return (
        source.replace("{states}", states).replace("{where}", where)
        .replace("{order}", ORDERS[Order.DUE])
    )  # fmt: skip


def _notices(conn: Connection, params: dict[str, Any]) -> tuple[Notice, ...]:
    rows = conn.execute(_NOTICES, {**params, "most": NOTICES_MOST})
    return tuple(
        Notice(
            NoticeKind(row.kind),
            row.level,
            row.made_at,
            row.number,
            State(row.state),
            row.unread,
            row.colleague,
        )  # fmt: skip
        for row in rows
    )
