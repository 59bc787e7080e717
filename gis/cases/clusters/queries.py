"""Reading clusters: likely duplicates, who was merged into a case, what reporters were told."""

from collections import Counter
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from sqlalchemy import Connection, Row

from gis.accounts.model import Actor, Permission, Scope, require
from gis.cases.clusters.likeness import shared_part, signs
from gis.cases.clusters.model import Candidate, Member, Reply, ReplyKind, Standing
from gis.cases.clusters.scoring import (
    NEAREST_MOST,
    RADIUS_M,
    WEIGHTS,
    class_match,
    score,
)
from gis.cases.clusters.screen import reason_words
from gis.cases.model import State
from gis.cases.places import term_of
from gis.cases.settings import read_case_settings
from gis.db.sqlfile import load_sql
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.standards.model import Kind

CANDIDATES_MOST = 20
MEMBERS_MOST = 200
REPLIES_MOST = 200
EXCERPT_MOST = 200
_NEAR = load_sql(__package__, "near_cases")
_SHOWN = load_sql(__package__, "shown_cases")
_MEMBERS = load_sql(__package__, "members")
_STANDING = load_sql(__package__, "standing_for")
_REPLIES = load_sql(__package__, "replies")
_REPORTERS = load_sql(__package__, "reporters")
_DEGREE_M = 111_000.0
"""A degree of latitude, rounded down, so that a box in degrees is never too small."""
_SLACK = 1.1


def likely_duplicates(
    conn: Connection,
    *,
    actor: Actor,
    kind: Kind,
    class_code: str,
    lon: float,
    lat: float,
    text: str,
    now: datetime,
    most: int = 5,
    besides: str | None = None,
) -> list[Candidate]:
    """
    Cases that may tell of the same thing as a report, likeliest first.

    Looked at are the `NEAREST_MOST` nearest cases within `RADIUS_M` that the actor may see: open
    ones of any age, and ended ones reported within `duplicate_ended_days`; merged ones are told
    by the case that stands for them. `besides` leaves a case out: the one that is compared.

    Raises
    ------
    Forbidden
        When the actor may not see cases.
    Invalid
        When the point is none on earth.

    Notes
    -----
    Two statements, three with the settings.
    """
    require(actor, Permission.VIEW_CASES)
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        message = N_("{lon}, {lat} is not a point on the map.")
        raise Invalid(message, lon=lon, lat=lat, faults=[fault("point", message, lon=lon, lat=lat)])
    days = read_case_settings(conn).duplicate_ended_days
    params = {
        **_box(lat),
        "lon": lon,
        "lat": lat,
        "radius_m": RADIUS_M,
        "since": now - timedelta(days=days),
        "besides": besides,
        **actor.scope.params(),
        "most": NEAREST_MOST,
    }
    mine = signs(text)
    scored = [
        found
        for row in conn.execute(_NEAR, params)
        for found in [_scored(row, kind, class_code, mine, now)]
        if found["score"] >= WEIGHTS.least
    ]
    best = sorted(scored, key=lambda one: (-one["score"], one["id"]))
    return _shown(conn, best[: max(0, min(most, CANDIDATES_MOST))], now)


def _box(lat: float) -> dict[str, float]:
    """Half a side of the boxes around the circle, where metres are shortest and longest."""
    shrunk = cos(radians(min(abs(lat) + 0.01, 89.0)))
    return {
        "web_m": RADIUS_M * _SLACK / shrunk,
        "lon_deg": RADIUS_M * _SLACK / (_DEGREE_M * shrunk),
        "lat_deg": RADIUS_M * _SLACK / _DEGREE_M,
    }


def _scored(
    row: Row[Any], kind: Kind, class_code: str, mine: Counter[str], now: datetime
) -> dict[str, Any]:
    match = class_match(kind, class_code, row.kind, row.class_code)
    alike = shared_part(mine, signs(row.description))
    apart = now - row.reported_at
    total = score(distance_m=row.distance_m, match=match, apart=apart, text=alike)
    return {**row._mapping, "match": match, "text": alike, "apart": apart, "score": total}


def _shown(conn: Connection, best: list[dict[str, Any]], now: datetime) -> list[Candidate]:
    if not best:
        return []
    rows = conn.execute(_SHOWN, {"ids": [one["id"] for one in best]})
    more = {row.id: row for row in rows}
    return [
        Candidate(
            number=one["number"],
            state=State(one["state"]),
            open=one["open"],
            kind=Kind(one["kind"]),
            class_code=one["class_code"],
            class_name=term_of(more[one["id"]].class_zh, more[one["id"]].class_en),
            match=one["match"],
            distance_m=one["distance_m"],
            reported_at=one["reported_at"],
            text=one["text"],
            score=one["score"],
            excerpt=one["description"][:EXCERPT_MOST],
            photo=more[one["id"]].photo,
            reporters=more[one["id"]].reporters,
            reason=reason_words(
                distance_m=one["distance_m"],
                match=one["match"],
                apart=now - one["reported_at"],
                text=one["text"],
                still_open=one["open"],
            ),
        )
        for one in best
        if one["id"] in more
    ]


def members_of(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> list[Member]:
    """
    The reports that were merged into a case, oldest first, at most `MEMBERS_MOST`.

    Whoever may read the case reads them with it: words and photos belong to it now. `person_id`
    also for a case that the person reported or is sent to, as in `case_by_number`.
    """
    rows = conn.execute(_MEMBERS, {**_who(case_id, scope, person_id), "most": MEMBERS_MOST})
    return [
        Member(
            number=row.number,
            version=row.version,
            source=row.source,
            description=row.description,
            reported_at=row.reported_at,
            merged_at=row.merged_at,
            class_name=term_of(row.class_zh, row.class_en),
            photos=tuple(row.photos),
            by_way_of=tuple(row.by_way_of),
            in_scope=row.in_scope,
        )
        for row in rows
    ]


def reporters_count(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> int:
    """How many people reported what a case stands for; 0 when it may not be seen."""
    return int(conn.execute(_REPORTERS, _who(case_id, scope, person_id)).scalar_one())


def standing_for(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> Standing | None:
    """
    The case that a merged one went into; None where it was not merged, or may not be seen.

    Asked by the scope of the merged case: its reporter learns how things stand even where the
    other case lies outside the reporter's own area.
    """
    row = conn.execute(_STANDING, _who(case_id, scope, person_id)).one_or_none()
    if row is None:
        return None
    return Standing(
        case_id=row.id,
        number=row.number,
        state=State(row.state),
        open=row.open,
        since=row.since,
        closed_at=row.closed_at,
    )


def replies_to(
    conn: Connection, case_id: int, *, scope: Scope, person_id: int | None = None
) -> list[Reply]:
    """What the reporters of a case and of those merged into it were told, newest first."""
    rows = conn.execute(_REPLIES, {**_who(case_id, scope, person_id), "most": REPLIES_MOST})
    return [
        Reply(
            number=row.number,
            about=row.about,
            kind=ReplyKind(row.kind),
            words=row.words,
            made_at=row.made_at,
            reporter=row.reporter,
            caller_id=row.caller_id,
            own=person_id is not None and row.person_id == person_id,
        )
        for row in rows
    ]


def _who(case_id: int, scope: Scope, person_id: int | None) -> dict[str, Any]:
    return {
        "case_id": case_id,
        **scope.params_of(person_id),
    }
