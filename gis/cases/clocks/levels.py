"""Levels of a clock: when each is reached and which post is told. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gis.accounts.model import Role
from gis.worktime.model import Limit
from gis.worktime.rules import WorkCalendar

_LEVEL = re.compile(r"(?:(yellow)|(red)(?:\+([1-9][0-9]{0,3})([hd]))?|([1-9][0-9]?)%):([a-z_]+)")
_WHOLE = Decimal(1)
LEVELS_MOST = 9


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a clock, counted from 1 in the order of its list."""

    share: Decimal
    """Share of the limit that has run then; 1: the limit itself."""
    after: timedelta
    """Plain time after the limit."""
    role: Role
    """The post that is told."""
    words: str
    """As its setting writes it: what was told stays told wherever in the list it stands later."""


def level_from(words: str, yellow_percent: int) -> Level | None:
    """
    A level as its setting writes it; None where the words are no level.

    `yellow:handler` (the share that turns the lamp yellow), `50%:handler`, `red:dispatcher` (the
    limit), `red+24h:shift_leader`, `red+3d:centre_leader` (plain hours or days after it).
    """
    found = _LEVEL.fullmatch(words)
    if found is None or found[6] not in set(Role) or found[6] == Role.SYSTEM:
        return None
    yellow, _red, number, unit, percent, role = found.groups()
    if yellow or percent:
        share = Decimal(yellow_percent if yellow else int(percent)) / 100
        return Level(share, timedelta(0), Role(role), words)
    hours = int(number or 0) * (24 if unit == "d" else 1)
    return Level(_WHOLE, timedelta(hours=hours), Role(role), words)


def levels_from(words: Sequence[str], yellow_percent: int) -> tuple[Level, ...]:
    """The levels of a setting, as they follow each other; what is no level is left out."""
    found = [level for part in words if (level := level_from(part, yellow_percent))]
    return tuple(sorted(found, key=lambda level: (level.share, level.after)))


def reached_at(level: Level, due_at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """
    When a clock that ends at `due_at` reaches a level.

    A share counts on the limit's own clock, back from the end: 80 % is reached when a fifth of the
    limit is left, also after a pause or an extension.
    """
    if level.share == _WHOLE:
        return due_at + level.after
    us = calendar.amount(limit) // timedelta(microseconds=1)
    left = timedelta(microseconds=int((_WHOLE - level.share) * us))
    return calendar.when_left(due_at, left, limit.unit)
