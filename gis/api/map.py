"""/map/…: what the map asks beside its tiles. JSON, within the person's permissions and area."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.api.map_answers import Asking, answer
from gis.api.map_bodies import case_link, hidden_body, hit_body, outside_body, profile_body
from gis.api.parameters import degrees, plain, whole
from gis.grids.queries import cell_at
from gis.tiles.identify import feature
from gis.tiles.panel import panel, source_title
from gis.tiles.profile import grid_profile
from gis.tiles.render import layer_named
from gis.tiles.search import search

TEXT_MOST = 60
_NAME_MOST = 60


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


routes = [
    Route("/map/grid", grid, methods=["GET"]),
    Route("/map/suggest", suggest, methods=["GET"]),
    Route("/map/feature", show_feature, methods=["GET"]),
]
