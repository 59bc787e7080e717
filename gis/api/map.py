"""/map/…: what the map asks beside its tiles. JSON, within the person's permissions and area."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.api.map_answers import Asking, answer, plain, whole
from gis.i18n import N_
from gis.tiles.identify import feature
from gis.tiles.panel import panel, source_title
from gis.tiles.render import layer_named
from gis.tiles.search import Hit, search
from gis.wording import Wording

TEXT_MOST = 60
_NAME_MOST = 60


def _hit(hit: Hit, wording: Wording) -> dict[str, Any]:
    return {
        "kind": wording.name(hit.kind),
        "title": wording.name(hit.title),
        "where": wording.name(hit.where),
        "bounds": hit.bounds,
        "point": hit.centre,
        "layer": hit.layer,
        "source": hit.source,
        "id": hit.id,
    }


async def suggest(request: Request) -> Response:
    """What a text may mean, best first: `?q=…`; fewer than two characters mean nothing."""
    wanted = plain(request, "q", most=TEXT_MOST)

    def found(asking: Asking) -> dict[str, Any]:
        hits = search(asking.conn, wanted, actor=asking.actor)
        return {"hits": [_hit(hit, asking.wording) for hit in hits]}

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
            "link": _link(row.row, wording) if row.source.table == "cases" else None,
        }

    return await answer(request, found)


def case_href(number: str) -> str:
    """The page of a case."""
    return f"/case?number={number}"


def _link(row: dict[str, Any], wording: Wording) -> dict[str, str]:
    return {"href": case_href(row["number"]), "text": wording.say(N_("Open the case"))}


routes = [
    Route("/map/suggest", suggest, methods=["GET"]),
    Route("/map/feature", show_feature, methods=["GET"]),
]
