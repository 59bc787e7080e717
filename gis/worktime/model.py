"""Days, sessions, limits and deadlines."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from gis.errors import Invalid, Term, fault
from gis.i18n import N_

_LIMIT_VALUE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
HOUR_S = 3600
DAY_S = 86_400


class Unit(StrEnum):
    """Units of a time limit."""

    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"

    @property
    def is_working(self) -> bool:
        """Whether it counts working time only; the others run without stop."""
        return self in (Unit.WORKING_HOUR, Unit.WORKING_DAY)

    @property
    def label(self) -> Term:
        """Its name for people."""
        return _UNITS[self]


_UNITS = {
    Unit.URGENT_HOUR: Term("紧急工作时", "urgent hours"),
    Unit.URGENT_DAY: Term("紧急工作日", "urgent days"),
    Unit.WORKING_HOUR: Term("工作时", "working hours"),
    Unit.WORKING_DAY: Term("工作日", "working days"),
    Unit.CALENDAR_DAY: Term("自然日", "calendar days"),
}


class Lamp(StrEnum):
    """How much of a limit is used up."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit, such as 4 working hours; fractions are allowed."""

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not (self.value.is_finite() and self.value >= 0):
            raise Invalid(
                N_("A time limit is a number from 0 up, not {value}."),
                value=self.value,
                faults=[fault("limit_value", N_("This must be 0 or more."))],
            )

    @property
    def label(self) -> Term:
        """Its wording for people: “4 工作时”, "4 working hours"."""
        number = f"{self.value.normalize():f}"
        english = self.unit.label.en.removesuffix("s") if self.value == 1 else self.unit.label.en
        return Term(f"{number} {self.unit.label.zh}", f"{number} {english}")


def limit_from(words: str) -> Limit:
    """
    A limit as settings and the command line write it: `4 working_hour`, `0.25 urgent_hour`.

    Raises
    ------
    Invalid
        When it has another form; names the units.
    """
    value, _, unit = words.strip().partition(" ")
    number = _LIMIT_VALUE.fullmatch(value)
    if number is None or unit.strip() not in set(Unit):
        known = ", ".join(Unit)
        message = N_("“{words}” is no time limit. Write a number and a unit: {units}.")
        raise Invalid(
            message,
            words=words[:50],
            units=known,
            faults=[fault("limit", message, words=words[:50], units=known)],
        )
    return Limit(Decimal(value), Unit(unit.strip()))


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of a workday in which working time runs: seconds since midnight, end left out."""

    start_s: int
    end_s: int


DEFAULT_SESSIONS = (Session(8 * HOUR_S, 12 * HOUR_S), Session(14 * HOUR_S, 18 * HOUR_S))
"""08:00–12:00 and 14:00–18:00: an example from one city's rules, a setting of the district."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the published calendar."""

    day: date
    is_workday: bool
    occasion: str = ""
    """Why, in English: the holiday's name; empty on ordinary days."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit ends, and what it was computed from."""

    started_at: datetime
    due_at: datetime
    limit: Limit
    provisional: bool
    """Some day of it lies beyond the published calendar: computed anew when that arrives."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Neighbouring days without working time between start and due time."""

    first: date
    last: date
    occasion: str
    """The holiday's name in English; empty: a weekend."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline falls where it does."""

    deadline: Deadline
    skipped: tuple[Skipped, ...]
    moved_workdays: tuple[date, ...]
    """Saturdays and Sundays that count as workdays (调休)."""


def sessions_from(value: object) -> tuple[Session, ...]:
    """
    The sessions of a workday from their setting, `["08:00-12:00", …]`.

    Pairs, `[["08:00", "12:00"], …]`, say the same. `24:00` may end the last one.

    Raises
    ------
    Invalid
        When the value has another form, a session ends before it begins, or
        sessions overlap or are out of order; all faults are named.
    """
    pairs = value if isinstance(value, list) else []
    sessions = [s for s in map(_session, pairs) if s]
    faults = []
    if not pairs or len(sessions) != len(pairs):
        faults.append(
            fault("sessions", N_("Write each session as two times, such as 08:00 and 12:00."))
        )
    edges = [edge for s in sessions for edge in (s.start_s, s.end_s)]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)):
        faults.append(fault("sessions", N_("A session must end after it begins.")))
    if any(later < earlier for earlier, later in zip(edges[1::2], edges[2::2], strict=False)):
        faults.append(fault("sessions", N_("Sessions must not overlap and must be in order.")))
    if faults:
        raise Invalid(N_("These are not sessions of a workday."), faults=faults)
    return tuple(sessions)


def _session(said: object) -> Session | None:
    pair = said.split("-") if isinstance(said, str) else said
    if not (isinstance(pair, list | tuple) and len(pair) == 2):
        return None
    start, end = (_seconds(part) for part in pair)
    return None if start is None or end is None else Session(start, end)


def _seconds(text: object) -> int | None:
    if not isinstance(text, str):
        return None
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    seconds = int(hours) * HOUR_S + int(minutes) * 60
    return seconds if int(minutes) < 60 and seconds <= DAY_S else None
