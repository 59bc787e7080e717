"""Whom a department gives a case or a sub-task: its own people who are there, and telling them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from gis.accounts.model import Role
from gis.cases.clocks.notices import NoticeKind, notify
from gis.cases.settings import CaseSettings
from gis.db.sqlfile import load_sql
from gis.errors import Fault, fault
from gis.i18n import N_

_COLLEAGUES = load_sql(__package__, "colleagues")
FIELD = "handler"
"""The field that names the person."""
_STRANGER = N_(
    "This person does not belong to the department. Choose somebody from the department."
)
_CLOSED = N_("The account of {who} is closed. Choose somebody else.")
_NO_POST = N_("{who} holds no post that handles cases here. Choose somebody else.")
_AWAY = N_("{who} is away until {day}; {substitute} does the work. Choose {substitute}.")
_OFF_SHIFT = N_("{who} works in shifts and is not on shift now. Choose somebody who is there.")
_FINDER = N_("{who} reported or checked this case and does not handle it. Choose somebody else.")
_HAS_IT = N_("{who} has it already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of a department, and what may stand against giving work to this person now."""

    person_id: int
    name: str
    active: bool
    handles: bool
    """Holds a handler's post over the cell today."""
    off_shift: bool
    away_until: date | None
    substitute: str | None
    """Who does the work meanwhile; None: the person is not away."""
    held: int
    """Cases and sub-tasks in this person's hands that wait for work, not for a check."""

    @property
    def is_there(self) -> bool:
        """Whether work can be given to this person now."""
        there = self.active and self.handles and not self.off_shift
        return there and self.substitute is None


def colleagues(
    conn: Connection,
    *,
    department_id: int | None,
    grid_code: str,
    now: datetime,
    settings: CaseSettings,
) -> list[Colleague]:
    """Everybody of a department, those with the least in hand first."""
    if department_id is None:
        return []
    local = now.astimezone(settings.zone)
    params = {
        "department_id": department_id,
        "grid_code": grid_code,
        "day": local.date(),
        "clock": local.time().replace(tzinfo=None),
    }
    return [Colleague(**row._mapping) for row in conn.execute(_COLLEAGUES, params)]


def fault_of(
    people: Collection[Colleague],
    wanted: int,
    *,
    holder_id: int | None,
    finders: Collection[int | None],
) -> Fault | None:
    """
    What stands against giving work to the person `wanted`, and the way out; None: nothing does.

    `people` are those of the department, `holder_id` has the work now, `finders` reported,
    verified or checked the case.
    """
    found = next((one for one in people if one.person_id == wanted), None)
    if found is None:
        return fault(FIELD, _STRANGER)
    words = _against(found, holder_id, finders)
    said = {
        "who": found.name,
        "day": found.away_until.isoformat() if found.away_until else "",
        "substitute": found.substitute or "",
    }
    return fault(FIELD, words, **said) if words else None


def _against(found: Colleague, holder_id: int | None, finders: Collection[int | None]) -> str:
    if not found.active:
        return _CLOSED
    if not found.handles:
        return _NO_POST
    if found.person_id in finders:
        return _FINDER
    if found.person_id == holder_id:
        return _HAS_IT
    if found.substitute is not None:
        return _AWAY
    return _OFF_SHIFT if found.off_shift else ""


def tell_hands(
    conn: Connection,
    *,
    case_id: int,
    about: str,
    department_id: int | None,
    before: int | None,
    after: int | None,
    by: int | None,
    now: datetime,
) -> None:
    """
    Tell whom a case or a sub-task is given to, and who had it; nobody of what was done by oneself.

    `before` and `after` have it in hand, None: nobody; `by` made the step, `about` names it.
    """
    for person_id, kind in ((before, NoticeKind.TAKEN_BACK), (after, NoticeKind.ASSIGNED)):
        if person_id not in (None, by):
            notify(
                conn, case_id=case_id, kind=kind, role=Role.HANDLER, now=now, about=about,
                department_id=department_id, person_id=person_id,
            )  # fmt: skip
