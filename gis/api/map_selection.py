"""POST /map/selection: what lies in a drawn area, layer by layer."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.api.map_answers import Asking, answer, reader_of
from gis.api.parameters import json_body
from gis.catalog.layers import Layer
from gis.errors import Invalid, fault
from gis.i18n import N_
from gis.tiles.render import layer_named
from gis.tiles.selection import Selection, select_in

ROWS_MOST = 1_000
LAYERS_MOST = 12


def _layers(body: Mapping[str, Any]) -> list[Layer]:
    names = body.get("layers")
    if not isinstance(names, list) or not 1 <= len(names) <= LAYERS_MOST:
        raise Invalid(
            N_("“layers” is a list of 1 to {most} names of layers."),
            most=LAYERS_MOST,
            faults=[fault("layers", N_("This is no list of layers."))],
        )
    return [layer_named(str(name)) for name in dict.fromkeys(map(str, names))]


def _body(found: Selection) -> dict[str, Any]:
    return {
        "layer": found.layer.id,
        "title": found.title,
        "columns": [{"key": c.key, "title": c.title} for c in found.columns],
        "rows": found.texts(),
        "total": found.total,
        "capped": found.capped,
    }


async def select(request: Request) -> Response:
    """`{"geometry": <Polygon>, "layers": [names]}` → a table of at most 1,000 rows per layer."""
    reader_of(request)
    body = await json_body(request)
    wanted, geometry = _layers(body), body.get("geometry")
    polygon = geometry if isinstance(geometry, dict) else {}

    def found(asking: Asking) -> dict[str, Any]:
        tables = [
            select_in(
                asking.conn, layer, polygon, actor=asking.actor, locale=asking.wording.locale,
                most=ROWS_MOST,
            )
            for layer in wanted
        ]  # fmt: skip
        return {"layers": [_body(table) for table in tables]}

    return await answer(request, found)


routes = [Route("/map/selection", select, methods=["POST"])]
