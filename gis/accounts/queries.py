"""Reading persons, departments and the places their posts may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from gis.accounts.model import Scope
from gis.db.sqlfile import load_sql
from gis.errors import NotFound, Term
from gis.i18n import N_

PAGE_SIZE = 50
DEPARTMENTS_MOST = 500
COMMUNITY_LENGTH = 12

_PEOPLE = load_sql(__package__, "people")
_SHEET = load_sql(__package__, "person_sheet")
_DEPARTMENTS = load_sql(__package__, "departments")


@dataclass(frozen=True)
class PeopleFilter:
    """What a list of persons is narrowed to; empty fields do not narrow."""

    words: str = ""
    role: str = ""
    department_id: int | None = None
    inactive: bool = False
    page: int = 0


def escape_like(words: str) -> str:
    """Typed words as they are: `%`, `_` and the backslash lose their meaning in LIKE."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def list_people(
    conn: Connection, *, scope: Scope, wanted: PeopleFilter, today: date
) -> tuple[list[Row[Any]], int]:
    """
    One page of persons and how many there are in all.

    A person shows when one of their posts, of whatever time, lies in the scope, or when they
    have never had a post.
    """
    rows = conn.execute(
        _PEOPLE,
        {
            "scope": scope.as_list(),
            "words": escape_like(wanted.words.strip()),
            "role": wanted.role,
            "department_id": wanted.department_id,
            "inactive": wanted.inactive,
            "today": today,
            "most": PAGE_SIZE,
            "skip": wanted.page * PAGE_SIZE,
        },
    ).all()
    return list(rows), int(rows[0].total) if rows else 0


def person_sheet(
    conn: Connection, person_id: int, *, scope: Scope, today: date, now: datetime
) -> Row[Any]:
    """
    One person with all posts, cells (at most 500) and live sessions.

    Raises
    ------
    NotFound
        Nobody has this id, or all their posts lie outside the scope.
    """
    row = conn.execute(
        _SHEET,
        {"person_id": person_id, "scope": scope.as_list(), "today": today, "now": now},
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such person."))
    return row


def list_departments(conn: Connection, *, today: date) -> list[Row[Any]]:
    """The departments in force; everybody may know that they exist."""
    return list(conn.execute(_DEPARTMENTS, {"today": today, "most": DEPARTMENTS_MOST}))


def area_names(conn: Connection, scope: Scope, *, deepest: int = 3) -> Mapping[str, Term]:
    """
    Names of the areas a post may have, by code: city to street (`deepest` 4: communities too).

    Areas belong to the room of the grids above; here only their names are read, for labels.
    """
    rows = conn.execute(
        text(
            "SELECT code, name_zh, name_en FROM area"
            " WHERE valid_to IS NULL AND level <= :deepest"
            " AND code ^@ ANY(CAST(:scope AS text[])) ORDER BY code LIMIT 2000"
        ),
        {"scope": scope.as_list(), "deepest": deepest},
    )
    return {row.code: Term(row.name_zh, row.name_en) for row in rows}


def expand_cells(conn: Connection, codes: Sequence[str], *, scope: Scope) -> list[str]:
    """
    Codes of unit grids, where the code of a community stands for all its cells in force.

    Codes of neither kind are kept as they are, so that the command can name them.
    """
    communities = [code for code in codes if len(code) == COMMUNITY_LENGTH]
    rows = conn.execute(
        text(
            "SELECT code FROM grid_cell WHERE valid_to IS NULL"
            " AND community_code = ANY(CAST(:communities AS text[]))"
            " AND code ^@ ANY(CAST(:scope AS text[])) ORDER BY code LIMIT 2000"
        ),
        {"communities": communities, "scope": scope.as_list()},
    )
    found = [row.code for row in rows]
    known = {code[:COMMUNITY_LENGTH] for code in found}
    return [*found, *(code for code in codes if code not in known)]
