"""Finding cases: any narrowing, any order, a page or a whole file of them, always in the scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from gis.accounts.model import Actor, Permission, Scope, require
from gis.accounts.queries import escape_like
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.keys import FIRST_DAY, Named, day_number, filter_keys, streets_of, windows
from gis.cases.lists import (
    AFTER,
    IN_SCOPE,
    ORDERS,
    CaseRow,
    Page,
    list_of,
    mark_of,
    params_of_mark,
    rows_of,
)
from gis.cases.model import CaseClock
from gis.cases.queues import Order
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.workflow import OPEN_STATES, STATES
from gis.db.sqlfile import load_sql
from gis.worktime.model import Lamp

PAGE_ROWS, PAGE_MOST, FILE_MOST = 50, 200, 20_000
_NAMES = load_sql(__package__, "names_of_words")
_NAMES_MOST = 200
_FIRST_CASE = text("SELECT reported_at FROM cases ORDER BY id LIMIT 1")
DISTRICT, STREET, CELL = 6, 9, 15
"""Digits of their codes."""
CELLS_OF_COMMUNITY, CELLS_MOST = 25, 100
_STOPPED: Final = tuple(s for s in STATES if STATES[s].case_clock is CaseClock.STOPPED)

_KEYS: Final = (
    "case_keys(c.number, c.grid_code, c.kind, c.edition, c.class_code, c.state, c.open, c.source,"
    " c.department_id, c.reporter_id, c.supervisor_id, c.handler_id, c.reported_at, c.description)"
)
"""The expression of the index `cases_keys_gin`."""
_STARTED: Final = "least(coalesce(c.filed_at, c.dispatched_at, c.reported_at), :now)"
_RUNNING: Final = (
    "c.due_at IS NOT NULL AND c.clock_left IS NULL AND c.state <> ALL(CAST(:stopped AS text[]))"
)
_USED_UP: Final = f"(:now - {_STARTED}) > :yellow_after * (c.due_at - {_STARTED})"
_LAMPS: Final = {
    Lamp.RED: f"{_RUNNING} AND c.due_at < :now",
    Lamp.YELLOW: f"{_RUNNING} AND c.due_at >= :now AND {_USED_UP}",
    Lamp.GREEN: f"{_RUNNING} AND c.due_at >= :now AND NOT {_USED_UP}",
}
_WORD: Final = (
    "(strpos(lower(c.description), :w{n}) > 0 OR strpos(c.number, :w{n}) > 0"
    " OR c.edition || left(c.kind, 1) || c.class_code = ANY(CAST(:k{n} AS text[]))"
    " OR c.grid_code ^@ ANY(CAST(:a{n} AS text[]))"
    " OR c.reporter_id = ANY(CAST(:p{n} AS bigint[]))"
    " OR c.supervisor_id = ANY(CAST(:p{n} AS bigint[]))"
    " OR c.handler_id = ANY(CAST(:p{n} AS bigint[])))"
)
_FIELDS: Final = (
    ("areas", "c.grid_code ^@ ANY(CAST(:areas AS text[]))"),
    ("states", "c.state = ANY(CAST(:states AS text[]))"),
    ("classes", "c.edition || left(c.kind, 1) || c.class_code = ANY(CAST(:classes AS text[]))"),
    ("departments", "c.department_id = ANY(CAST(:departments AS bigint[]))"),
    ("sources", "c.source = ANY(CAST(:sources AS text[]))"),
    ("first", "c.reported_at >= :first"),
    ("last", "c.reported_at < :last"),
)
_BY_WINDOWS: Final = (
    "(SELECT f.id, f.reported_at"
    " FROM unnest(CAST(:windows AS text[])) WITH ORDINALITY AS w (key, n)"
    " CROSS JOIN LATERAL (SELECT c.id, c.reported_at FROM cases c"
    " WHERE {keys} @@ (CAST(:keys AS tsquery) && CAST(w.key AS tsquery)) AND {where}"
    " ORDER BY {order} LIMIT :most) f ORDER BY w.n, {found_order} LIMIT :most) c"
)
_BY_STATES: Final = (
    "unnest(CAST(:queues AS text[])) AS s (state) CROSS JOIN LATERAL ("
    "SELECT c.id, c.due_at, c.changed_at, c.reported_at FROM cases c"
    " WHERE c.state = s.state AND {where} ORDER BY {order} LIMIT :most) c"
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A filter in SQL: which way to read, the conditions, what is bound."""

    statement: TextClause
    params: dict[str, Any]


def find_cases(
    conn: Connection,
    *,
    actor: Actor,
    wanted: CaseFilter,
    now: datetime,
    limit: int = PAGE_ROWS,
    after: str | None = None,
) -> Page:
    """
    One page of the cases a filter leaves, in the actor's area and department.

    `after` is the `next_after` of the page before. Three statements at most: settings, the
    names that words may be, the rows.

    Raises
    ------
    Forbidden
        Without the right to see cases.
    Invalid
        When `after` is not the end of a page in this order.
    """
    require(actor, Permission.VIEW_CASES)
    most = max(1, min(limit, PAGE_MOST))
    rows = _rows(conn, actor.scope, wanted, now, most + 1, after)
    more = len(rows) > most
    return Page(tuple(rows[:most]), mark_of(wanted.order, rows[most - 1]) if more else None)


def cases_for_file(
    conn: Connection, *, actor: Actor, wanted: CaseFilter, now: datetime
) -> tuple[list[CaseRow], bool]:
    """
    The rows of a file, at most `FILE_MOST`, and whether there are more.

    Raises
    ------
    Forbidden
        Without the right to see cases or to export.
    """
    require(actor, Permission.VIEW_CASES)
    require(actor, Permission.EXPORT)
    rows = _rows(conn, actor.scope, wanted, now, FILE_MOST + 1, None)
    return rows[:FILE_MOST], len(rows) > FILE_MOST


def _rows(
    conn: Connection, scope: Scope, wanted: CaseFilter, now: datetime, most: int, after: str | None
) -> list[CaseRow]:
    settings = read_case_settings(conn)
    names = names_of(conn, wanted.words)
    mark = params_of_mark(wanted.order, after) if after is not None else None
    question = _question(conn, scope, wanted, names, settings, now, mark)
    found = conn.execute(question.statement, {**question.params, "most": most})
    return rows_of(found)


def names_of(conn: Connection, words: Sequence[str]) -> list[Named]:
    """For each word the classes, places and persons that bear it; no statement without words."""
    if not words:
        return []
    patterns = [f"%{escape_like(word)}%" for word in words]
    rows = conn.execute(_NAMES, {"words": list(words), "patterns": patterns, "most": _NAMES_MOST})
    found = {(row.n, row.sort): row.found for row in rows}
    return [
        Named(
            tuple(found.get((n, "class"), ())),
            tuple(found.get((n, "area"), ())),
            tuple(int(one) for one in found.get((n, "person"), ())),
        )
        for n in range(1, len(words) + 1)
    ]


def _question(
    conn: Connection,
    scope: Scope,
    wanted: CaseFilter,
    names: Sequence[Named],
    settings: CaseSettings,
    now: datetime,
    mark: dict[str, Any] | None,
) -> _Question:
    keys = filter_keys(wanted, scope, names)
    where = _where(wanted, continued=mark is not None)
    params = {
        **params_of_filter(scope, wanted, settings, now),
        **_words(wanted, names),
        **(mark or {}),
        "keys": " & ".join(keys),
    }
    codes = wanted.areas or scope.prefixes
    if _is_small(codes) and keys:
        return _Question(_by_keys(where, wanted.order), params)
    if wanted.order is not Order.DUE:
        first, last = _days(wanted, settings, now, mark)
        params["windows"] = _windows(conn, wanted.order, first, last, streets_of(codes))
        return _Question(_windowed(where, wanted.order, bool(keys)), params)
    if wanted.words or _is_narrow(codes):
        return _Question(_by_keys(where, Order.DUE), params)
    states = [s for s in wanted.states if s in OPEN_STATES] if wanted.states else OPEN_STATES
    params["queues"] = [str(state) for state in states]
    return _Question(_by_states(where), params)


def _is_small(codes: Sequence[str]) -> bool:
    """Whether all cases below some areas are so few that they are read at once: 100 cells."""
    cells = sum(1 if len(code) >= CELL else CELLS_OF_COMMUNITY for code in codes)
    return bool(codes) and all(len(code) > STREET for code in codes) and cells <= CELLS_MOST


def _is_narrow(codes: Sequence[str]) -> bool:
    """One district, or parts of districts: the open cases there are read and put in order."""
    return all(len(code) > DISTRICT for code in codes) or [len(code) for code in codes] == [
        DISTRICT
    ]


def conditions(wanted: CaseFilter) -> str:
    """What a filter asks besides its words, each begun by AND; bind `params_of_filter`."""
    parts = [sql for name, sql in _FIELDS if getattr(wanted, name)]
    if wanted.lamp is not None:
        parts.append(_LAMPS[wanted.lamp])
    return "".join(f" AND {part}" for part in parts)


def _where(wanted: CaseFilter, *, continued: bool) -> str:
    """The conditions of a filter, of this module's own texts; all that is outside is bound."""
    parts = [IN_SCOPE + conditions(wanted)]
    if wanted.only_open:
        parts.append("c.open")
    if wanted.only_ended:
        parts.append("NOT c.open")
    parts += [_WORD.replace("{n}", str(n)) for n in range(len(wanted.words))]
    if continued:
        parts.append(AFTER[wanted.order])
    return " AND ".join(parts)


def _words(wanted: CaseFilter, names: Sequence[Named]) -> dict[str, Any]:
    of_words = chain.from_iterable(
        (
            (f"w{n}", word),
            (f"k{n}", list(named.classes)),
            (f"a{n}", list(named.areas)),
            (f"p{n}", list(named.people)),
        )
        for n, (word, named) in enumerate(zip(wanted.words, names, strict=True))
    )
    return dict(of_words)


def params_of_filter(
    scope: Scope, wanted: CaseFilter, settings: CaseSettings, now: datetime
) -> dict[str, Any]:
    """Scope and filter as parameters of `conditions`."""
    return {
        **scope.params(),
        "areas": list(wanted.areas),
        "states": [str(state) for state in wanted.states],
        "classes": list(wanted.classes),
        "departments": list(wanted.departments),
        "sources": list(wanted.sources),
        "first": _begin(wanted.first, settings),
        "last": _begin(wanted.last + timedelta(days=1), settings) if wanted.last else None,
        "stopped": [str(state) for state in _STOPPED],
        "yellow_after": settings.yellow_percent / 100,
        "now": now,
    }


def _begin(day: date | None, settings: CaseSettings) -> datetime | None:
    return datetime.combine(day, time(), settings.zone) if day else None


def _days(
    wanted: CaseFilter, settings: CaseSettings, now: datetime, mark: dict[str, Any] | None
) -> tuple[int, int]:
    """The first and the last day that can hold a case of the list."""
    first = day_number(_begin(wanted.first or FIRST_DAY, settings) or now)
    end = _begin(wanted.last + timedelta(days=1), settings) if wanted.last else None
    last = day_number(min(end or now, now)) + 1
    if mark is not None:
        reached = day_number(mark["after_at"])
        if wanted.order is Order.NEWEST:
            return first, min(last, reached)
        return max(first, reached), last
    return first, last


def _windows(
    conn: Connection, order: Order, first: int, last: int, streets: Sequence[str]
) -> list[str]:
    """
    The windows in the list's order.

    From the oldest on they begin narrow where the cases begin; what lies before, if anything
    does, is few and looked at in years.
    """
    if order is Order.NEWEST:
        return windows(first, last, streets=streets)
    begun = conn.execute(_FIRST_CASE).scalar()
    begin = max(first, min(last, day_number(begun))) if begun else first
    before = windows(first, begin - 1, newest_first=False)
    return before + windows(begin, last, newest_first=False)


@cache
def _windowed(where: str, order: Order, keyed: bool) -> TextClause:  # noqa: FBT001
    both = "(CAST(:keys AS tsquery) && CAST(w.key AS tsquery))"
    source = _BY_WINDOWS.replace(both, both if keyed else "CAST(w.key AS tsquery)")
    source = source.replace("{keys}", _KEYS).replace("{where}", where)
    source = source.replace("{order}", ORDERS[order])
    source = source.replace("{found_order}", ORDERS[order].replace("c.", "f."))
    return list_of(source, "true", order)


@cache
def _by_keys(where: str, order: Order) -> TextClause:
    # what the keys say decides the index: by the statistics of single columns the planner would
    # rather read every open case of a rare state (8 ms among five million instead of 1.8)
    keyed = f"(SELECT c.* FROM cases c WHERE {_KEYS} @@ CAST(:keys AS tsquery) OFFSET 0) c"
    return list_of(keyed, where, order)


@cache
def _by_states(where: str) -> TextClause:
    source = _BY_STATES.replace("{where}", where).replace("{order}", ORDERS[Order.DUE])
    return list_of(source, "true", Order.DUE)
