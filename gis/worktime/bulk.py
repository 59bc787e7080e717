"""Many deadlines at once."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gis.worktime.model import Deadline, Limit
from gis.worktime.rules import WorkCalendar


def deadlines(
    calendar: WorkCalendar, starts: Iterable[tuple[datetime, Limit]]
) -> Iterator[Deadline]:
    """The deadline of each start and limit, in order; what `script/bench cases` measures."""
    return (calendar.deadline(start, limit) for start, limit in starts)
