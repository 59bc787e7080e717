"""What the settings of clocks may say. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

from gis.cases.clocks.levels import LEVELS_MOST, level_from
from gis.cases.workflow import STAGE_LIMITS
from gis.errors import Invalid
from gis.worktime.model import Unit, limit_from, sessions_from
from gis.worktime.queries import SESSIONS_SETTING

STAGE_LIMIT: Final = "stage_limit_"
"""How the setting of a stage's limit begins; the stage clock's name follows."""

_HOURS_MOST, _DAYS_MOST = 1000, 100
_IN_HOURS = frozenset({Unit.URGENT_HOUR, Unit.WORKING_HOUR})


def parts_of(words: str) -> list[str]:
    """The parts of a list as it is typed."""
    return [part.strip() for part in words.split(",") if part.strip()]


def _are_levels(words: str) -> bool:
    parts = parts_of(words)
    known = [level for part in parts if (level := level_from(part, 80))]
    moments = {(level.share, level.after) for level in known}
    return len(parts) <= LEVELS_MOST and len(moments) == len(parts)


def _is_limit(words: str) -> bool:
    try:
        limit = limit_from(words)
    except Invalid:
        return False
    most = _HOURS_MOST if limit.unit in _IN_HOURS else _DAYS_MOST
    return 0 < limit.value <= most


def _are_sessions(words: str) -> bool:
    try:
        return bool(sessions_from(parts_of(words)))
    except Invalid:
        return False


def _is_share(words: str) -> bool:
    return words.isascii() and words.isdecimal() and 0 < int(words) < 100


CLOCK_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "yellow_percent": _is_share,
    "overdue_levels": _are_levels,
    "stage_overdue_levels": _are_levels,
    SESSIONS_SETTING: _are_sessions,
    **{STAGE_LIMIT + name: _is_limit for name in STAGE_LIMITS},
}
"""Setting → whether the words that were typed are a value for it."""

LEVEL_SETTINGS: Final = frozenset({"yellow_percent", "overdue_levels", "stage_overdue_levels"})
"""A change of these asks when every running clock is to be looked at next."""
