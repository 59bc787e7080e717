"""A drawn area as a table: what it holds, for whom, and what is no area."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.catalog.layers import layers
from gis.errors import Forbidden, Invalid
from gis.exchange.geojson import geojson_bytes
from gis.exchange.sheets import csv_bytes
from gis.tiles.selection import Selection, drawn_area, select_in
from tests.factories import (
    DISTRICT,
    grid_code,
    make_actor,
    make_case,
    make_cell,
    make_component,
    make_department,
    middle,
)

MAP = layers()


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


HERE = square(116.4002, 39.9002, 116.4008, 39.9008)


@pytest.fixture
def drawn(conn: Connection) -> Connection:
    """A district with an outline and one cell."""
    make_cell(conn)
    conn.execute(
        text("UPDATE area SET geom = ST_Multi(ST_MakeEnvelope(116.4, 39.9, 116.41, 39.91, 4490))"
             " WHERE code = :code"), {"code": DISTRICT},
    )  # fmt: skip
    return conn


def selected(conn: Connection, layer: str, *roles: Role, **more: Any) -> Selection:
    asked = {"polygon": HERE, "locale": "en", **more}
    actor = asked.pop("actor", None) or make_actor(conn, *(roles or (Role.PLANNER,)))
    return select_in(conn, MAP[layer], asked.pop("polygon"), actor=actor, **asked)


def test_a_selection_is_a_table_with_titles_words_and_units(drawn: Connection) -> None:
    lon, lat = middle()
    make_component(drawn, lon=lon, lat=lat, state="damaged", code="1101010101000007")
    found = selected(drawn, "components")
    [row] = found.texts()
    shown = dict(zip(found.headers, row, strict=True))
    assert (shown["Component code"], shown["State"]) == ("1101010101000007", "Damaged")
    assert (found.title, found.total, found.capped) == ("Components", 1, False)
    zh = selected(drawn, "components", locale="zh-CN")
    assert dict(zip(zh.headers, zh.texts()[0], strict=True))["状态"] == "破损"


def test_the_first_rows_are_shown_and_all_are_counted(drawn: Connection) -> None:
    lon, lat = middle()
    keys = [make_component(drawn, lon=lon, lat=lat) for _ in range(5)]
    make_component(drawn, lon=lon + 0.005, lat=lat)
    found = selected(drawn, "components", most=3)
    assert (len(found.values), found.total) == (3, 5)
    codes = [drawn.execute(text("SELECT code FROM component WHERE id = :k"), {"k": key}).scalar()
             for key in keys[:3]]  # fmt: skip
    assert [row[0] for row in found.values] == codes


def test_nothing_of_another_area_or_department_is_selected(drawn: Connection) -> None:
    lon, lat = middle()
    make_component(drawn, lon=lon, lat=lat)
    stranger = make_actor(drawn, Role.PLANNER, scope=("110101002",))
    assert selected(drawn, "components", actor=stranger).total == 0
    handler = make_actor(drawn, Role.HANDLER)
    make_case(drawn, number="110101001-261118-0001", state="HANDLING",
              department_id=handler.department_id)  # fmt: skip
    make_case(drawn, number="110101001-261118-0002", state="HANDLING",
              department_id=make_department(drawn))  # fmt: skip
    [row] = selected(drawn, "cases", actor=handler).texts()
    assert row[0] == "110101001-261118-0001"
    with pytest.raises(Forbidden):
        selected(drawn, "pipelines", Role.SUPERVISOR)


def test_a_polygon_that_crosses_itself_selects_what_it_encloses(drawn: Connection) -> None:
    lon, lat = middle()
    make_component(drawn, lon=lon + 0.0003, lat=lat + 0.0001)
    bow = [[lon - 0.0004, lat - 0.0003], [lon + 0.0004, lat + 0.0003],
           [lon + 0.0004, lat - 0.0003], [lon - 0.0004, lat + 0.0003]]  # fmt: skip
    found = selected(drawn, "components", polygon={"type": "Polygon", "coordinates": [bow]})
    assert found.total == 1


@pytest.mark.parametrize("layer", MAP.values(), ids=lambda layer: layer.id)
def test_every_layer_can_be_selected_from(drawn: Connection, layer: Any) -> None:
    found = selected(drawn, layer.id, *Role)
    assert len({column.key for column in found.columns}) == len(found.columns)


@pytest.mark.parametrize(
    "polygon",
    [
        {},
        {"type": "Point", "coordinates": [116.4, 39.9]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": "x" * 50},
        {"type": "Polygon", "coordinates": [[[116.4, 39.9], [116.5, 39.9]]]},
        {"type": "Polygon", "coordinates": [[[116.4, "39.9"], [116.5, 39.9], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[10**400, 39.9], [116.5, 39.9], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[True, 39.9], [116.5, 39.9], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[116.4, 39.9]] * 4]},
        {"type": "Polygon", "coordinates": [[[116.4, 39.9], [116.5, 39.9], [116.6, 39.9]]]},
        {"type": "Polygon", "coordinates": [[[116.4, 39.9]] * 501]},
        {"type": "Polygon", "coordinates": [[]] * 600},
        square(100, 20, 120, 50),
    ],
)
def test_what_is_no_area_of_the_district_is_refused(
    drawn: Connection, polygon: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        drawn_area(drawn, polygon)
    assert refused.value.text("zh-CN") != refused.value.text("en")


def test_names_of_others_stay_text_in_every_file(drawn: Connection) -> None:
    drawn.execute(
        text("INSERT INTO road (name, class, rank, length_m, geom) VALUES (:name, 'primary', 1, 50,"
             " ST_GeomFromText('LINESTRING(116.4003 39.9003, 116.4006 39.9006)', 4490))"),
        {"name": '=HYPERLINK("http://x","y")</script>'},
    )  # fmt: skip
    found = selected(drawn, "roads")
    table = csv_bytes(found.frame(), found.headers).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1][0].startswith("'=HYPERLINK")
    made = datetime(2026, 11, 22, tzinfo=UTC)
    file = json.loads(geojson_bytes(found.features(), made_at=made, attribution=["© OSM"]))
    assert "crs" not in file
    [feature] = file["features"]
    assert feature["properties"]["name"].startswith("=HYPERLINK")
    assert feature["geometry"] == {
        "type": "LineString", "coordinates": [[116.4003, 39.9003], [116.4006, 39.9006]]
    }  # fmt: skip
    assert (file["attribution"], file["created"]) == (["© OSM"], "2026-11-22T00:00:00+00:00")


def test_a_grid_in_a_file_keeps_numbers_and_days(drawn: Connection) -> None:
    found = selected(drawn, "grids")
    [(shape, properties)] = found.features()
    assert json.loads(shape)["type"] == "Polygon"
    assert (properties["code"], properties["area_m2"]) == (grid_code(), 9500.0)
    assert "(m²)" in found.headers[3]
