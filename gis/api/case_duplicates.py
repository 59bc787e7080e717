"""Likely duplicates over HTTP: what may tell of the same thing as a report."""

from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gis.accounts.model import Permission, require
from gis.api.case_bodies import term_body
from gis.api.parameters import degrees, plain
from gis.api.session import actor_of
from gis.cases.clusters.model import Candidate
from gis.cases.clusters.queries import likely_duplicates
from gis.cases.intake_rules import TEXT_MOST
from gis.cases.workflow import STATES
from gis.db.engine import transaction
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.runtime import runtime
from gis.standards.model import Kind

CODE_MOST, NUMBER_MOST = 8, 40
WEB_LATITUDES = 85
"""Web Mercator ends there."""


async def get_duplicates(request: Request) -> Response:
    """
    Cases near a point that may be the same: `?kind=&class_code=&lon=&lat=[&text=][&besides=]`.

    At most five, likeliest first, each with the reason in both languages.
    """
    actor = actor_of(request)
    require(actor, Permission.VIEW_CASES)
    asked: dict[str, Any] = {
        "kind": _kind(request),
        "class_code": plain(request, "class_code", most=CODE_MOST),
        "lon": degrees(request, "lon", 180),
        "lat": degrees(request, "lat", WEB_LATITUDES),
        "text": plain(request, "text", most=TEXT_MOST),
        "besides": plain(request, "besides", most=NUMBER_MOST) or None,
    }

    def read() -> list[dict[str, Any]]:
        with transaction(runtime().engine) as conn:
            found = likely_duplicates(conn, actor=actor, now=datetime.now(UTC), **asked)
        return [duplicate_body(one) for one in found]

    body = {"duplicates": await run_in_threadpool(read)}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _kind(request: Request) -> Kind:
    try:
        return Kind(request.query_params.get("kind", ""))
    except ValueError:
        raise Invalid(
            N_("A class is of kind component or event."),
            faults=[fault("kind", N_("component or event"))],
        ) from None


def duplicate_body(one: Candidate) -> dict[str, Any]:
    """A case that may tell of the same thing."""
    return {
        "number": one.number,
        "state": one.state,
        **term_body("state", STATES[one.state].name),
        "open": one.open,
        "kind": one.kind,
        "class_code": one.class_code,
        **term_body("class", one.class_name),
        "same_class": one.same_class,
        "distance_m": round(one.distance_m, 1),
        "reported_at": one.reported_at.isoformat(),
        "text_score": None if one.text is None else round(one.text, 2),
        "score": round(one.score, 3),
        "excerpt": one.excerpt,
        "photo": one.photo,
        "reporters": one.reporters,
        **term_body("reason", one.reason),
    }


routes = [Route("/api/cases/duplicates", get_duplicates, methods=["GET"])]
