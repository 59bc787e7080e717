"""Tiles over HTTP: who sees what, versions, hostile addresses."""

import gzip
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role, Scope
from gis.accounts.sessions import COOKIE, end_sessions_of, open_session
from gis.api import tiles
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.catalog.commands import bump_layers
from gis.catalog.layers import MAX_ZOOM, MIN_ZOOM, Layer, layers
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from gis.tiles import render, sql, versions
from gis.tiles.sql import tile_statement
from tests.conftest import _clone
from tests.factories import make_person
from tests.mvt import decode

LAYERS = list(layers().values())
EVERY_ROLE = tuple(Role)


def address(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    n = 1 << zoom
    y = math.asinh(math.tan(math.radians(lat)))
    return zoom, int((lon + 180) / 360 * n), int((1 - y / math.pi) / 2 * n)


@pytest.fixture(scope="module")
def own_database(cluster: ClusterUrls, demo_template: str) -> Iterator[ClusterUrls]:
    """One district for this module: its tests add people and edit different rows."""
    yield from _clone(cluster, demo_template)


@pytest.fixture
def site(own_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("DATABASE_URL", own_database.app_url)
    monkeypatch.setattr(versions, "VERSIONS_FRESH_S", 0.0)
    close_runtime()
    engine = make_engine(own_database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()


@pytest.fixture
def client(site: Engine) -> Iterator[TestClient]:
    app = Starlette(
        routes=tiles.routes,
        lifespan=tiles.lifetime,
        middleware=[
            Middleware(Gate, sessions=SessionReader(fresh_seconds=0)),
            Middleware(tiles.TilesFirst),
        ],
        exception_handlers=HANDLERS,
    )
    with TestClient(app, base_url="http://testserver") as made:
        yield made


def sign_in(client: TestClient, site: Engine, *roles: Role, area: str = "") -> int:
    with site.begin() as conn:
        person_id = make_person(conn, roles=roles, area_code=area)
        token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
    client.cookies.set(COOKIE, token)
    return person_id


def tile(client: TestClient, layer: str, z: int, x: int, y: int) -> dict[str, list[dict[str, Any]]]:
    answer = client.get(f"/tiles/{layer}/{z}/{x}/{y}")
    assert answer.status_code in {200, 204}, answer.text
    return decode(answer.content) if answer.status_code == 200 else {}


def middle(conn: Connection) -> tuple[float, float]:
    row = conn.execute(
        text("SELECT ST_X(c) AS lon, ST_Y(c) AS lat FROM (SELECT ST_Centroid(ST_Extent(geom)) AS c"
             " FROM grid_cell) AS t")
    ).one()  # fmt: skip
    return row.lon, row.lat


def district_tiles(conn: Connection, zoom: int) -> list[tuple[int, int, int]]:
    row = conn.execute(
        text("SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n"
             " FROM (SELECT ST_Extent(geom) AS b FROM grid_cell) AS t")
    ).one()  # fmt: skip
    _, west, south = address(row.w, row.s, zoom)
    _, east, north = address(row.e, row.n, zoom)
    return [(zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_answers_at_every_zoom(client: TestClient, site: Engine, layer: Layer) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        lon, lat = middle(conn)
    names = set()
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        found = tile(client, layer.id, *address(lon, lat, zoom))
        names |= set(found)
        assert set(found) <= {source.name for source in layer.sources_at(zoom)}
    assert names or layer.id in {"hospitals"}


def _codes_of(conn: Connection, layer: Layer, found: dict[str, list[dict[str, Any]]]) -> set[str]:
    codes: set[str] = set()
    for source in layer.sources:
        ids = [feature["id"] for feature in found.get(source.name, [])]
        if ids and source.scope:
            sql = f"SELECT {source.scope} AS code FROM {source.table}"
            rows = conn.execute(
                text(f"{sql} WHERE CAST({source.id} AS bigint) = ANY(:ids)"), {"ids": ids}
            )
            codes |= {row.code for row in rows}
    return codes


SCOPED = [layer for layer in LAYERS if layer.is_scoped]


@pytest.mark.parametrize("layer", SCOPED, ids=lambda layer: layer.id)
def test_a_person_of_one_community_gets_no_feature_of_another(
    client: TestClient, site: Engine, layer: Layer
) -> None:
    with site.connect() as conn:
        own = conn.execute(text("SELECT min(community_code) FROM grid_cell")).scalar_one()
        places = district_tiles(conn, 17)
    sign_in(client, site, *EVERY_ROLE)
    everything = set()
    with site.connect() as conn:
        for place in places:
            everything |= _codes_of(conn, layer, tile(client, layer.id, *place))
    sign_in(client, site, *(role for role in EVERY_ROLE if role != Role.HANDLER), area=own)
    seen = set()
    with site.connect() as conn:
        for place in places:
            seen |= _codes_of(conn, layer, tile(client, layer.id, *place))
    assert all(code.startswith(own) for code in seen)
    assert seen == {code for code in everything if code.startswith(own)}


def test_a_tile_holds_ids_and_small_attributes_only(client: TestClient, site: Engine) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        lon, lat = middle(conn)
    for layer in ("components", "pipelines", "cases", "land_use"):
        for features in tile(client, layer, *address(lon, lat, 16)).values():
            for feature in features:
                assert feature["id"] > 0
                assert len(str(feature["properties"])) < 40


def test_tiles_are_compressed_and_an_equal_tag_answers_304(
    client: TestClient, site: Engine
) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        z, x, y = address(*middle(conn), 15)
    first = client.get(f"/tiles/grids/{z}/{x}/{y}")
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    again = client.get(
        f"/tiles/grids/{z}/{x}/{y}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.content == b""


def test_an_edit_raises_the_version_and_the_next_tile_is_fresh(
    client: TestClient, site: Engine
) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        place = address(*middle(conn), 17)
    before = tile(client, "components", *place)["component"]
    with site.begin() as conn:
        conn.execute(
            text("UPDATE component SET state = 'removed' WHERE id = :id"), {"id": before[0]["id"]}
        )
    assert tile(client, "components", *place)["component"] == before  # kept until the version rises
    with site.begin() as conn:
        bump_layers(conn, ["component"], now=datetime.now(UTC))
    after = tile(client, "components", *place)["component"]
    assert {f["id"] for f in after} == {f["id"] for f in before[1:]}


def test_only_an_address_with_the_right_version_may_be_kept_by_the_browser(
    client: TestClient, site: Engine
) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        z, x, y = address(*middle(conn), 15)
    version = client.get(f"/tiles/grids/{z}/{x}/{y}").headers["etag"].strip('"').split("-")[0]
    right = f"{version}.{versions.scope_key(layers()['grids'], _scope(''))}"
    foreign = f"{version}.{versions.scope_key(layers()['grids'], _scope('110101001'))}"
    kept = client.get(f"/tiles/grids/{z}/{x}/{y}?v={right}").headers["cache-control"]
    assert "immutable" in kept
    assert "private" in kept
    for other in (foreign, "1", "<script>"):
        asked = client.get(f"/tiles/grids/{z}/{x}/{y}", params={"v": other})
        assert asked.headers["cache-control"] == "private, no-cache"


def add_event(conn: Connection, case_id: int) -> None:
    conn.execute(
        text(
            "INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role)"
            " SELECT :id, coalesce(max(seq), 0) + 1, 'close', 'X', 'Y', now(), 'shift_leader'"
            " FROM case_event WHERE case_id = :id"
        ),
        {"id": case_id},
    )


def _scope(prefix: str) -> Scope:
    return Scope((prefix,))


def test_a_step_of_a_case_shows_in_the_next_tile(client: TestClient, site: Engine) -> None:
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        place = address(*middle(conn), 15)
    before = {f["id"] for f in tile(client, "cases", *place).get("case", [])}
    with site.begin() as conn:
        conn.execute(text("UPDATE cases SET open = false WHERE id = :id"), {"id": min(before)})
        add_event(conn, min(before))
    after = {f["id"] for f in tile(client, "cases", *place).get("case", [])}
    assert after == before - {min(before)}


@pytest.mark.parametrize(
    ("module", "limit"), [(render, "TILE_BYTES_MOST"), (sql, "MAX_FEATURES")], ids=["bytes", "rows"]
)
def test_a_tile_that_holds_too_much_is_refused_whole_with_the_way_out(
    client: TestClient, site: Engine, monkeypatch: pytest.MonkeyPatch, module: Any, limit: str
) -> None:
    """Half a tile would look like a whole one."""
    monkeypatch.setattr(module, limit, 1)
    tile_statement.cache_clear()
    sign_in(client, site, *EVERY_ROLE)
    with site.connect() as conn:
        z, x, y = address(*middle(conn), 15)
    for _ in range(2):  # rendered, then remembered
        answer = client.get(f"/tiles/grids/{z}/{x}/{y}", headers={"Accept-Language": "en"})
        assert answer.status_code == 422
        assert "Zoom in" in answer.text
    tile_statement.cache_clear()
    assert client.get("/tiles/hospitals/20/0/0").status_code == 204


HOSTILE = [
    "grids/15/26965/12416.pbf", "grids/15/-1/0", "grids/15/32768/0", "grids/15/0/32768",
    "grids/99/0/0", "grids/7/0/0", "grids/1e2/0/0", "grids/15/0x10/0", "grids/15/٣/0",
    "grids/15/999999999999999999999/0", "person/15/1/1", "pg_shadow/15/1/1", "grids;--/15/1/1",
    "grids'/15/1/1", "%2e%2e/15/1/1", "GRIDS/15/1/1",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_address_or_unknown_layer_answers_404_and_repeats_nothing(
    client: TestClient, site: Engine, path: str
) -> None:
    sign_in(client, site, *EVERY_ROLE)
    answer = client.get(f"/tiles/{path}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert "SELECT" not in answer.text


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_anything_but_a_get_goes_the_way_of_all_routes(
    client: TestClient, site: Engine, method: str
) -> None:
    sign_in(client, site, *EVERY_ROLE)
    assert client.request(method, "/tiles/grids/15/1/1").status_code == {"HEAD": 204}.get(
        method, 405
    )


def test_a_stranger_and_a_closed_session_get_401(client: TestClient, site: Engine) -> None:
    assert client.get("/tiles/grids/15/1/1").status_code == 401
    person_id = sign_in(client, site, *EVERY_ROLE)
    assert client.get("/tiles/grids/15/1/1").status_code == 204
    with site.begin() as conn:
        end_sessions_of(conn, person_id, now=datetime.now(UTC))
    assert client.get("/tiles/grids/15/1/1").status_code == 401


def test_a_layer_of_a_missing_permission_is_refused(client: TestClient, site: Engine) -> None:
    sign_in(client, site, Role.SUPERVISOR)
    assert client.get("/tiles/pipelines/15/1/1").status_code == 403
    sign_in(client, site, Role.PLANNER)
    assert client.get("/tiles/cases/15/1/1").status_code == 403


def test_a_database_that_is_gone_answers_503(
    client: TestClient, site: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, site, *EVERY_ROLE)

    async def gone(*_: Any, **__: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncpg, "connect", gone)
    answer = client.get("/tiles/grids/15/1/1")
    assert answer.status_code == 503
    assert "minute" in answer.text or "稍后" in answer.text or "分钟" in answer.text


def test_bytes_on_the_wire_are_the_packed_tile() -> None:
    assert gzip.decompress(render.pack(b"tile")) == b"tile"
    assert render.pack(b"tile") == render.pack(b"tile")
