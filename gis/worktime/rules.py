"""The working-time clock: exact, monotone, without a database and without a clock."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from gis.errors import Invalid, Refused
from gis.i18n import N_
from gis.worktime.model import (
    DAY_S,
    DEFAULT_SESSIONS,
    HOUR_S,
    Day,
    Deadline,
    Explanation,
    Lamp,
    Limit,
    Session,
    Skipped,
    Unit,
)

DISTRICT_ZONE = ZoneInfo("Asia/Shanghai")
YELLOW_AFTER = 0.8
"""Share of a limit that may pass before its lamp turns yellow."""

_US = 1_000_000
_ONE_US = timedelta(microseconds=1)
_UNIT_US = {
    Unit.URGENT_HOUR: HOUR_S * _US,
    Unit.URGENT_DAY: DAY_S * _US,
    Unit.CALENDAR_DAY: DAY_S * _US,
    Unit.WORKING_HOUR: HOUR_S * _US,
}
_GUESSED_BEFORE, _GUESSED_AFTER = 400, 1500
"""Days around the published calendar that are guessed from the weekday."""
_WITHOUT_CALENDAR = (date(2000, 1, 1), date(2050, 12, 31))
_SATURDAY = 5
_MONDAY_FIRST = 6
"""Makes `ordinal % 7` count from Monday, as `weekday()` does."""


class WorkCalendar:
    """
    Published days, sessions and a time zone; answers when a limit ends.

    Beyond the published days Monday to Friday count as workdays, and every
    deadline that touches such a day is provisional. Wall-clock arithmetic:
    right for zones without daylight saving time, such as Asia/Shanghai.
    """

    def __init__(
        self,
        days: Iterable[Day],
        sessions: Sequence[Session] = DEFAULT_SESSIONS,
        zone: ZoneInfo = DISTRICT_ZONE,
    ) -> None:
        published = {day.day.toordinal(): day for day in days}
        if published:
            self._first = min(published) - _GUESSED_BEFORE
            self._last = max(published) + _GUESSED_AFTER
        else:
            self._first, self._last = (day.toordinal() for day in _WITHOUT_CALENDAR)
        self.zone = zone
        self.published_until = date.fromordinal(max(published)) if published else None
        self._published = published
        self._sessions = [(s.start_s * _US, s.end_s * _US) for s in sessions]
        self._day_us = sum(end - start for start, end in self._sessions)
        span = range(self._first, self._last + 1)
        works = {ordinal: day.is_workday for ordinal, day in published.items()}
        self._works = [works.get(n, (n + _MONDAY_FIRST) % 7 < _SATURDAY) for n in span]
        self._worked_before = list(
            accumulate((self._day_us if w else 0 for w in self._works), initial=0)
        )
        self._guessed_before = list(accumulate((n not in works for n in span), initial=0))

    @property
    def workday_length(self) -> timedelta:
        """Working time of one workday: what one working day of a limit is worth."""
        return timedelta(microseconds=self._day_us)

    def is_workday(self, day: date) -> bool:
        """Whether working time runs on that day; guessed beyond the published calendar."""
        return self._works[self._index(day)]

    def deadline(self, started_at: datetime, limit: Limit) -> Deadline:
        """
        The moment a limit that starts now ends.

        The earliest moment at which the whole limit has run: a limit that is
        used up when a session ends is due then, not at the next session. One
        working day is the working time of one workday, so with the default
        sessions 8 working hours. Limits in continuous units are never provisional.

        Raises
        ------
        Invalid
            When the start has no time zone.
        Refused
            When start or due time lie years outside the published calendar.
        """
        return self.deadline_after(started_at, self.amount(limit), limit)

    def deadline_after(self, at: datetime, left: timedelta, limit: Limit) -> Deadline:
        """
        The same for what is left of a limit, on the limit's clock: after a pause or an extension.

        `left` is working time for working units (`spent` measures it), plain
        time for the others. Nothing left: due at once.
        """
        local = self._local(at)
        if not limit.unit.is_working:
            return Deadline(local, local + max(left, timedelta(0)), limit, provisional=False)
        index = self._index(local.date())
        due, last = self._reach(local, index, left // _ONE_US)
        guessed = self._guessed_before[last + 1] > self._guessed_before[index]
        return Deadline(local, due, limit, provisional=guessed)

    def spent(self, start: datetime, end: datetime, unit: Unit) -> timedelta:
        """Time between two moments on the clock of a unit; negative when `end` is earlier."""
        if not unit.is_working:
            return self._local(end) - self._local(start)
        positions = [
            self._position(t, self._index(t.date())) for t in map(self._local, (start, end))
        ]
        return timedelta(microseconds=positions[1] - positions[0])

    def amount(self, limit: Limit) -> timedelta:
        """A limit as time on its own clock, rounded to the microsecond."""
        unit_us = _UNIT_US.get(limit.unit, self._day_us)
        exact = limit.value * unit_us
        return timedelta(microseconds=int(exact.to_integral_value(ROUND_HALF_UP)))

    def when_left(self, due_at: datetime, left: timedelta, unit: Unit) -> datetime:
        """
        The earliest moment at which `left` was still to run of what ends at `due_at`.

        The other way round than `deadline_after`, on the same clock.
        """
        local = self._local(due_at)
        if not unit.is_working:
            return local - left
        target = self._position(local, self._index(local.date())) - left // _ONE_US
        return self._at_position(max(1, target))[0]

    def explain(self, deadline: Deadline) -> Explanation:
        """Which days a deadline skipped or counted against the weekday, in order of time."""
        if not deadline.limit.unit.is_working:
            return Explanation(deadline, (), ())
        first = self._index(self._local(deadline.started_at).date())
        last = self._index(self._local(deadline.due_at).date())
        days = [self._day(index) for index in range(first, last + 1)]
        moved = tuple(d.day for d in days if d.is_workday and d.day.weekday() >= _SATURDAY)
        return Explanation(deadline, _skipped(days), moved)

    def _reach(self, local: datetime, index: int, need: int) -> tuple[datetime, int]:
        if need <= 0:
            return local, index
        return self._at_position(self._position(local, index) + need)

    def _at_position(self, target: int) -> tuple[datetime, int]:
        """The earliest moment by which so much working time has passed, and its day."""
        if target > self._worked_before[-1]:
            raise Refused(
                N_("This limit ends after {day}, the end of the working calendar. Shorten it."),
                day=date.fromordinal(self._last),
            )
        day = bisect_left(self._worked_before, target) - 1
        rest = target - self._worked_before[day]
        for start, end in self._sessions:
            if rest <= end - start:
                midnight = datetime.combine(self._date(day), time(), self.zone)
                return midnight + timedelta(microseconds=start + rest), day
            rest -= end - start
        raise AssertionError("a day's sessions add up to its length")

    def _position(self, local: datetime, index: int) -> int:
        """Working microseconds from the calendar's first day to a moment on day `index`."""
        before = self._worked_before[index]
        if not self._works[index]:
            return before
        clock = local.hour * HOUR_S + local.minute * 60 + local.second
        now = clock * _US + local.microsecond
        return before + sum(max(0, min(now, end) - start) for start, end in self._sessions)

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise Invalid(N_("A time without a time zone has no deadline."), detail=str(at))
        return at.astimezone(self.zone)

    def _index(self, day: date) -> int:
        ordinal = day.toordinal()
        if not self._first <= ordinal <= self._last:
            raise Refused(
                N_("{day} lies outside the working calendar ({first} to {last})."),
                day=day,
                first=date.fromordinal(self._first),
                last=date.fromordinal(self._last),
            )
        return ordinal - self._first

    def _date(self, index: int) -> date:
        return date.fromordinal(self._first + index)

    def _day(self, index: int) -> Day:
        known = self._published.get(self._first + index)
        return known or Day(self._date(index), self._works[index])


def _skipped(days: Iterable[Day]) -> tuple[Skipped, ...]:
    runs: list[Skipped] = []
    for day in days:
        if day.is_workday:
            continue
        if runs and runs[-1].occasion == day.occasion and day.day - runs[-1].last <= timedelta(1):
            runs[-1] = Skipped(runs[-1].first, day.day, day.occasion)
        else:
            runs.append(Skipped(day.day, day.day, day.occasion))
    return tuple(runs)


def lamp(
    now: datetime,
    started_at: datetime,
    due_at: datetime,
    *,
    yellow_after: float = YELLOW_AFTER,
    calendar: WorkCalendar | None = None,
) -> Lamp:
    """
    Green while at most `yellow_after` of the limit is used, yellow up to all of it, red after.

    With a calendar the share is one of working time, as a limit in working
    units wants; without, of plain time. Both ends belong to the milder colour.
    """
    if now > due_at:
        return Lamp.RED
    if calendar is None:
        used, whole = now - started_at, due_at - started_at
    else:
        used = calendar.spent(started_at, now, Unit.WORKING_HOUR)
        whole = calendar.spent(started_at, due_at, Unit.WORKING_HOUR)
    return Lamp.YELLOW if _exceeds(used, whole, yellow_after) else Lamp.GREEN


def _exceeds(used: timedelta, whole: timedelta, share: float) -> bool:
    """`used` > share × `whole`, without rounding: 80 % of the limit to the microsecond is green."""
    return used // _ONE_US > Decimal(str(share)) * (whole // _ONE_US)
