"""Search over places, areas and grid codes on PostGIS."""

import pytest
from sqlalchemy import Connection, func, insert, select, text

from gis.places.commands import refill_places
from gis.places.model import PlaceKind
from gis.places.queries import MAX_PLACES, places_near, search_places
from gis.places.tables import place
from tests.factories import COMMUNITY, DISTRICT, STREET, grid_code, make_areas, make_cell, middle


def draw(conn: Connection, code: str, west: float, south: float, size: float) -> None:
    conn.execute(
        text(
            "UPDATE area SET geom = ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4490))"
            " WHERE code = :code"
        ),
        {"w": west, "s": south, "e": west + size, "n": south + size, "code": code},
    )


def road(conn: Connection, name: str, wkt: str, suspect: bool = False) -> None:
    conn.execute(
        text(
            "INSERT INTO road (name, class, rank, suspect_shortcut, geom)"
            " VALUES (:name, 'primary', 2, :suspect, ST_GeomFromText(:wkt, 4490))"
        ),
        {"name": name, "wkt": wkt, "suspect": suspect},
    )


def facility(conn: Connection, name: str, lon: float, lat: float, address: str | None) -> None:
    conn.execute(
        text(
            "INSERT INTO facility (kind, name, address, geom) VALUES ('hospital', :name, :address,"
            " ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))"
        ),
        {"name": name, "address": address, "lon": lon, "lat": lat},
    )


@pytest.fixture
def town(conn: Connection) -> Connection:
    conn.execute(text("DELETE FROM place"))
    make_areas(conn)
    for x in range(3):
        make_cell(conn, x)
    for code in (DISTRICT, STREET, COMMUNITY):
        draw(conn, code, 116.40, 39.90, 0.003)
    road(conn, "王府井大街", "LINESTRING(116.4005 39.9, 116.4005 39.902)")
    road(conn, "王府井大街", "LINESTRING(116.4005 39.902, 116.4005 39.903)")
    road(conn, "鬼路", "LINESTRING(116.4 39.9, 116.41 39.91)", suspect=True)
    road(conn, "朝阳门内大街", "LINESTRING(116.4015 39.9, 116.4015 39.903)")
    facility(conn, "协和医院", *middle(1), "帅府园一号")
    facility(conn, "王府医院（100%_好）", *middle(2), None)
    refill_places(conn)
    return conn


def names(conn: Connection, wanted: str) -> list[str]:
    return [found.name.zh for found in search_places(conn, wanted)]


def test_filling_again_writes_the_same_places_and_keeps_addresses(town: Connection) -> None:
    point = func.ST_SetSRID(func.ST_MakePoint(*middle()), 4490)
    town.execute(insert(place).values(kind="address", name="王府井大街1号", geom=point))
    before = town.execute(select(func.count()).select_from(place)).scalar_one()
    assert refill_places(town) == before - 1
    assert town.execute(select(func.count()).select_from(place)).scalar_one() == before
    assert "王府井大街1号" in names(town, "王府井")


def test_the_pieces_of_a_road_are_one_place_on_the_road(town: Connection) -> None:
    [found] = search_places(town, "王府井大街")
    assert (found.kind, found.lon) == (PlaceKind.ROAD, pytest.approx(116.4005))
    assert 39.901 < found.lat < 39.902


def test_a_road_with_incomplete_geometry_is_no_place(town: Connection) -> None:
    assert names(town, "鬼路") == []


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("协和医院", "协和医院"),
        ("协和", "协和医院"),
        ("xiehe", "协和医院"),
        ("xie he yi yuan", "协和医院"),
        ("xhyy", "协和医院"),
        ("XHY", "协和医院"),
        ("帅府园", "协和医院"),
        ("chaoyangmen", "朝阳门内大街"),
        ("Donghuamen", "东华门街道"),
        ("wfjdj", "王府井大街"),
        ("王府", "王府井大街"),
        (grid_code(2), grid_code(2)),
        (STREET, "东华门街道"),
        (COMMUNITY, "多福巷社区"),
    ],
)
def test_a_place_is_found_by_name_pinyin_initials_alias_and_code(
    town: Connection, wanted: str, first: str
) -> None:
    assert names(town, wanted)[0] == first


def test_a_place_says_where_it_lies(town: Connection) -> None:
    [found] = search_places(town, "协和")
    assert (found.grid_code, found.where.zh, found.code) == (grid_code(1), "东华门街道", None)
    assert (found.lon, found.lat) == (pytest.approx(middle(1)[0]), pytest.approx(middle(1)[1]))


def test_an_area_found_by_name_brings_its_code_and_no_street_above_itself(town: Connection) -> None:
    [found] = search_places(town, "东华门街道")
    assert (found.kind, found.code, found.where.zh) == (PlaceKind.AREA, STREET, "")
    assert found.name.en == "Donghuamen Street"


def test_a_beginning_of_a_code_lists_what_is_below_it_in_order(town: Connection) -> None:
    found = [p.name.zh for p in search_places(town, STREET)]
    assert found[0] == "东华门街道"
    assert set(found[1:]) == {"多福巷社区", grid_code(0), grid_code(1), grid_code(2)}
    assert names(town, "110101") == ["东城区", "东华门街道", "多福巷社区"]
    assert names(town, "110") == []


@pytest.mark.parametrize(
    "wanted",
    ["", "   ", "没有这个地方", "%", "_", "\\", "'; DROP TABLE place; --", "<img onerror=1>", "。"],
)
def test_what_is_not_there_is_not_found_whatever_signs_are_typed(
    town: Connection, wanted: str
) -> None:
    found = names(town, wanted)
    assert found == (["王府医院（100%_好）"] if wanted in ("%", "_") else [])


def test_a_very_long_text_is_cut_and_answered(town: Connection) -> None:
    assert names(town, "王府井" * 2000) == []


def test_no_more_is_answered_than_allowed(town: Connection) -> None:
    point = func.ST_SetSRID(func.ST_MakePoint(*middle()), 4490)
    for n in range(MAX_PLACES + 5):
        town.execute(insert(place).values(kind="address", name=f"某处{n}", geom=point))
    assert len(search_places(town, "某处", limit=10_000)) == MAX_PLACES
    assert len(search_places(town, "某处", limit=3)) == 3


def test_near_places_come_by_distance_without_areas_and_roads(town: Connection) -> None:
    lon, lat = middle(1)
    near = places_near(town, lon=lon, lat=lat, within_m=120)
    assert [n.place.name.zh for n in near] == ["协和医院", "王府医院（100%_好）"]
    assert near[0].distance_m == pytest.approx(0, abs=0.01)
    # 0.001 degrees of longitude at 39.9 degrees north are 85.4 m
    assert near[1].distance_m == pytest.approx(85.5, abs=0.2)
    assert len(places_near(town, lon=lon, lat=lat, within_m=80)) == 1
    assert places_near(town, lon=0, lat=0) == []
