"""Layers over tables gone wrong: the right answer or a sentence, and the other layers go on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api import map as map_routes
from gis.api import tiles
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.session import SessionReader
from gis.catalog import layers as catalogue
from gis.catalog import styles
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from gis.tiles import pool, sql
from gis.tiles.check import SourceCheck, check_layers, layer_faults
from tests.factories import make_person
from tests.mvt import decode

SPOT = "ST_Transform(ST_SetSRID(ST_MakePoint(116.4{0}, 39.91), 4490), 3857)"
MOVED = (
    "ST_Translate(ST_GeomFromText('POLYGON(({0}))', 3857),"
    f" ST_X({SPOT.format('1')}), ST_Y({SPOT.format('1')}))"
)
"""A shape in metres around the spot: a bow tie, a line that pretends to be an area."""
BOX = "116.39,39.90,116.46,39.92"
PLACE = "15/26979/12415"
TABLES = {
    "bad_good": ("Point", f"SELECT 1, 'a', {SPOT.format('1')}"),
    "bad_empty": ("Point", None),
    "bad_crowd": ("Point", f"SELECT n, 'a', {SPOT.format('1')} FROM generate_series(1, 20001) n"),
    "bad_unindexed": ("Point", f"SELECT 1, 'a', {SPOT.format('1')}"),
    "bad_shapes": (
        "Polygon",
        f"""
        SELECT 1, 'a', NULL
        UNION ALL SELECT 2, 'a', ST_GeomFromText('POLYGON EMPTY', 3857)
        UNION ALL SELECT 3, 'a', {MOVED.format("0 0, 90 90, 90 0, 0 90, 0 0")}
        UNION ALL SELECT 4, 'a', {MOVED.format("0 0, 50 0, 100 0, 0 0")}
        UNION ALL SELECT 5, 'a', ST_Expand({SPOT.format("1")}, 40)""",
    ),
    "bad_thousand": (
        "Point",
        f"SELECT n, 'c' || n, {SPOT.format('1')} FROM generate_series(1, 1000) n",
    ),
    "bad_columns": ("Point", f"SELECT 1, 'a', {SPOT.format('1')}"),
    "bad_kind": (
        "LineString",
        f"SELECT 1, 'a', ST_MakeLine({SPOT.format('1')}, {SPOT.format('2')})",
    ),
}
"""Table, type of its column, and its rows: id, kind, shape."""

ENDLESS = (
    "CREATE VIEW bad_endless AS SELECT n AS id, text 'a' AS kind,"
    f" CAST({SPOT.format('1')} AS geometry(Point, 3857)) AS geom_3857"
    " FROM generate_series(1, 1e12) n WHERE n < 0"
)
"""A table as large as one likes: no answer in any time."""

COLOUR = {"by": "kind", "cats": {"a": "#123456"}}
STYLE = {"rules": [{"source": "it", "kind": "circle", "radius": 3, "color": COLOUR}]}


def entry(table: str, geometry: str = "point", column: str = "kind") -> dict[str, Any]:
    return {
        "id": table,
        "group": "city",
        "title": {"zh": f"层 {table}", "en": f"Layer {table}"},
        "permission": "view_map",
        "order": 10,
        "visible": True,
        "sources": [
            {
                "name": "it",
                "table": table,
                "geometry": geometry,
                "minzoom": 8,
                "id": "id",
                "columns": {"kind": column},
            }
        ],
    }


CATALOGUE = [
    *(entry(t, "area" if t == "bad_shapes" else "point") for t in TABLES if t != "bad_columns"),
    entry("bad_columns", column="colour"),
    entry("bad_nowhere"),
    entry("bad_endless"),
]


def fill(conn: Connection) -> None:
    for name, (kind, rows) in TABLES.items():
        conn.execute(
            text(
                f"CREATE TABLE {name} (id bigint PRIMARY KEY, kind text,"
                f" geom_3857 geometry({kind}, 3857))"
            )
        )
        if name != "bad_unindexed":
            conn.execute(text(f"CREATE INDEX ON {name} USING gist (geom_3857)"))
        if rows:
            conn.execute(text(f"INSERT INTO {name} {rows}"))
    conn.execute(text(ENDLESS))
    conn.execute(text(f"GRANT SELECT ON {', '.join(TABLES)}, bad_endless TO wanmi_app"))


def forget() -> None:
    catalogue.layers.cache_clear()
    styles.shipped.cache_clear()
    sql.tile_statement.cache_clear()


@pytest.fixture
def other_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue of this test instead of the shipped one."""
    layers_file, styles_file = tmp_path / "layers.json", tmp_path / "styles.json"
    layers_file.write_text(json.dumps(CATALOGUE), encoding="utf-8")
    looks = {layer["id"]: STYLE for layer in CATALOGUE}
    styles_file.write_text(json.dumps(looks), encoding="utf-8")
    monkeypatch.setattr(catalogue, "LAYERS_FILE", layers_file)
    monkeypatch.setattr(catalogue, "STYLES_FILE", styles_file)
    forget()
    yield
    monkeypatch.undo()
    forget()


@pytest.fixture
def site(
    module_database: ClusterUrls, other_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    owner = make_engine(module_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        if conn.execute(text("SELECT to_regclass('bad_good')")).scalar() is None:
            fill(conn)
    owner.dispose()
    monkeypatch.setenv("DATABASE_URL", module_database.app_url)
    monkeypatch.setattr(pool, "STATEMENT_TIMEOUT_S", 1)
    close_runtime()
    engine = make_engine(module_database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()


@pytest.fixture
def client(site: Engine) -> Iterator[TestClient]:
    app = Starlette(
        routes=[*tiles.routes, *map_routes.routes],
        lifespan=tiles.lifetime,
        middleware=[Middleware(Gate, sessions=SessionReader(fresh_seconds=0))],
        exception_handlers=HANDLERS,
    )
    with site.begin() as conn:
        person_id = make_person(conn, roles=(Role.PLANNER,), area_code="")
        token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
    with TestClient(app, base_url="http://testserver") as made:
        made.cookies.set(COOKIE, token)
        yield made


def features(client: TestClient, layer: str) -> list[dict[str, Any]]:
    answer = client.get(f"/tiles/{layer}/{PLACE}")
    assert answer.status_code in {200, 204}, answer.text
    return decode(answer.content).get("it", []) if answer.status_code == 200 else []


def refused(client: TestClient, path: str, status: int) -> str:
    """The sentence of a refusal; never a trace, never a number to ask about."""
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text and "SELECT" not in answer.text
    assert "reference" not in answer.json()
    return str(answer.json()["message"])


def test_a_layer_without_rows_is_empty_and_no_error(client: TestClient) -> None:
    assert client.get(f"/tiles/bad_empty/{PLACE}").status_code == 204


def test_a_table_without_an_index_is_drawn(client: TestClient) -> None:
    assert [f["id"] for f in features(client, "bad_unindexed")] == [1]


def test_rows_without_shape_are_left_out_and_broken_shapes_stop_nothing(
    client: TestClient,
) -> None:
    drawn = {f["id"] for f in features(client, "bad_shapes")}
    assert 5 in drawn
    assert not drawn & {1, 2}


def test_a_thousand_categories_are_a_thousand_features(client: TestClient) -> None:
    found = features(client, "bad_thousand")
    assert len({f["properties"]["kind"] for f in found}) == 1000


def test_a_tile_with_too_many_features_says_to_zoom_in(client: TestClient) -> None:
    assert "Zoom in" in refused(client, f"/tiles/bad_crowd/{PLACE}", 422)


def test_a_table_that_takes_too_long_says_so(client: TestClient) -> None:
    assert "too long" in refused(client, f"/tiles/bad_endless/{PLACE}", 503)


@pytest.mark.parametrize("layer", ["bad_nowhere", "bad_columns"])
def test_a_missing_table_or_column_names_the_layer_and_the_way_out(
    client: TestClient, layer: str
) -> None:
    said = refused(client, f"/tiles/{layer}/{PLACE}", 503)
    assert f"Layer {layer}" in said
    assert "layers check" in said


def test_other_layers_go_on_after_every_refusal(client: TestClient) -> None:
    for layer in CATALOGUE:
        client.get(f"/tiles/{layer['id']}/{PLACE}")
    assert [f["id"] for f in features(client, "bad_good")] == [1]


def test_counts_of_good_layers_stand_beside_bad_ones(client: TestClient) -> None:
    names = ",".join(layer["id"] for layer in CATALOGUE)
    answer = client.get("/map/counts", params={"bbox": BOX, "layers": names})
    assert answer.status_code == 200, answer.text
    counted = answer.json()["layers"]
    assert counted["bad_good"] == {"total": 1, "codes": {"a": 1}, "capped": False}
    assert counted["bad_empty"]["total"] == 0
    assert counted["bad_thousand"]["total"] == 1000
    for broken in ("bad_nowhere", "bad_columns", "bad_endless"):
        assert counted[broken]["total"] is None


@pytest.mark.parametrize("layer", [layer["id"] for layer in CATALOGUE])
def test_a_click_on_a_bad_layer_answers_or_says_why(client: TestClient, layer: str) -> None:
    answer = client.get("/map/feature", params={"layer": layer, "source": "it", "id": "1"})
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    assert "reference" not in answer.json()


# ---------------------------------------------------------------- layers check


@pytest.fixture
def checks(site: Engine, monkeypatch: pytest.MonkeyPatch) -> dict[str, SourceCheck]:
    monkeypatch.setattr("gis.tiles.check_rows._LIMIT_S", 1)
    with site.begin() as conn:
        return {check.layer.id: check for check in check_layers(conn)}


def said(checks: dict[str, SourceCheck], layer: str, locale: str = "en") -> str:
    return " | ".join(fault.text(locale) for fault in checks[layer].faults)


def test_the_check_finds_each_fault_and_nothing_in_a_good_layer(
    checks: dict[str, SourceCheck],
) -> None:
    assert said(checks, "bad_good") == ""
    assert said(checks, "bad_empty") == ""
    assert "there is no table bad_nowhere" in said(checks, "bad_nowhere")
    assert "bad_columns lacks colour" in said(checks, "bad_columns")
    assert "USING gist (geom_3857)" in said(checks, "bad_unindexed")
    assert "bad_kind.geom_3857 is geometry(LineString,3857)" in said(checks, "bad_kind")
    assert "could not be looked at within 1 s" in said(checks, "bad_endless")
    assert "1000 values of “kind” have no colour" in said(checks, "bad_thousand")


def test_the_check_counts_missing_and_broken_shapes(checks: dict[str, SourceCheck]) -> None:
    looked = checks["bad_shapes"].looked
    assert looked is not None
    assert (looked.rows, looked.without_shape, looked.broken) == (5, 2, 2)
    assert "2 of 5 rows looked at have no shape" in said(checks, "bad_shapes")


def test_the_check_speaks_chinese(checks: dict[str, SourceCheck]) -> None:
    assert said(checks, "bad_nowhere", "zh-CN").startswith(
        "“层 bad_nowhere”：数据表 bad_nowhere 不存在"
    )


def test_the_quick_look_names_the_same_structure_faults(site: Engine) -> None:
    with site.begin() as conn:
        found = {layer.id for layer, _ in layer_faults(conn)}
    assert {"bad_nowhere", "bad_columns", "bad_unindexed", "bad_kind"} <= found
    assert not found & {"bad_good", "bad_empty", "bad_shapes", "bad_thousand"}


def test_the_shipped_layers_have_no_fault_over_the_demo(demo_database: ClusterUrls) -> None:
    forget()
    engine = make_engine(demo_database.app_url, pool_size=1)
    with engine.begin() as conn:
        found = [f.text("en") for check in check_layers(conn) for f in check.faults]
    engine.dispose()
    assert found == []
