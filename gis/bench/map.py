"""
The map page in a real browser: until it is usable, restyled, moved, clicked; and its memory.

Every visit has an empty browser cache; the tile cache of the server is warm, as it is for
everybody but the first. `city` is what the product shows of a city at zoom 12: communities and
merged or thinned features, by design. `city.full` is the same page with two more layers in the
catalogue that draw every grid and 190,000 components there, without any thinning.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import text

from gis.accounts.model import Role
from gis.bench.browser import Opened, chromium, cold_context, open_page, renderer_mb
from gis.bench.line import Line, median, p95
from gis.bench.map_moves import FEATURES, USABLE, click, pan, restyle
from gis.bench.options import Options
from gis.bench.places import Bounds, city_bounds
from gis.bench.served import (
    BENCH_LAUNCHER,
    PEER_LAUNCHER,
    bench_database,
    say,
    signed_in,
    web_process,
)
from gis.catalog import layers as catalogue
from gis.db import cluster
from gis.db.engine import make_engine, transaction

ROUNDS, PEER_ROUNDS = 5, 3
EMPTY, PEER = "empty Streamlit page", "folium.GeoJson, 20,000 features"
USABLE_MOST, MEMORY_MOST_MB = 3.0, 330
RESTYLE_MOST_MS, PAN_MOST_MS, CLICK_MOST_MS = 500, 300, 600
STREET_FEATURES_LEAST, PEER_FEATURES = 20_000, 20_000
MOVES = 7
_SHAPES = text(
    "SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg("
    " json_build_object('type', 'Feature', 'properties', json_build_object(),"
    " 'geometry', CAST(ST_AsGeoJSON(geom, 7) AS json))))"
    " FROM (SELECT geom FROM grid_cell ORDER BY"
    " geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) LIMIT :most) AS near"
)


@dataclass(frozen=True)
class View:
    """A way to look at the city."""

    case: str
    zoom: int
    layers: str
    width: int
    height: int

    def address(self, url: str, bounds: Bounds) -> str:
        """The link that opens it."""
        lon, lat = bounds.middle
        return f"{url}/map#map={self.zoom}/{lat:.5f}/{lon:.5f}&layers={self.layers}"


CITY = View("city", 12, "water_green,roads,grids,pipelines,components,cases", 1600, 1240)
FULL = View("city.full", 12, "bench_grids,bench_components", 1600, 1240)
STREET = View("street", 14, "roads,grids,pipelines,components,cases", 1440, 900)
VIEWS = (CITY, FULL, STREET)
CLICKED = View("click", 14, "roads,grids,pipelines,components", 1440, 900)
"""Without the circles that count cases: a click on one zooms in instead."""


def run(options: Options) -> Iterator[Line]:
    """All cases, one line each; about six minutes on a built city."""
    with ExitStack() as stack:
        urls = stack.enter_context(bench_database(options))
        token = stack.enter_context(signed_in(urls, Role.DISPATCHER))
        bounds, shapes = _prepare(options, urls)
        home, told = options.home, {"BENCH_CATALOG": str(options.home / "catalog")}
        served = web_process(home, urls, launcher=BENCH_LAUNCHER, **told)
        url, _ = stack.enter_context(served)
        peer_process = web_process(home, urls, launcher=PEER_LAUNCHER, PEER_FEATURES=str(shapes))
        peer, _ = stack.enter_context(peer_process)
        browser = stack.enter_context(chromium(options.chrome))
        visits = _Visits(browser, url, peer, token, bounds)
        yield from visits.usable()
        yield from visits.moves()


def _prepare(options: Options, urls: cluster.ClusterUrls) -> tuple[Bounds, Path]:
    """The catalogue with two more layers, and the features of the peer, as files."""
    folder = options.home / "catalog"
    folder.mkdir(exist_ok=True)
    raw = json.loads(catalogue.LAYERS_FILE.read_text(encoding="utf-8"))
    looks = json.loads(catalogue.STYLES_FILE.read_text(encoding="utf-8"))
    for layer, look in _EXTRA:
        raw.append(layer)
        looks[layer["id"]] = look
    (folder / "layers.json").write_text(json.dumps(raw), encoding="utf-8")
    (folder / "styles.json").write_text(json.dumps(looks), encoding="utf-8")
    engine = make_engine(urls.app_url, pool_size=1, statement_timeout_ms=0)
    with transaction(engine) as conn:
        bounds = city_bounds(conn)
        lon, lat = bounds.middle
        given = {"lon": lon, "lat": lat, "most": PEER_FEATURES}
        shapes = conn.execute(_SHAPES, given).scalar_one()
    engine.dispose()
    file = options.home / "peer-features.json"
    file.write_text(json.dumps({**shapes, "middle": [lat, lon]}), encoding="utf-8")
    return bounds, file


def _extra(name: str, source: dict[str, Any], rule: dict[str, Any]) -> tuple[Any, Any]:
    """A layer of the bench: every row from zoom 8 on."""
    layer = {
        "id": f"bench_{name}",
        "group": "grids",
        "title": {"zh": f"测试 {name}", "en": f"Bench {name}"},
        "permission": "view_map",
        "order": 90,
        "visible": False,
        "sources": [{"minzoom": 8, **source}],
    }
    return layer, {"rules": [{"source": source["name"], **rule}], "legend": []}


_EXTRA = (
    _extra(
        "grids",
        {
            "name": "bench_grid",
            "table": "grid_cell",
            "geometry": "area",
            "shape": "geom_far_3857",
            "id": "code",
            "scope": "code",
            "columns": {},
            "where": [["valid_to", "is null"]],
        },
        {
            "kind": "fill",
            "color": "#2f7d7b",
            "opacity": 0.2,
            "outline": {"color": "#4f8f8c", "width": 0.5},
        },
    ),
    _extra(
        "components",
        {
            "name": "bench_component",
            "table": "component",
            "geometry": "point",
            "id": "id",
            "scope": "grid_code",
            "columns": {"cls": {"column": "class_code", "as": "first2"}},
            "where": [
                ["minzoom", "<=", 11],
                ["state", "<>", "removed"],
                ["class_code", "<=", "0299"],
            ],
        },
        {
            "kind": "circle",
            "radius": 1.5,
            "color": {"by": "cls", "cats": {"1": "#2b6cb0", "2": "#b7791f"}, "other": "#64748b"},
        },
    ),
)


class _Visits:
    """One browser, and the pages it opens again and again."""

    def __init__(self, browser: Browser, url: str, peer: str, token: str, bounds: Bounds) -> None:
        self.browser, self.url, self.peer = browser, url, peer
        self.token, self.bounds = token, bounds

    def _visit(self, view: View | None, what: Any) -> Any:
        """Open a view (None: the empty page) in a cold context and answer what `what` finds."""
        size = {"width": view.width if view else 1440, "height": view.height if view else 900}
        token, url = (self.token, self.url) if view else (None, self.peer)
        with cold_context(self.browser, url, token, **size) as context:
            if view is None:
                ready = "document.body.innerText.includes('ready')"
                return what(open_page(context, self.peer, ready, framed=False))
            address = view.address(self.url, self.bounds)
            return what(open_page(context, address, USABLE, framed=True))

    def _peer(self) -> tuple[float, float]:
        ready = f"window.map && Object.keys(map._layers).length > {PEER_FEATURES}"
        with cold_context(self.browser, self.peer, None, width=1440, height=900) as context:
            opened = open_page(context, f"{self.peer}/?page=geojson", ready, framed=True)
            return opened.ms, renderer_mb(self.browser)

    def _look(self, opened: Opened) -> tuple[float, float, int]:
        features = int(opened.frame.evaluate(FEATURES)) if opened.frame.parent_frame else 0
        return opened.ms, renderer_mb(self.browser), features

    def usable(self) -> Iterator[Line]:
        """Rounds of all views and the empty page; the first round of each is not counted."""
        ways = (None, *VIEWS)
        seen: dict[View | None, list[tuple[float, float, int]]] = {way: [] for way in ways}
        for number in range(ROUNDS + 1):
            say(f"map: round {number} of {ROUNDS}")
            for way in ways:
                seen[way].append(self._visit(way, self._look))
        peers = [self._peer() for _ in range(PEER_ROUNDS)]
        empty = [ms for ms, _, _ in seen[None][1:]]
        for view in VIEWS:
            times = [ms for ms, _, _ in seen[view][1:]]
            ratio = median(a / b for a, b in zip(times, empty, strict=True))
            yield Line(
                bench="map",
                case=view.case,
                ours=median(times),
                p95=p95(times),
                reference=median(times) / ratio,
                reference_name=EMPTY,
                peer=PEER,
                peer_value=median(ms for ms, _ in peers),
                judged="ratio_reference",
                target=USABLE_MOST,
            )
            memory = median(mb for _, mb, _ in seen[view])
            yield Line(
                bench="map",
                case=f"{view.case}.memory",
                unit="MiB",
                ours=memory,
                reference=median(mb for _, mb, _ in seen[None]),
                reference_name=EMPTY,
                peer=PEER,
                peer_value=median(mb for _, mb in peers),
                target=MEMORY_MOST_MB,
            )
            yield Line(
                bench="map",
                case=f"{view.case}.features",
                unit="features",
                better="higher",
                ours=seen[view][-1][2],
                target=STREET_FEATURES_LEAST if view is STREET else None,
            )

    def moves(self) -> Iterator[Line]:
        """Restyling in both large views; panning and clicking in the street view."""
        for view, name in ((STREET, "restyle"), (FULL, "restyle.full")):
            times, tiles = self._visit(view, lambda opened: restyle(opened.frame, rounds=MOVES))
            yield _moved(name, times, RESTYLE_MOST_MS)
            yield Line(bench="map", case=f"{name}.tiles", unit="tiles", ours=tiles, target=0)
        yield _moved("pan", self._visit(STREET, lambda o: pan(o.frame, rounds=MOVES)), PAN_MOST_MS)
        clicks = self._visit(CLICKED, lambda o: click(o.page, o.frame, rounds=MOVES))
        yield _moved("click", clicks, CLICK_MOST_MS)


def _moved(case: str, times: list[float], most: float) -> Line:
    return Line(bench="map", case=case, ours=median(times), p95=p95(times), target=most)
