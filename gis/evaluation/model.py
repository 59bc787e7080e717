"""What can be asked of the statistics: figures, groups, periods."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from gis.accounts.model import Scope
from gis.errors import Invalid, fault
from gis.i18n import N_

LONGEST_PERIOD_DAYS = 1100


class Grouping(StrEnum):
    """The rows of the table."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Period:
    """A half-open span of time, `starts` <= t < `ends`, of whole days in the district's zone."""

    starts: datetime
    ends: datetime

    @property
    def days(self) -> int:
        """Number of calendar days."""
        return (self.ends.date() - self.starts.date()).days

    def within(self, scope: Scope, area: str) -> dict[str, Any]:
        """Parameters of every question: the cases of a part of a scope in this time."""
        return {
            **scope.params(),
            "area": area,
            "starts": self.starts,
            "ends": self.ends,
        }


def period_of(first: date, last: date, zone: ZoneInfo) -> Period:
    """
    The period from the start of `first` to the end of `last`, both included.

    Raises
    ------
    Invalid
        When `last` lies before `first` or the span is longer than three years.
    """
    if last < first:
        message = N_("The period ends ({last}) before it starts ({first}). Swap the two days.")
        raise Invalid(message, faults=[fault("period", message, first=first, last=last)],
                      first=first, last=last)  # fmt: skip
    days = (last - first).days + 1
    if days > LONGEST_PERIOD_DAYS:
        message = N_("The period has {days} days; at most {most} can be counted. Shorten it.")
        raise Invalid(message, days=days, most=LONGEST_PERIOD_DAYS)
    return Period(
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )
