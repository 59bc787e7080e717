"""What a district sets about itself while it runs: listed, checked, changed, on the trail."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Permission, require
from gis.accounts.settings import hold_settings, require_whole_district, write_with_trail
from gis.cases.clocks.queries import ask_to_look_again
from gis.cases.clocks.setting_rules import CLOCK_CHECKS, LEVEL_SETTINGS, parts_of
from gis.cases.evidence.model import LEVELS
from gis.cases.setting_words import value_in_words, words_of
from gis.cases.settings import CaseSettings, read_case_settings
from gis.catalog.commands import bump_layers
from gis.db.settings import DEFAULTS, read_settings_of
from gis.errors import Conflict, Invalid, NotFound, Term, fault
from gis.i18n import N_
from gis.worktime.queries import SESSIONS_DEFAULT, SESSIONS_SETTING

LEVEL_KEYS: Final = ("evidence_far", "evidence_old", "evidence_missing", "evidence_reused")
FEWEST_UNATTACHED_DAYS = 2
"""A phone may wait for the network over a weekend."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,7}")
_COUNT_MOST, _DAYS_MOST, _METRES_MOST, _MINUTES_MOST, _HOURS_MOST = 1000, 3650, 10_000, 10_080, 720
_STANDS = text(
    "SELECT s.value, s.changed_at, p.name FROM setting s LEFT JOIN person p ON p.id = s.changed_by"
    " WHERE s.key = :key"
)
_HAS_EDITION = text("SELECT EXISTS (SELECT FROM case_class WHERE edition = :edition)")
_HAS_DISTRICT = text("SELECT EXISTS (SELECT FROM area WHERE code = :code AND level = 2)")
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "yellow_percent": (1, 99),
    "extension_limit": (0, _COUNT_MOST),
    "suspension_limit": (0, _COUNT_MOST),
    "evidence_slack_minutes": (0, _MINUTES_MOST),
    "unattached_days": (FEWEST_UNATTACHED_DAYS, _DAYS_MOST),
    "repeat_least": (2, _COUNT_MOST),
    "duplicate_ended_days": (1, 730),  # how far is looked back for cases: two years at most
    "repeat_days": (1, 730),
}
"""Lowest and highest of numbers that have bounds of their own; 0 where none at all makes sense."""
_BOUNDS_OF_UNIT: Final[Mapping[str, tuple[int, int]]] = {
    "percent": (0, 100),
    "days": (1, _DAYS_MOST),
    "m": (1, _METRES_MOST),
    "minutes": (1, _MINUTES_MOST),
    "hours": (1, _HOURS_MOST),
}
"""Those of the others, by the unit their names end with; the others are counts."""

PRODUCT_DEFAULTS: Final[Mapping[str, Any]] = {
    **asdict(CaseSettings()),
    **DEFAULTS,
    SESSIONS_SETTING: SESSIONS_DEFAULT,
}
"""Every setting of a district and what counts while it has not been set."""


def district_settings(conn: Connection) -> dict[str, tuple[Any, bool]]:
    """Every setting by key: its value, and whether the district has set it itself."""
    stored = {
        key: value
        for key, value in read_settings_of(conn, *PRODUCT_DEFAULTS).items()
        if value is not None
    }
    return {
        key: (stored.get(key, default), _plain(stored.get(key, default)) != _plain(default))
        for key, default in PRODUCT_DEFAULTS.items()
    }


def _plain(value: Any) -> Any:
    """A list as a tuple: what is stored comes back as lists."""
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A change of a setting, as the trail keeps it."""

    at: datetime
    who: str | None
    """None: the product itself, or its command line."""
    key: str
    was: Any
    now: Any


_CHANGES = text(
    "SELECT e.at, p.name AS who, e.data FROM audit_event e LEFT JOIN person p ON p.id = e.actor_id"
    " WHERE e.subject_type = 'settings' AND e.action = 'changed'"
    " AND (CAST(:key AS text) IS NULL OR e.data ->> 'key' = :key)"
    " ORDER BY e.seq DESC LIMIT :most"
)


def setting_history(
    conn: Connection, *, actor: Actor, key: str | None = None, most: int = 100
) -> list[SettingChange]:
    """
    Changes of one setting, or of all, newest first.

    Raises
    ------
    Forbidden
        Without the right to change rules: the trail names people.
    """
    require(actor, Permission.MANAGE_RULES)
    return [
        SettingChange(row.at, row.who, row.data["key"], row.data["was"], row.data["is"])
        for row in conn.execute(_CHANGES, {"key": key, "most": most})
    ]


def change_setting(
    conn: Connection, *, actor: Actor, key: str, words: str, seen: Any = None, now: datetime
) -> Any:
    """
    Set one setting from what was typed; answers the value.

    Numbers are whole, lists are separated by commas. It counts for what happens from now on:
    limits that run keep the end they have. `seen` is the value that was decided on; None: whatever
    stands.

    Raises
    ------
    Forbidden, NotFound, Invalid
        NotFound for an unknown key; names those there are.
    Conflict
        Another value than the one seen counts by now: says which, who set it and when.
    """
    require_whole_district(conn, actor, Permission.MANAGE_RULES)
    if key not in PRODUCT_DEFAULTS:
        raise NotFound(
            N_("There is no setting {key}; there are: {known}."),
            key=key,
            known=", ".join(sorted(PRODUCT_DEFAULTS)),
        )
    value = _read(conn, key, words.strip())
    hold_settings(conn)
    if seen is not None:
        _check_seen(conn, key, seen)
    write_with_trail(
        conn, actor=actor, key=key, value=value, default=PRODUCT_DEFAULTS[key], now=now
    )
    if key == "yellow_percent":
        bump_layers(conn, ["cases"], now=now)  # tiles say when lamps turn
    if key in LEVEL_SETTINGS:
        ask_to_look_again(conn, now=now)
    return value


def _check_seen(conn: Connection, key: str, seen: Any) -> None:
    """Go on only with the value that was decided on; the caller holds the settings."""
    found = conn.execute(_STANDS, {"key": key}).one_or_none()
    stands = PRODUCT_DEFAULTS[key] if found is None else found.value
    if _plain(stands) == _plain(seen):
        return
    zone = read_case_settings(conn).zone
    raise Conflict(
        N_("{who} set “{setting}” to {value} at {when} while you were deciding. Look at it again."),
        setting=words_of(key).meaning,
        value=value_in_words(stands),
        who=(found and found.name) or Term("系统", "the system"),
        when=found.changed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if found else "-",
    )


def _read(conn: Connection, key: str, words: str) -> Any:
    checks: dict[str, Callable[[], bool]] = {
        "edition": lambda: bool(conn.scalar(_HAS_EDITION, {"edition": words})),
        "district_code": lambda: bool(conn.scalar(_HAS_DISTRICT, {"code": words})),
        "time_zone": lambda: _is_zone(words),
        "clock_starts": lambda: words in ("filing", "dispatch"),
        **{key: lambda: words in LEVELS for key in LEVEL_KEYS},
        **{key: partial(check, words) for key, check in CLOCK_CHECKS.items()},
    }
    default = PRODUCT_DEFAULTS[key]
    good = key not in checks or checks[key]()
    if isinstance(default, int | float):
        good = good and _is_number(key, words)
    if not good:
        message = N_("“{value}” is no value for {key}; the product's own is {default}.")
        said = {"value": words[:50], "key": key, "default": value_in_words(default)}
        raise Invalid(message, faults=[fault(key, message, **said)], **said)
    if isinstance(default, tuple):
        return parts_of(words)
    return int(words) if isinstance(default, int | float) else words


def bounds_of(key: str) -> tuple[int, int]:
    """The lowest and the highest value of a number."""
    unit = key.rpartition("_")[2]
    return _BOUNDS.get(key) or _BOUNDS_OF_UNIT.get(unit, (1, _COUNT_MOST))


def _is_number(key: str, words: str) -> bool:
    lowest, highest = bounds_of(key)
    return _NUMBER.fullmatch(words) is not None and lowest <= int(words) <= highest


def _is_zone(words: str) -> bool:
    try:
        return bool(words) and ZoneInfo(words).key == words
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
