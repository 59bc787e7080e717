"""Where a case is: the cell of a point, what stands there, and who walks there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, text

from gis.cases.settings import CaseSettings
from gis.db.sqlfile import load_sql
from gis.errors import Term

_KNOWN = text(
    "SELECT u.sha256 FROM file_upload u JOIN stored_file f ON f.sha256 = u.sha256"
    " WHERE u.person_id = :person_id AND u.sha256 = ANY(CAST(:photos AS text[]))"
    " AND (:any_kind OR f.media_type = 'image/jpeg')"
)
_LOCATE = load_sql(__package__, "locate")
_ON_DUTY = load_sql(__package__, "on_duty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the database knows of a point."""

    grid_code: str
    community_code: str
    street_code: str
    district_code: str
    community: Term | None
    street: Term | None
    district: Term | None
    component_code: str | None
    component_class: str | None
    component_name: Term | None
    component_distance_m: float | None

    def without_component(self) -> Self:
        """The same for somebody who may not see what stands there."""
        return replace(
            self,
            component_code=None,
            component_class=None,
            component_name=None,
            component_distance_m=None,
        )


def locate(
    conn: Connection,
    *,
    lon: float,
    lat: float,
    now: datetime,
    settings: CaseSettings,
    class_code: str | None = None,
) -> Spot | None:
    """
    The cell of a point with the names above it and the nearest component; None: outside.

    On a shared edge the cell with the smallest code counts, as at intake.
    `class_code` looks for components of this class only.
    """
    row = conn.execute(
        _LOCATE,
        {
            "lon": lon,
            "lat": lat,
            "day": now.astimezone(settings.zone).date(),
            "class_code": class_code,
            "edition": settings.edition,
            "nearest_m": settings.nearest_component_m,
        },
    ).one_or_none()
    if row is None:
        return None
    return Spot(
        grid_code=row.grid_code,
        community_code=row.community_code,
        street_code=row.street_code,
        district_code=row.district_code,
        community=term_of(row.community_zh, row.community_en),
        street=term_of(row.street_zh, row.street_en),
        district=term_of(row.district_zh, row.district_en),
        component_code=row.component_code,
        component_class=row.component_class,
        component_name=term_of(row.component_zh, row.component_en),
        component_distance_m=row.component_distance_m,
    )


def term_of(zh: str | None, en: str | None) -> Term | None:
    """A name that may be missing."""
    return None if zh is None else Term(zh, en or zh)


def known_photos(
    conn: Connection, photos: Sequence[str], *, person_id: int | None, any_kind: bool = False
) -> set[str]:
    """
    Those of the named photos that this person has sent; with `any_kind` other files too.

    Knowing the name of somebody else's photo is not enough: attaching it would show it. A PDF
    is no photo, whatever field names it.
    """
    rows = conn.execute(
        _KNOWN, {"photos": list(photos), "person_id": person_id, "any_kind": any_kind}
    )
    return {row.sha256 for row in rows}


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A supervisor who is on shift now for a cell."""

    person_id: int
    name: str
    open_tasks: int
    """Verifications and checks waiting for this person."""


def supervisors_on_duty(
    conn: Connection, *, grid_code: str, now: datetime, settings: CaseSettings
) -> list[OnDuty]:
    """
    Who may be sent to a cell now: walks it, is on the roster, and the shift runs.

    Fewest open tasks first, then the lowest id, so that the first one is the
    one to send. A shift that ends before or at its start runs past midnight
    and belongs to the day it began on.
    """
    local = now.astimezone(settings.zone)
    rows = conn.execute(
        _ON_DUTY,
        {"grid_code": grid_code, "day": local.date(), "clock": local.time().replace(tzinfo=None)},
    )
    return [OnDuty(row.person_id, row.name, row.open_tasks) for row in rows]
