"""
Tiles of the served product: cold, at low zooms, from the cache, after an edit.

The web process as script/server starts it, asked with a session, area scope and gzip from a
process of its own. Beside it asyncpg runs the same statements without any HTTP, and tipg serves
the same tables without session, scope or versions.
"""

import json
import random
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Engine, text

from gis.accounts.model import Actor, Role
from gis.accounts.sessions import COOKIE, actor_of_session
from gis.bench.line import Line, median, p95
from gis.bench.load import Load, load_process
from gis.bench.options import Options
from gis.bench.places import Bounds, TileAddress, city_bounds, every_tile, random_tiles
from gis.bench.served import BENCH_LAUNCHER, bench_database, say, signed_in, web_process
from gis.bench.tile_peer import NAME as PEER
from gis.bench.tile_peer import peer_path, peer_server
from gis.catalog.commands import bump_layers
from gis.catalog.layers import Layer, layers, layers_for
from gis.db import cluster
from gis.db.engine import make_engine, transaction
from gis.tiles.sql import tile_statement
from gis.tiles.versions import VERSIONS_FRESH_S

ROLE = Role.DISPATCHER
"""Sees every layer, in the area of the whole city: the area condition is in every statement."""
CONNECTIONS = 4
BLOCKS = 7
TILES_A_BLOCK = 240
ZOOMS, LOW_ZOOMS = range(15, 18), range(9, 14)
SAME_SQL = "asyncpg, same SQL"
CONSTANT = "constant route"
ASYNCPG_LEAST, PEER_LEAST, CACHED_LEAST = 0.5, 3.5, 0.8
LOW_MOST_MS, LOW_MOST_KB, AFTER_EDIT_MOST_MS = 250, 250, 1000
WORST, WORST_ROUNDS = 12, 5
EDITS = 12
SETTLE_S = 2.5
"""Longer than any tile of a live layer is kept."""
KEPT_TILES, KEPT_ROUNDS = 40, 25
COLD = (
    ("grid", "grids", "grid_cell", "code"),
    ("component", "components", "component", "class_code"),
    ("pipe", "pipelines", "pipe_segment", "kind"),
)
"""Case, layer, and the table and attribute that the peer serves."""


@dataclass(frozen=True)
class Ground:
    """What the cases share: who asks whom with what."""

    url: str
    urls: cluster.ClusterUrls
    engine: Engine
    load: Load
    token: str
    actor: Actor
    bounds: Bounds

    @property
    def headers(self) -> dict[str, str]:
        """What a browser sends that matters here."""
        return {"Cookie": f"{COOKIE}={self.token}", "Accept-Encoding": "gzip"}

    def tags(self) -> dict[str, str]:
        """The tag of each layer's tiles, as the page asks for it."""
        cookie = {"Cookie": self.headers["Cookie"]}
        request = urllib.request.Request(f"{self.url}/map/changes", headers=cookie)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310  our own
            found: dict[str, str] = json.load(answer)["layers"]
        return found


def run(options: Options) -> Iterator[Line]:
    """All cases, one line each; about four minutes on a built city."""
    with bench_database(options) as urls, load_process() as load:
        with _ground(options, urls, load) as ground:
            with peer_server(options, urls) as peer:
                for case in COLD:
                    yield from _cold(ground, peer, *case)
            yield from _low(ground)
            yield from _after_edit(ground)
        with _ground(options, urls, load, launcher=BENCH_LAUNCHER) as ground:
            yield from _cached(ground)


@contextmanager
def _ground(
    options: Options, urls: cluster.ClusterUrls, load: Load, **told: Any
) -> Iterator[Ground]:
    engine = make_engine(urls.app_url, pool_size=2)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        token = stack.enter_context(signed_in(urls, ROLE))
        url, _process = stack.enter_context(web_process(options.home, urls, **told))
        with transaction(engine) as conn:
            actor = actor_of_session(conn, token, now=datetime.now(UTC))
            bounds = city_bounds(conn)
        if actor is None:
            msg = "the session has ended before it began"
            raise RuntimeError(msg)
        yield Ground(url, urls, engine, load, token, actor, bounds)


def _paths(layer_id: str, tiles: Sequence[TileAddress], tag: str) -> list[str]:
    return [f"/tiles/{layer_id}/{z}/{x}/{y}?v={tag}" for z, x, y in tiles]


def _calls(ground: Ground, layer_id: str, tiles: Sequence[TileAddress]) -> list[tuple[str, Any]]:
    """The statements that the route runs for these tiles, with their arguments."""
    scope, calls = ground.actor.scope, []
    given = {"scope": scope.as_list(), "department": scope.department_id}
    for tile in tiles:
        statement = tile_statement(
            layer_id,
            tile[0],
            scoped="" not in scope.prefixes,
            by_department=scope.department_id is not None,
        )
        if statement is None:
            msg = f"{layer_id} draws nothing at zoom {tile[0]}"
            raise RuntimeError(msg)
        calls.append((statement.sql, (*tile, *(given[name] for name in statement.takes))))
    return calls


def _cold(
    ground: Ground, peer: str, case: str, layer_id: str, table: str, column: str
) -> Iterator[Line]:
    """
    Tiles that nobody asked before, in blocks of new ones; each block by all three in any order.

    PostgreSQL has read each block's rows once before, for everybody: this is no bench of a disk.
    """
    tiles = random_tiles(ground.bounds, ZOOMS, seed=7)
    tag, draw = ground.tags()[layer_id], random.Random(11)  # noqa: S311  an order, not a secret
    rates: dict[str, list[float]] = {"ours": [], SAME_SQL: [], PEER: []}
    times: list[float] = []
    cpu_ms: list[float] = []
    for _ in range(BLOCKS + 1):
        block = list(islice(tiles, TILES_A_BLOCK))
        calls, db = _calls(ground, layer_id, block), ground.urls.app_url
        ground.load.sql(db, calls, connections=CONNECTIONS)
        for name in draw.sample(list(rates), len(rates)):
            if name == SAME_SQL:
                pulled = ground.load.sql(db, calls, connections=CONNECTIONS)
            elif name == PEER:
                paths = [peer_path(table, column, tile) for tile in block]
                gzip = {"Accept-Encoding": "gzip"}
                pulled = ground.load.http(peer, paths, headers=gzip, connections=CONNECTIONS)
                pulled.check(200, 204)
            else:
                paths = _paths(layer_id, block, tag)
                pulled = ground.load.http(
                    ground.url, paths, headers=ground.headers, connections=CONNECTIONS
                )
                pulled.check(200, 204)
                times, cpu_ms = [*times, *pulled.ms], [*cpu_ms, pulled.cpu_ms / len(block)]
            rates[name].append(pulled.per_second)
    yield from _cold_lines(case, {name: found[1:] for name, found in rates.items()}, times, cpu_ms)


def _cold_lines(
    case: str, rates: dict[str, list[float]], times: list[float], cpu_ms: list[float]
) -> Iterator[Line]:
    """The first block warmed all three up and is not counted; ratios are medians of blocks."""
    ours = median(rates["ours"])
    by = {name: median(a / b for a, b in zip(rates["ours"], rates[name], strict=True))
          for name in (SAME_SQL, PEER)}  # fmt: skip
    facts: dict[str, Any] = {
        "bench": "tiles",
        "ours": ours,
        "unit": "tiles/s",
        "better": "higher",
        "reference": ours / by[SAME_SQL],
        "reference_name": SAME_SQL,
        "peer": PEER,
        "peer_value": ours / by[PEER],
        "p95": p95(times),
    }
    judged = ("ratio_reference", ASYNCPG_LEAST), ("ratio_peer", PEER_LEAST)
    for name, (what, target) in zip((f"{case}.cold", f"{case}.cold.peer"), judged, strict=True):
        yield Line(case=name, judged=what, target=target, **facts)
    yield Line(bench="tiles", case=f"{case}.cold.cpu_of_asking", ours=median(cpu_ms))


def _low(ground: Ground) -> Iterator[Line]:
    """Every tile of every layer at low zooms once, then the slowest again and again, cold."""
    asked = [
        (layer, tile)
        for layer in layers_for(ground.actor)
        for zoom in LOW_ZOOMS
        if layer.sources_at(zoom)
        for tile in every_tile(ground.bounds, zoom)
    ]
    first = _ask_cold(ground, asked)
    slow = sorted(range(len(asked)), key=lambda number: -first.ms[number])[:WORST]
    again = [asked[number] for number in slow]
    rounds = [_ask_cold(ground, again).ms for _ in range(WORST_ROUNDS)]
    settled = [median(ms) for ms in zip(*rounds, strict=True)]
    worst = max(range(len(again)), key=settled.__getitem__)
    largest = max(range(len(asked)), key=first.raw_bytes.__getitem__)
    say(f"slowest tile below zoom 14: {_named(*again[worst])}, {settled[worst]:.0f} ms")
    say(f"largest: {_named(*asked[largest])}, {first.raw_bytes[largest]:,} bytes")
    yield Line(
        bench="tiles", case="low", ours=settled[worst], p95=p95(first.ms), target=LOW_MOST_MS
    )
    yield Line(
        bench="tiles",
        case="low.bytes",
        ours=first.raw_bytes[largest] / 1000,
        unit="kB",
        target=LOW_MOST_KB,
        p95=p95(first.raw_bytes) / 1000,
    )


def _named(layer: Layer, tile: TileAddress) -> str:
    return f"{layer.id} {'/'.join(map(str, tile))}"


def _ask_cold(ground: Ground, asked: Sequence[tuple[Layer, TileAddress]]) -> Any:
    """One after the other, after every version has risen: nothing of it is kept anywhere."""
    with transaction(ground.engine) as conn:
        keys = {key for layer in layers().values() for key in layer.version_keys}
        bump_layers(conn, sorted(keys), now=datetime.now(UTC))
    time.sleep(SETTLE_S)
    tags = ground.tags()
    paths = [path for layer, tile in asked for path in _paths(layer.id, [tile], tags[layer.id])]
    pulled = ground.load.http(ground.url, paths, headers=ground.headers, connections=1, sizes=True)
    pulled.check(200, 204)
    return pulled


_SOME_COMPONENT = text(
    "SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM component WHERE state = 'intact'"
    " ORDER BY id LIMIT 1 OFFSET 5000"
)
_EDIT = text("UPDATE component SET state = :state WHERE id = :id")


def _after_edit(ground: Ground) -> Iterator[Line]:
    """
    From the commit of an edit to the end of the first answer that shows it.

    One client asks without a pause; edits come at random moments. What pages add until they ask
    (one poll every two seconds) is not in it.
    """
    with transaction(ground.engine) as conn:
        row = conn.execute(_SOME_COMPONENT).one()
    tile = next(iter(every_tile(Bounds(row.lon, row.lat, row.lon, row.lat), 17)))
    draw, took = random.Random(3), []  # noqa: S311  moments, no secrets
    for number in range(EDITS):
        time.sleep(VERSIONS_FRESH_S + draw.random())
        before = _body(ground, tile)
        with transaction(ground.engine) as conn:
            state = "removed" if number % 2 == 0 else "intact"
            conn.execute(_EDIT, {"id": row.id, "state": state})
            bump_layers(conn, ["component"], now=datetime.now(UTC))
        committed = time.perf_counter()
        while _body(ground, tile) == before:
            pass
        took.append((time.perf_counter() - committed) * 1000)
    yield Line(
        bench="tiles", case="after_edit", ours=max(took), p95=p95(took), target=AFTER_EDIT_MOST_MS
    )


def _body(ground: Ground, tile: TileAddress) -> bytes:
    [path] = _paths("components", [tile], "0")
    request = urllib.request.Request(ground.url + path, headers=ground.headers)  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310  our own
        return bytes(answer.read())


def _cached(ground: Ground) -> Iterator[Line]:
    """Kept tiles beside a route that always answers the same bytes, in shuffled blocks."""
    tiles = list(islice(random_tiles(ground.bounds, range(15, 16), seed=5), KEPT_TILES))
    kept = _paths("grids", tiles, ground.tags()["grids"])
    sizes = ground.load.http(ground.url, kept, headers=ground.headers, connections=1).bytes
    constant = [f"/bench/constant/{sizes // len(kept)}"] * len(kept)
    ways = {"ours": kept * KEPT_ROUNDS, CONSTANT: constant * KEPT_ROUNDS}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    draw = random.Random(13)  # noqa: S311  an order, not a secret
    times: list[float] = []
    for _ in range(BLOCKS + 1):
        for name in draw.sample(list(ways), len(ways)):
            pulled = ground.load.http(
                ground.url, ways[name], headers=ground.headers, connections=CONNECTIONS
            )
            pulled.check(200)
            rates[name].append(pulled.per_second)
            times += pulled.ms if name == "ours" else []
    ratio = median(a / b for a, b in zip(rates["ours"][1:], rates[CONSTANT][1:], strict=True))
    ours = median(rates["ours"][1:])
    yield Line(
        bench="tiles",
        case="cached",
        ours=ours,
        unit="tiles/s",
        better="higher",
        reference=ours / ratio,
        reference_name=CONSTANT,
        judged="ratio_reference",
        target=CACHED_LEAST,
        p95=p95(times),
    )
