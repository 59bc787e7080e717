"""When in the week a rule counts: weekdays and hours. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_DAYS = re.compile(r"[1-7](-[1-7])?(,[1-7](-[1-7])?)*")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """
    Weekdays (1 Monday … 7 Sunday) and hours of the district's clock.

    Hours that end before or at their start run past midnight and belong to the
    weekday on which they began. The end itself does not count any more.
    """

    weekdays: tuple[int, ...] = EVERY_DAY
    starts: time | None = None
    ends: time | None = None

    @property
    def is_always(self) -> bool:
        """Whether it leaves nothing of the week out."""
        return self.minutes_a_week == WEEK_MINUTES

    @property
    def minutes_a_week(self) -> int:
        """How much of the week it covers: the less, the more specific a rule is."""
        return len(self.weekdays) * self._length()

    def holds(self, at: datetime) -> bool:
        """Whether the moment `at`, in the district's zone, lies within."""
        minute = (at.isoweekday() - 1) * DAY_MINUTES + at.hour * 60 + at.minute
        return any((minute - begin) % WEEK_MINUTES < length for begin, length in self._spans())

    def overlaps(self, other: "Window") -> bool:
        """Whether there is a minute of the week that lies in both."""
        return any(
            (b - a) % WEEK_MINUTES < la or (a - b) % WEEK_MINUTES < lb
            for a, la in self._spans()
            for b, lb in other._spans()
        )

    def _length(self) -> int:
        if self.starts is None or self.ends is None:
            return DAY_MINUTES
        span = (_minutes(self.ends) - _minutes(self.starts)) % DAY_MINUTES
        return span or DAY_MINUTES

    def _spans(self) -> Iterator[tuple[int, int]]:
        begin = _minutes(self.starts) if self.starts else 0
        return (((day - 1) * DAY_MINUTES + begin, self._length()) for day in self.weekdays)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def days_text(window: Window) -> str:
    """`1-5` or `1,3,6`; empty for every day."""
    days = window.weekdays
    if days == EVERY_DAY:
        return ""
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{days[0]}-{days[-1]}"
    return ",".join(map(str, days))


def hours_text(window: Window) -> str:
    """`08:00-18:00`; empty for the whole day."""
    if window.starts is None or window.ends is None:
        return ""
    return f"{window.starts:%H:%M}-{window.ends:%H:%M}"


def read_days(words: str) -> tuple[int, ...]:
    """
    Weekdays from `1-5` or `1,3,6-7`; every day from nothing.

    Raises
    ------
    ValueError
        When the words are no weekdays.
    """
    plain = words.replace(" ", "")
    if not plain:
        return EVERY_DAY
    if not _DAYS.fullmatch(plain):
        raise ValueError(words)
    found: set[int] = set()
    for part in plain.split(","):
        first, _, last = part.partition("-")
        if int(last or first) < int(first):
            raise ValueError(words)
        found |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def read_hours(words: str) -> tuple[time | None, time | None]:
    """
    Start and end from `08:00-18:00`; none from nothing.

    Raises
    ------
    ValueError
        When the words are no span of hours.
    """
    plain = words.replace(" ", "").replace("–", "-")
    if not plain:
        return None, None
    found = _HOURS.fullmatch(plain)
    if not found:
        raise ValueError(words)
    one, two, three, four = (int(part) for part in found.groups())
    return time(one, two), time(three, four)
