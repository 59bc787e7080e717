"""Taking in a report: one command, two statements, one commit by the border."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, Role, require
from gis.audit import idempotency
from gis.cases.cell_edge.queries import cells_within
from gis.cases.intake_rules import (
    SOURCE_OF_ROLE,
    acting_role,
    faults_of_report,
    fields_of,
    may_be_self_handled,
    move_of,
    photos_of,
)
from gis.cases.model import MoveRow
from gis.cases.places import known_photos, locate
from gis.cases.records import NewCase, Reported
from gis.cases.settings import CaseSettings, read_case_settings
from gis.cases.tasks.questions import check_answers
from gis.cases.workflow import MOVES, STATES, check_move, refusal
from gis.db.sqlfile import load_sql
from gis.errors import Fault, Forbidden, GisError, Invalid, Unavailable, fault
from gis.i18n import N_
from gis.standards.queries import class_of

_REPORT = load_sql(__package__, "report_case")
_DEFAULTS = CaseSettings()
OUTSIDE = N_(
    "{lon}, {lat} lies outside the district's grids. Move the point on the map, or report it to"
    " the district it lies in."
)
TOO_FAR = N_(
    "Grid {code} is not within the accuracy of your position. Choose one of the grids shown, or"
    " set the point on the map."
)


def report_case(
    conn: Connection, *, actor: Actor, report: NewCase, key: str, now: datetime
) -> Reported:
    """
    Write one report: case, number, first event, audit link, messages, photos, answer.

    The database finds the cell (exactly one; on a shared edge the smallest
    code; else the reporter's choice among those within the accuracy), with it
    community, street and district, and the nearest component
    of the class within `nearest_component_m`. Numbers have no gaps per street
    and day: a report that fails gives its number back. The text is stored as
    it came. Point and class are taken on the day `now` has in the district.

    The same key with the same report answers what the first one answered and
    writes nothing; a twin that runs at the same time waits for the first.

    Raises
    ------
    Invalid
        When point, class, photos or text are wrong (all faults), when a needed
        field is missing, or when the key was used with another report.
    Forbidden
        When no post of the actor may report, or not in this cell.
    Refused
        When the class is not one that is handled on the spot.

    Notes
    -----
    Two statements when all is well, two for a replay; more only to say why not.
    """
    require(actor, Permission.LOG_CASES)
    faults = list(faults_of_report(report))
    if faults:
        raise Invalid(
            N_("The report cannot be taken as it is. Put right what is marked."), faults=faults
        )
    move = move_of(report)
    role = acting_role(actor, MOVES[move].roles)
    row = check_move(move, None, role, fields_of(report))
    known = idempotency.claim(
        conn, person_id=actor.person_id, key=key, request=report.as_request(), now=now
    )
    if known is not None:
        return Reported.from_response(known, replayed=True)
    response = conn.execute(_REPORT, report_params(actor, role, row, report, key, now)).scalar()
    if response is None:
        raise _refused(conn, actor, report, now)
    reported = Reported.from_response(response, replayed=False)
    check_answers(report.answers, report.kind, reported.edition, report.class_code)
    if report.self_handled and not may_be_self_handled(
        report.kind, reported.edition, report.class_code
    ):
        raise refusal("class_allows_self_handling", row)
    return reported


def report_params(
    actor: Actor, role: Role, row: MoveRow, report: NewCase, key: str, now: datetime
) -> dict[str, Any]:
    """The parameters of `sql/report_case.sql`, for the command and for its bench."""
    photos = photos_of(report)
    state = row.target(None)
    stage = next((step.clock for step in row.clock), None)
    return {
        "lon": report.lon,
        "lat": report.lat,
        "kind": str(report.kind),
        "class_code": report.class_code,
        "description": report.text,
        "source": SOURCE_OF_ROLE[role],
        "move": str(row.move),
        "state": str(state),
        "open": not STATES[state].terminal,
        "accuracy_m": report.accuracy_m,
        "actor_id": actor.person_id,
        "role": str(role),
        "scope": actor.scope.as_list(),
        "now": now,
        "data": _event_data(report),
        "photos": [sha for _, sha in photos],
        "purposes": [purpose for purpose, _ in photos],
        "key_person": actor.person_id or idempotency.NOBODY,
        "key": key,
        "edition": _DEFAULTS.edition,
        "time_zone": _DEFAULTS.time_zone,
        "nearest_m": _DEFAULTS.nearest_component_m,
        "edge_most_m": _DEFAULTS.near_edge_most_m,
        "cell_choice": report.cell_choice,
        "stage": stage,
        "stage_limit": getattr(_DEFAULTS, f"stage_limit_{stage}") if stage else None,
    }


def _event_data(report: NewCase) -> str:
    """What the history keeps of how the report was written."""
    written = report.written_at.isoformat() if report.written_at else None
    said = {
        "located_by": report.located_by or None,
        "cell_choice": report.cell_choice,
        "written_at": written,
        "answers": dict(report.answers) or None,
    }
    return json.dumps({"version": 1, **{k: v for k, v in said.items() if v is not None}})


def _refused(conn: Connection, actor: Actor, report: NewCase, now: datetime) -> GisError:
    """Why nothing was written; asked only after a refusal, so that the good way stays short."""
    settings = read_case_settings(conn)
    faults: list[Fault] = []
    code = _cell_meant(conn, report, now, settings)
    if code is None and report.cell_choice is not None:
        faults.append(fault("cell_choice", TOO_FAR, code=report.cell_choice[:20]))
    elif code is None:
        faults.append(fault("point", OUTSIDE, lon=report.lon, lat=report.lat))
    try:
        class_of(conn, kind=report.kind, edition=settings.edition, code=report.class_code)
    except GisError as error:
        faults.append(fault("class_code", error.message, **error.params))
    faults += _missing_photos(conn, actor, report)
    if faults:
        words: dict[str, Any] = dict(faults[0].params)
        return Invalid(faults[0].message, faults=faults, **words)
    if code is not None and not actor.scope.covers(code):
        return Forbidden(
            N_(
                "Grid {code} lies outside the area of your posts. Move the point into your area,"
                " or tell the supervisor of that grid."
            ),
            code=code,
        )
    return Unavailable(N_("The map of grids was being changed. Send the report again."))


def _cell_meant(
    conn: Connection, report: NewCase, now: datetime, settings: CaseSettings
) -> str | None:
    """The code of the cell that a report would count in; None: there is none."""
    if report.cell_choice is None:
        spot = locate(conn, lon=report.lon, lat=report.lat, now=now, settings=settings)
        return None if spot is None else spot.grid_code
    near = cells_within(
        conn, lon=report.lon, lat=report.lat, accuracy_m=report.accuracy_m, now=now,
        settings=settings,
    )  # fmt: skip
    return report.cell_choice if report.cell_choice in {cell.grid_code for cell in near} else None


def _missing_photos(conn: Connection, actor: Actor, report: NewCase) -> list[Fault]:
    sent = [sha for _, sha in photos_of(report)]
    photos = [sha for sha in sent if sha not in report.files]
    known = known_photos(conn, photos, person_id=actor.person_id)
    known |= known_photos(conn, report.files, person_id=actor.person_id, any_kind=True)
    return [
        fault("photo", N_("Photo {sha} has not arrived. Send the file first."), sha=sha[:12])
        for sha in sent
        if sha not in known
    ]
