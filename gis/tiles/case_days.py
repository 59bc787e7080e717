"""Reports per day and area, for the time slider of the map; kept for a minute per scope."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, require
from gis.db.sqlfile import load_sql

DAYS_MOST = 90
STREETS, COMMUNITIES = 3, 4
KEPT_S = 60.0
_KEPT_MOST = 64
_AREAS_MOST = 20_000
_DAYS = load_sql(__package__, "case_days")


@dataclass(frozen=True)
class CaseDays:
    """How many cases each area reported on each of `days` days from `first` on."""

    first: date
    days: int
    areas: dict[str, list[int]]
    """By code of street or community; areas without a report are left out."""


class _Kept:
    """Answers of the last minute; one at a time counts, so that equal questions wait for one."""

    def __init__(self) -> None:
        self.counting = threading.Lock()
        self._held: dict[Hashable, tuple[float, CaseDays]] = {}

    def clear(self) -> None:
        self._held = {}

    def get(self, key: Hashable) -> CaseDays | None:
        held = self._held.get(key)
        return held[1] if held and held[0] > monotonic() else None

    def put(self, key: Hashable, found: CaseDays) -> None:
        now = monotonic()
        if len(self._held) >= _KEPT_MOST:
            self._held = {k: v for k, v in self._held.items() if v[0] > now}
        if len(self._held) < _KEPT_MOST:
            self._held[key] = (now + KEPT_S, found)


_KEPT = _Kept()


def forget() -> None:
    """Count anew at the next question."""
    _KEPT.clear()


def case_days(
    conn: Connection, *, actor: Actor, level: int, days: int, now: datetime, zone: ZoneInfo
) -> CaseDays:
    """
    Reports of the last `days` days, today included, by street (level 3) or community (level 4).

    Days are the district's. What others report meanwhile shows after a minute.

    Raises
    ------
    Forbidden
        For those who may not see cases.
    """
    require(actor, Permission.VIEW_CASES)
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    key = (conn.engine.url, actor.scope.key, level, days, first, zone.key)
    found = _KEPT.get(key)
    if found is None:
        with _KEPT.counting:
            found = _KEPT.get(key) or _read(conn, actor, level, days, first, zone)
            _KEPT.put(key, found)
    return found


def _read(
    conn: Connection, actor: Actor, level: int, days: int, first: date, zone: ZoneInfo
) -> CaseDays:
    """A day begins at midnight of the district, whatever its clocks do in the night."""
    scope = actor.scope
    given = {
        "starts": [
            datetime.combine(first + timedelta(days=n), time.min, tzinfo=zone)
            for n in range(days + 1)
        ],
        "street": level == STREETS, "everywhere": "" in scope.prefixes,
        **scope.params(), "most": _AREAS_MOST,
    }  # fmt: skip
    areas = {
        code: np.bincount(np.frombuffer(held, np.uint8), minlength=days).tolist()
        for code, held in conn.execute(_DAYS, given)
    }
    return CaseDays(first, days, areas)
