"""A year of the working calendar as a page shows it: what each day is, and why. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gis.worktime.commands import SOURCE
from gis.worktime.queries import CalendarDay

_SATURDAY = 5


class DayKind(StrEnum):
    """What a day of the calendar is."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """Off, and named: a holiday, or a day that somebody set."""
    MOVED = "moved"
    """A Saturday or Sunday that is worked (调休)."""
    GUESSED = "guessed"
    """No notice yet: taken by the weekday, deadlines over it are provisional."""


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day with what it is, why, and whether this district set it itself."""

    day: date
    kind: DayKind
    source: str
    own: bool

    @property
    def works(self) -> bool:
        """Whether working time runs; guessed days by their weekday."""
        if self.kind is DayKind.GUESSED:
            return self.day.weekday() < _SATURDAY
        return self.kind in (DayKind.WORKDAY, DayKind.MOVED)


def shown_year(year: int, days: Sequence[CalendarDay]) -> list[ShownDay]:
    """Every day of a year, in order."""
    known = {day.day: day for day in days}
    return [_shown(day, known) for day in _days_of(year)]


def special(days: Sequence[ShownDay]) -> list[ShownDay]:
    """The days that are not what their weekday says, or that the district set itself."""
    return [day for day in days if day.kind in (DayKind.HOLIDAY, DayKind.MOVED) or day.own]


def months(days: Sequence[ShownDay]) -> list[list[list[ShownDay | None]]]:
    """Months of weeks of seven days, Monday first; None outside the month."""
    found: list[list[list[ShownDay | None]]] = []
    for day in days:
        if day.day.day == 1:
            found.append([])
        if day.day.day == 1 or day.day.weekday() == 0:
            found[-1].append([None] * 7)
        found[-1][-1][day.day.weekday()] = day
    return found


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))


def _shown(day: date, known: Mapping[date, CalendarDay]) -> ShownDay:
    row, weekend = known.get(day), day.weekday() >= _SATURDAY
    if row is None:
        return ShownDay(day, DayKind.GUESSED, "", own=False)
    own = not row.source.startswith(SOURCE)
    if row.is_workday:
        kind = DayKind.MOVED if weekend else DayKind.WORKDAY
    else:
        kind = DayKind.WEEKEND if weekend and not row.occasion else DayKind.HOLIDAY
    return ShownDay(day, kind, row.source, own)
