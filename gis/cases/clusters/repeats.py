"""Places that come back: the same class reported again and again at one point."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from gis.accounts.model import Scope
from gis.cases.places import term_of
from gis.cases.settings import read_case_settings
from gis.catalog.commands import bump_layers
from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.standards.model import Kind

LAYER_KEY = "repeat_place"
"""The table behind the layer: its tiles end when this version rises."""
PLACES_MOST = 1_000
TIMEOUT_MS = 120_000
"""The whole period of a large city is read at once, while nobody waits for it."""
_FIND = load_sql(__package__, "find_repeats")
_PLACES = load_sql(__package__, "repeat_places")
_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('repeat_place'))")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What bringing the places up to date did."""

    found: int
    changed: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatPlace:
    """One place, within what a person may see."""

    id: int
    number: str
    """Its first case within the kept period."""
    kind: Kind
    class_code: str
    class_name: Term | None
    street: Term | None
    community: Term | None
    grid_code: str
    reports: int
    """In the period that is asked for."""
    still_open: int
    rank: int
    """2: very often (`repeat_many`) in the kept period, else 1."""
    first_at: datetime
    last_at: datetime
    lon: float
    lat: float


def refresh_repeat_places(conn: Connection, *, now: datetime) -> Refreshed | None:
    """
    Bring the places up to date with the reports of the last `repeat_days`; for the worker.

    One statement over the whole period, whatever happened since: reports that fall out of it,
    end, or are merged need no bookkeeping. None when another worker does it at this moment.
    """
    if not conn.execute(_LOCK).scalar_one():
        return None
    settings = read_case_settings(conn)
    conn.execute(text(f"SET LOCAL statement_timeout = {TIMEOUT_MS:d}"))
    row = conn.execute(
        _FIND,
        {
            "since": now - timedelta(days=settings.repeat_days),
            "radius_m": settings.repeat_radius_m,
            "least": settings.repeat_least,
            "many": settings.repeat_many,
        },
    ).one()
    if row.changed or row.gone:
        bump_layers(conn, [LAYER_KEY], now=now)
    return Refreshed(row.found, row.changed, row.gone)


def repeat_places(
    conn: Connection,
    *,
    scope: Scope,
    now: datetime,
    days: int,
    area: str = "",
    least: int | None = None,
    most: int = PLACES_MOST,
) -> list[RepeatPlace]:
    """
    The places with at least `least` reports in the last `days`, most reports first.

    `days` counts up to `repeat_days`, which is what is kept; `least` is `repeat_least` unless
    said. Handlers see places of which every report is their department's.
    """
    settings = read_case_settings(conn)
    rows = conn.execute(
        _PLACES,
        {
            **scope.params(),
            "area": area,
            "since": now - timedelta(days=min(days, settings.repeat_days)),
            "least": settings.repeat_least if least is None else least,
            "most": max(1, min(most, PLACES_MOST)),
        },
    )
    return [
        RepeatPlace(
            id=row.id,
            number=row.number,
            kind=Kind(row.kind),
            class_code=row.class_code,
            class_name=term_of(row.class_zh, row.class_en),
            street=term_of(row.street_zh, row.street_en),
            community=term_of(row.community_zh, row.community_en),
            grid_code=row.grid_code,
            reports=row.in_period,
            still_open=row.still_open,
            rank=row.rank,
            first_at=row.first_at,
            last_at=row.last_at,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    ]
