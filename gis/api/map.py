"""/map/…: what the map asks beside its tiles. JSON, within the person's permissions and area."""

import math
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gis.api.map_answers import HEADERS, Asking, answer, reader_of
from gis.api.map_bodies import case_link, hidden_body, hit_body, outside_body, profile_body
from gis.api.parameters import degrees, plain, whole
from gis.api.tiles import tile_server
from gis.errors import Invalid, fault
from gis.grids.queries import cell_at
from gis.i18n import N_
from gis.tiles.case_days import COMMUNITIES, DAYS_MOST, STREETS, case_days
from gis.tiles.changes import changes
from gis.tiles.counts import counts_in
from gis.tiles.identify import feature
from gis.tiles.panel import panel, source_title
from gis.tiles.profile import cell_outline, grid_profile
from gis.tiles.render import layer_named
from gis.tiles.search import search

TEXT_MOST = 60
MERCATOR_END = 85.05
"""Degrees of latitude at which the map ends."""
_NAME_MOST = 60
_LIST_MOST = 1_000


async def suggest(request: Request) -> Response:
    """What a text may mean, best first: `?q=…`; fewer than two characters mean nothing."""
    wanted = plain(request, "q", most=TEXT_MOST)

    def found(asking: Asking) -> dict[str, Any]:
        hits = search(asking.conn, wanted, actor=asking.actor)
        return {"hits": [hit_body(hit, asking.wording) for hit in hits]}

    return await answer(request, found)


async def show_feature(request: Request) -> Response:
    """The attributes of one feature: `?layer=…&source=…&id=…`."""
    layer = layer_named(plain(request, "layer", most=_NAME_MOST))
    source, key = plain(request, "source", most=_NAME_MOST), whole(request, "id")

    def found(asking: Asking) -> dict[str, Any]:
        wording = asking.wording
        row = feature(asking.conn, layer, source, key, actor=asking.actor)
        lines = [
            {"title": wording.name(line.title), "value": line.text(wording)}
            for line in panel(asking.conn, row)
        ]
        return {
            "title": wording.name(source_title(row.source.name)),
            "lines": lines,
            "bounds": row.bounds,
            "grid_code": row.grid_code,
            "link": case_link(row.row["number"], wording) if "number" in row.row else None,
        }

    return await answer(request, found)


async def grid(request: Request) -> Response:
    """What lies in one unit grid: `?lon=…&lat=…` or `?code=…`."""
    if "code" in request.query_params:
        code = plain(request, "code", most=_NAME_MOST)
        return await answer(request, lambda asking: _profile(asking, code))
    lon, lat = degrees(request, "lon", 180), degrees(request, "lat", 90)

    def found(asking: Asking) -> dict[str, Any]:
        place = cell_at(asking.conn, lon=lon, lat=lat)
        if place is None:
            return outside_body()
        if not asking.actor.scope.covers(place.code):
            return hidden_body(place)
        return _profile(asking, place.code)

    return await answer(request, found)


def _profile(asking: Asking, code: str) -> dict[str, Any]:
    wording, actor = asking.wording, asking.actor
    found = grid_profile(
        asking.conn, code, actor=actor, now=datetime.now(UTC), zone=wording.zone
    )  # fmt: skip
    return profile_body(found, actor, wording)


async def outline(request: Request) -> Response:
    """The outline of the unit grid at a point, for a selection: `?lon=…&lat=…`."""
    lon, lat = degrees(request, "lon", 180), degrees(request, "lat", 90)

    def found(asking: Asking) -> dict[str, Any]:
        place = cell_at(asking.conn, lon=lon, lat=lat)
        shape = cell_outline(asking.conn, place.code, actor=asking.actor) if place else None
        return {"code": place.code if place else None, "outline": shape}

    return await answer(request, found)


async def changed(request: Request) -> Response:
    """
    What is new since the answer with the tag `since`: asked every two seconds by an open page.

    Goes to the tile server's own connections, so that it never waits for a worker thread.
    """
    actor = reader_of(request)
    server = tile_server(request)
    since = request.query_params.get("since")
    found = await changes(server.pool, server.versions, actor=actor, since=since)
    cases = {"all": found.everywhere, "points": found.places}
    body = {"tag": found.tag, "layers": found.layers, "cases": cases}
    return JSONResponse(body, headers=HEADERS)


def _box(request: Request) -> tuple[float, float, float, float]:
    """`bbox=west,south,east,north` in degrees; what lies outside the globe is cut off."""
    try:
        sides = [float(side) for side in request.query_params.get("bbox", "").split(",")]
        west, south, east, north = sides
    except ValueError:
        west = south = east = north = math.nan
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -MERCATOR_END), min(north, MERCATOR_END)
    if not (west < east and south < north):
        raise Invalid(
            N_("“bbox” is west,south,east,north in degrees."),
            faults=[fault("bbox", N_("This is not a box."))],
        )
    return west, south, east, north


async def counts(request: Request) -> Response:
    """How many features lie in a box, by code of the legend: `?bbox=w,s,e,n&layers=a,b`."""
    bounds = _box(request)
    names = plain(request, "layers", most=_LIST_MOST).split(",")
    wanted = [layer_named(name) for name in dict.fromkeys(names)]

    def found(asking: Asking) -> dict[str, Any]:
        held = counts_in(asking.conn, wanted, bounds, actor=asking.actor)
        return {"layers": {name: asdict(count) for name, count in held.items()}}

    return await answer(request, found)


async def days_of_cases(request: Request) -> Response:
    """Reports per day and area: `?days=90&level=3|4`."""
    days = whole(request, "days", least=1, most=DAYS_MOST)
    level = whole(request, "level", least=STREETS, most=COMMUNITIES)

    def found(asking: Asking) -> dict[str, Any]:
        zone = asking.wording.zone
        held = case_days(
            asking.conn, actor=asking.actor, level=level, days=days, now=datetime.now(UTC),
            zone=zone,
        )  # fmt: skip
        return {"first": held.first.isoformat(), "days": held.days, "areas": held.areas}

    return await answer(request, found)


routes = [
    Route("/map/changes", changed, methods=["GET"]),
    Route("/map/counts", counts, methods=["GET"]),
    Route("/map/case-days", days_of_cases, methods=["GET"]),
    Route("/map/grid", grid, methods=["GET"]),
    Route("/map/outline", outline, methods=["GET"]),
    Route("/map/suggest", suggest, methods=["GET"]),
    Route("/map/feature", show_feature, methods=["GET"]),
]
