"""What a post should look at: one row per thing, said once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from gis.accounts.model import Role
from gis.db.sqlfile import load_sql

_NOTIFY = load_sql(__package__, "notify")


class NoticeKind(StrEnum):
    """What a notice is about."""

    OVERDUE = "overdue"
    STAGE_OVERDUE = "stage_overdue"
    SUPERVISION = "supervision"
    RETURN_LOOP = "return_loop"
    EVIDENCE_FLAG = "evidence_flag"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken_back"


def notify(
    conn: Connection,
    *,
    case_id: int,
    kind: NoticeKind | str,
    level: int | None = None,
    role: Role | str,
    now: datetime,
    about: str = "",
    department_id: int | None = None,
    person_id: int | None = None,
) -> bool:
    """
    Tell a post about a case; False when that was said before, or there is no such case.

    It goes to the posts of `role` whose area covers the case's cell. A handler's goes to the
    department that has the case, first to the person who took it up; a supervisor's to the one
    who is sent; `department_id` and `person_id` name others, whom a sub-task is for. `about` tells
    several of one kind apart (a level's words, a stage's run, the number of a step): one notice
    per case, kind and `about`. `level` is shown only: which level of a clock, how many times.
    """
    found = conn.execute(
        _NOTIFY,
        {
            "case_id": case_id,
            "kind": str(NoticeKind(kind)),
            "level": level,
            "about": about,
            "role": str(Role(role)),
            "department_id": department_id,
            "person_id": person_id,
            "now": now,
        },
    )
    return found.first() is not None
