"""The duty roster: a week by shift, who is on it, and where nobody is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, text

from gis.accounts.model import Role, Scope
from gis.accounts.shifts import SHIFTS_MOST
from gis.accounts.tables import shift
from gis.db.sqlfile import load_sql
from gis.errors import Term

PEOPLE_MOST = 500
DAYS = 7

_PEOPLE = load_sql(__package__, "roster_people")
_CELLS = load_sql(__package__, "roster_cells")
_MINE = load_sql(__package__, "my_duties")


@dataclass(frozen=True)
class Shift:
    """A shift; one that ends at or before its start runs past midnight."""

    id: int
    code: str
    name: Term
    starts: time
    ends: time

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Beginning and end of the shift that belongs to `day`; the end is not part of it."""
        past_midnight = self.ends <= self.starts
        last = day + timedelta(days=1) if past_midnight else day
        return (
            datetime.combine(day, self.starts, tzinfo=zone),
            datetime.combine(last, self.ends, tzinfo=zone),
        )


@dataclass(frozen=True)
class Rostered:
    """A person in the week: the shifts of each day."""

    person_id: int
    name: str
    area_code: str
    days: Mapping[date, tuple[int, ...]]


@dataclass(frozen=True)
class Week:
    """A week of one role in one area."""

    first_day: date
    shifts: tuple[Shift, ...]
    people: tuple[Rostered, ...]
    cells: int
    """Unit grids of the area; 0 where the role walks none."""
    covered: Mapping[tuple[date, int], int]
    """Unit grids with a supervisor on duty, by day and shift id."""

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days."""
        return tuple(self.first_day + timedelta(days=n) for n in range(DAYS))

    def on_duty(self, day: date, shift_id: int) -> int:
        """How many people have that shift."""
        return sum(shift_id in person.days.get(day, ()) for person in self.people)

    def gaps(self) -> list[tuple[date, Shift]]:
        """Day and shift where nobody is on duty, in order of time."""
        return [
            (day, each)
            for day in self.days
            for each in self.shifts
            if self.on_duty(day, each.id) == 0
        ]

    def cells_without(self, day: date, shift_id: int) -> int:
        """Unit grids without a supervisor on duty."""
        return self.cells - self.covered.get((day, shift_id), 0)


def monday_of(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


def shifts(conn: Connection) -> tuple[Shift, ...]:
    """All shifts in the order of the day."""
    rows = conn.execute(select(shift).order_by(shift.c.starts, shift.c.id).limit(SHIFTS_MOST))
    return tuple(Shift(r.id, r.code, Term(r.name_zh, r.name_en), r.starts, r.ends) for r in rows)


def my_duties(conn: Connection, person_id: int, *, first: date) -> list[tuple[date, Shift]]:
    """The shifts of a person in the seven days from `first`, in order of time."""
    span = {"first": first, "last": first + timedelta(days=DAYS - 1)}
    rows = conn.execute(_MINE, {**span, "person_id": person_id})
    return [
        (r.day, Shift(r.shift_id, r.code, Term(r.name_zh, r.name_en), r.starts, r.ends))
        for r in rows
    ]


def read_week(
    conn: Connection, *, role: Role, area_code: str, scope: Scope, first_day: date
) -> Week:
    """
    The week from `first_day` of those who hold `role` over `area_code` or a part of it.

    At most 500 people, by area and name. For supervisors it also counts the unit grids that
    somebody on duty walks: a cell is covered when one of its supervisors has the shift.
    """
    span = {"first": first_day, "last": first_day + timedelta(days=DAYS - 1)}
    where = {"area": area_code, "scope": scope.as_list()}
    rows = conn.execute(_PEOPLE, {**span, **where, "role": role.value, "most": PEOPLE_MOST})
    people = tuple(
        Rostered(
            r.person_id,
            r.name,
            r.area_code,
            {date.fromisoformat(day): tuple(ids) for day, ids in r.days.items()},
        )
        for r in rows
    )
    cells, covered = 0, {}
    if role is Role.SUPERVISOR:
        cells = conn.execute(
            text(
                "SELECT count(*) FROM grid_cell WHERE valid_to IS NULL"
                " AND code ^@ CAST(:area AS text) AND code ^@ ANY(CAST(:scope AS text[]))"
            ),
            where,
        ).scalar_one()
        covered = {(r.day, r.shift_id): r.covered for r in conn.execute(_CELLS, {**span, **where})}
    return Week(first_day, shifts(conn), people, int(cells), covered)
