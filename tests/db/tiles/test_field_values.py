"""The values of a field, for classes and categories."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.catalog.layers import layers
from gis.errors import Forbidden, NotFound, Unavailable
from gis.tiles import field_values
from gis.tiles.field_values import Code, read_field
from tests import factories as make

COMPONENTS = layers()["components"]


def parcels(conn: Connection, codes: list[str]) -> None:
    make.make_cell(conn)
    lon, lat = make.middle(0, 0)
    ring = f"{lon} {lat},{lon + 1e-4} {lat},{lon + 1e-4} {lat + 1e-4},{lon} {lat}"
    conn.execute(
        text(
            "INSERT INTO parcel (code, land_use_code, area_m2, grid_code, geom) SELECT"
            " 'F' || n, code, 9, :cell, ST_GeomFromEWKT(:ring)"
            " FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY AS t (code, n)"
        ),
        {"codes": codes, "cell": make.grid_code(0, 0), "ring": f"SRID=4490;POLYGON(({ring}))"},
    )


def test_codes_come_with_their_rows_the_most_frequent_first(conn: Connection) -> None:
    parcels(conn, ["0701", "0702", "0701", "1207"])
    planner = make.make_actor(conn, Role.PLANNER)
    found = read_field(conn, layers()["land_use"], "parcel", "use", actor=planner)
    assert found.numbers is None
    assert found.codes == (Code("0701", 2), Code("0702", 1), Code("1207", 1))
    assert found.kinds == 3


def test_a_thousand_codes_and_more_are_counted_up_to_a_thousand(conn: Connection) -> None:
    parcels(conn, [str(n) for n in range(1_200)])
    planner = make.make_actor(conn, Role.PLANNER)
    found = read_field(conn, layers()["land_use"], "parcel", "use", actor=planner)
    assert found.kinds == len(found.codes) == 1_000


def test_numbers_come_one_per_row(conn: Connection) -> None:
    make.make_cell(conn)
    lon, lat = make.middle(0, 0)
    for _ in range(3):
        make.make_component(conn, lon=lon, lat=lat, grid_code=make.grid_code(0, 0))
    planner = make.make_actor(conn, Role.PLANNER)
    found = read_field(conn, COMPONENTS, "component", "cls", actor=planner)
    assert found.numbers == (1.0, 1.0, 1.0)
    assert found.codes == (Code("1", 3),)


def test_an_empty_table_holds_nothing(conn: Connection) -> None:
    planner = make.make_actor(conn, Role.PLANNER)
    found = read_field(conn, COMPONENTS, "component", "cls", actor=planner)
    assert (found.numbers, found.codes, found.kinds) == (None, (), 0)


def test_a_field_that_no_table_holds_is_said_to_be_so(conn: Connection) -> None:
    chief = make.make_actor(conn, Role.CENTRE_LEADER)
    for source, field in (("case_cluster", "n"), ("case", "secret"), ("person", "due")):
        with pytest.raises(NotFound):
            read_field(conn, layers()["cases"], source, field, actor=chief)


def test_values_of_a_layer_need_its_permission(conn: Connection) -> None:
    admin = make.make_actor(conn, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        read_field(conn, layers()["pipelines"], "pipe", "kind", actor=admin)


def test_a_table_that_takes_too_long_is_given_up_with_the_way_out(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field_values, "value_of", lambda _column: "pg_sleep(5)::text")
    monkeypatch.setattr(field_values, "TIMEOUT_MS", 50)
    parcels(conn, ["0701"])
    planner = make.make_actor(conn, Role.PLANNER)
    with pytest.raises(Unavailable):
        read_field(conn, layers()["land_use"], "parcel", "use", actor=planner)
