"""
Cases over HTTP: report one, list a queue, read one, move one; classes; where a point is.

Every answer is JSON. A report carries its idempotency key in the header
`Idempotency-Key`; a move may carry one and has to name the version it was
decided on.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gis.accounts.model import Actor, Permission, require
from gis.api.case_bodies import (
    case_body,
    detail_body,
    move_request,
    possible_cell_body,
    report_from,
    reported_body,
    row_body,
    term_body,
)
from gis.api.parameters import degrees, json_body, metres
from gis.api.session import actor_of
from gis.cases.cell_edge.queries import cells_within, edge_body, edge_of_case
from gis.cases.clocks.explained import clocks_body, clocks_of_case
from gis.cases.intake import OUTSIDE, report_case
from gis.cases.intake_rules import ACCURACY_MOST_M
from gis.cases.options import available_moves
from gis.cases.places import locate
from gis.cases.queries import case_by_number, history, queue, queue_counts
from gis.cases.queues import queues_of
from gis.cases.settings import read_case_settings
from gis.db.engine import transaction
from gis.dispatch.commands import move_case, proposal_for, proposed
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.runtime import runtime
from gis.standards.model import Kind
from gis.standards.queries import MAX_CLASSES, search_classes

KEY_HEADER = "Idempotency-Key"
SEARCH_MOST = 100
_NO_STORE = {"Cache-Control": "no-store"}
Work = Callable[[Connection], Any]


async def _answer(work: Work, *, status: int = 200) -> Response:
    """Do the work in a transaction on a worker thread; answer after the commit."""

    def done() -> Any:
        with transaction(runtime().engine) as conn:
            return work(conn)

    return JSONResponse(await run_in_threadpool(done), status_code=status, headers=_NO_STORE)


async def post_case(request: Request) -> Response:
    """
    Report a case; 201 with its number, 200 when the same key was answered before.

    The answer is sent after the commit: who reads a number can rely on it.
    """
    actor = actor_of(request)
    report = report_from(await json_body(request))
    key = request.headers.get(KEY_HEADER, "")

    def done() -> tuple[dict[str, Any], bool]:
        with transaction(runtime().engine) as conn:
            made = report_case(conn, actor=actor, report=report, key=key, now=datetime.now(UTC))
            return reported_body(made), made.replayed

    body, replayed = await run_in_threadpool(done)
    return JSONResponse(body, status_code=200 if replayed else 201, headers=_NO_STORE)


async def get_cases(request: Request) -> Response:
    """
    One page of a queue: `?queue=…&limit=…&after=…`.

    Without `queue` the person's queues with their counts.
    """
    actor = actor_of(request)
    require(actor, Permission.VIEW_CASES)
    asked = request.query_params
    now = datetime.now(UTC)
    if "queue" not in asked:
        return await _answer(lambda conn: _queues(conn, actor, now))
    limit = _whole(asked.get("limit", "50"), "limit")

    def page(conn: Connection) -> dict[str, Any]:
        found = queue(
            conn,
            queue_id=asked["queue"],
            actor=actor,
            scope=actor.scope,
            now=now,
            limit=limit,
            after=asked.get("after"),
        )
        return {"cases": [row_body(r, now) for r in found.rows], "next_after": found.next_after}

    return await _answer(page)


def _queues(conn: Connection, actor: Actor, now: datetime) -> dict[str, Any]:
    counts = queue_counts(conn, actor=actor, scope=actor.scope, now=now)
    return {
        "queues": [
            {"id": q.id, **term_body("name", q.name), "count": counts[q.id]}
            for q in queues_of(actor)
        ]
    }


async def get_case(request: Request) -> Response:
    """One case with its history, the moves of this person and what they need."""
    actor = actor_of(request)
    require(actor, Permission.VIEW_CASES)
    number, now = request.path_params["number"], datetime.now(UTC)

    def read(conn: Connection) -> dict[str, Any]:
        detail = case_by_number(conn, number, scope=actor.scope, person_id=actor.person_id)
        steps = history(conn, detail.case.id, scope=actor.scope, person_id=actor.person_id)
        clocks = clocks_of_case(conn, detail.case.id, scope=actor.scope, person_id=actor.person_id)
        edge = edge_of_case(conn, detail.case.id, scope=actor.scope, person_id=actor.person_id)
        more = {"clocks": clocks_body(clocks, now), "near_edge": edge_body(edge)}
        return more | detail_body(
            detail,
            steps=steps,
            options=available_moves(conn, detail.case, actor=actor, now=now, propose=proposed),
            proposal=proposal_for(conn, detail.case, now),
            now=now,
        )

    return await _answer(read)


async def post_move(request: Request) -> Response:
    """Move a case: `{"move", "version", "fields": {…}}`; answers the case as it now is."""
    actor = actor_of(request)
    wanted = move_request(await json_body(request))
    key = request.headers.get(KEY_HEADER)

    def move(conn: Connection) -> dict[str, Any]:
        now = datetime.now(UTC)
        case = move_case(
            conn,
            actor=actor,
            number=request.path_params["number"],
            move=wanted.move,
            fields=wanted.fields,
            expected_version=wanted.version,
            key=key,
            now=now,
        )
        return case_body(case, now)

    return await _answer(move)


async def get_classes(request: Request) -> Response:
    """Classes of the district's edition: `?kind=component|event&q=words`."""
    actor_of(request)
    asked = request.query_params
    if asked.get("kind") not in (None, *Kind):
        raise Invalid(
            N_("A class is of kind component or event."),
            faults=[fault("kind", N_("component or event"))],
        )
    kind = Kind(asked["kind"]) if "kind" in asked else None

    def read(conn: Connection) -> dict[str, Any]:
        edition = read_case_settings(conn).edition
        found = search_classes(
            conn, _plain(asked.get("q", "")), edition=edition, kind=kind, limit=MAX_CLASSES
        )
        return {
            "edition": edition,
            "classes": [
                {
                    "kind": c.kind,
                    "code": c.code,
                    **term_body("name", c.name),
                    "class_code": c.class_code,
                    **term_body("class", c.class_name),
                    "code_2026": c.code_2026,
                    "confidence": c.confidence,
                }
                for c in found
            ],
        }

    return await _answer(read)


async def get_location(request: Request) -> Response:
    """
    Grid, names and the nearest component of a point: `?lon=…&lat=…[&class_code=…]`.

    With `accuracy_m` also the candidates: every grid the position may lie in, when there are
    several. Where a point lies is public; what stands there is shown inside one's own area only.
    """
    actor = actor_of(request)
    asked = request.query_params
    lon, lat = degrees(request, "lon", 180), degrees(request, "lat", 90)
    accuracy = metres(request, "accuracy_m", ACCURACY_MOST_M) if "accuracy_m" in asked else None
    now = datetime.now(UTC)

    def read(conn: Connection) -> dict[str, Any]:
        settings = read_case_settings(conn)
        spot = locate(
            conn,
            lon=lon,
            lat=lat,
            now=now,
            settings=settings,
            class_code=_plain(asked["class_code"]) if "class_code" in asked else None,
        )
        if spot is None:
            raise Invalid(
                OUTSIDE, lon=lon, lat=lat, faults=[fault("point", OUTSIDE, lon=lon, lat=lat)]
            )
        if not actor.scope.covers(spot.grid_code):
            spot = spot.without_component()
        near = cells_within(conn, lon=lon, lat=lat, accuracy_m=accuracy, now=now, settings=settings)
        return {
            "grid_code": spot.grid_code,
            "community_code": spot.community_code,
            "street_code": spot.street_code,
            "district_code": spot.district_code,
            **term_body("community", spot.community),
            **term_body("street", spot.street),
            **term_body("district", spot.district),
            **term_body("component", spot.component_name),
            "component_code": spot.component_code,
            "component_class": spot.component_class,
            "component_distance_m": spot.component_distance_m,
            "candidates": [possible_cell_body(cell, actor) for cell in near] if near[1:] else [],
        }

    return await _answer(read)


def _plain(words: str) -> str:
    """Words to search for, without what PostgreSQL's text cannot hold."""
    return words.replace("\x00", "")[:SEARCH_MOST]


def _whole(text: str, name: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) < 6):
        raise Invalid(
            N_("“{value}” is not a whole number."),
            value=text[:20],
            faults=[fault(name, N_("This is a whole number."))],
        )
    return int(text)


routes = [
    Route("/api/cases", post_case, methods=["POST"]),
    Route("/api/cases", get_cases, methods=["GET"]),
    Route("/api/cases/{number}", get_case, methods=["GET"]),
    Route("/api/cases/{number}/moves", post_move, methods=["POST"]),
    Route("/api/classes", get_classes, methods=["GET"]),
    Route("/api/locate", get_location, methods=["GET"]),
]
