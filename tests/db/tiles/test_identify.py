"""What a click shows, and to whom."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.catalog.layers import layers
from gis.errors import Forbidden, NotFound, Term
from gis.tiles.identify import feature, grid_contents
from gis.tiles.panel import panel, source_title
from tests.factories import (
    grid_code,
    make_actor,
    make_case,
    make_cell,
    make_component,
    make_department,
    middle,
)

MAP = layers()


def shown(lines: list) -> dict[str, object]:
    return {
        line.title.en: line.value.en if isinstance(line.value, Term) else line.value
        for line in lines
    }


def make_pipe(conn: Connection, cell: str, kind: str = "JS") -> int:
    lon, lat = middle()
    return int(
        conn.execute(
            text(
                "INSERT INTO pipe_segment (code, kind, diameter_mm, depth_m, length_m, grid_code,"
                " geom) VALUES ('P1', :kind, 300, 1.25, 68.4, :cell, ST_SetSRID(ST_MakeLine("
                "ST_MakePoint(:x, :y), ST_MakePoint(:x + 0.0004, :y)), 4490)) RETURNING id"
            ),
            {"kind": kind, "cell": cell, "x": lon, "y": lat},
        ).scalar_one()
    )


def test_a_component_shows_its_class_by_name_and_its_state_in_words(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    department = make_department(conn, name_en="Water company")
    key = make_component(conn, lon=lon, lat=lat, department_id=department, state="damaged")
    actor = make_actor(conn, Role.PLANNER)
    found = feature(conn, MAP["components"], "component", key, actor=actor)
    lines = shown(panel(conn, found))
    assert str(lines["Class"]).endswith("0101")
    assert len(str(lines["Class"])) > 5
    assert (lines["State"], lines["Department"]) == ("Damaged", "Water company")
    assert source_title(found.source.name).zh == "城市部件"
    assert found.grid_code == grid_code()


def test_a_pipe_shows_measures_with_their_units(conn: Connection) -> None:
    cell = make_cell(conn)
    actor = make_actor(conn, Role.PLANNER)
    found = feature(conn, MAP["pipelines"], "pipe", make_pipe(conn, cell), actor=actor)
    lines = {line.title.en: (line.value, line.unit) for line in panel(conn, found)}
    assert lines["Diameter"] == (300, "mm")
    assert lines["Depth"] == (1.25, "m")
    assert "Material" not in lines  # not known: no empty line


def test_a_row_of_another_area_is_not_found(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    key = make_component(conn, lon=lon, lat=lat)
    stranger = make_actor(conn, Role.PLANNER, scope=("110101002",))
    with pytest.raises(NotFound):
        feature(conn, MAP["components"], "component", key, actor=stranger)
    with pytest.raises(NotFound):
        feature(conn, MAP["grids"], "grid", int(grid_code()), actor=stranger)
    assert grid_contents(conn, grid_code(), actor=stranger) == []


def test_a_handler_sees_the_cases_of_the_own_department_only(conn: Connection) -> None:
    make_cell(conn)
    handler = make_actor(conn, Role.HANDLER)
    own = make_case(conn, state="HANDLING", department_id=handler.department_id)
    other = make_case(conn, state="HANDLING", department_id=make_department(conn))
    assert feature(conn, MAP["cases"], "case", own, actor=handler).id == own
    with pytest.raises(NotFound):
        feature(conn, MAP["cases"], "case", other, actor=handler)


def test_a_layer_without_permission_is_forbidden_and_not_counted(conn: Connection) -> None:
    cell = make_cell(conn)
    key = make_pipe(conn, cell)
    supervisor = make_actor(conn, Role.SUPERVISOR, cells=(cell,))
    with pytest.raises(Forbidden):
        feature(conn, MAP["pipelines"], "pipe", key, actor=supervisor)
    assert "pipe" not in {c.topic for c in grid_contents(conn, cell, actor=supervisor)}
    planner = make_actor(conn, Role.PLANNER)
    [pipes] = [c for c in grid_contents(conn, cell, actor=planner) if c.topic == "pipe"]
    assert (pipes.code, pipes.items, pipes.amount) == ("JS", 1, 68.4)


def test_an_unknown_source_or_row_is_not_found(conn: Connection) -> None:
    actor = make_actor(conn, Role.PLANNER)
    for source, key in (("nothing", 1), ("grid", 1), ("grid", 2**60)):
        with pytest.raises(NotFound):
            feature(conn, MAP["grids"], source, key, actor=actor)


@pytest.mark.parametrize("layer", MAP.values(), ids=lambda layer: layer.id)
def test_every_panel_can_be_read_from_its_table(conn: Connection, layer) -> None:  # type: ignore[no-untyped-def]
    """The columns that details.json names exist: an absent row is told, not a broken statement."""
    actor = make_actor(conn, *Role)
    for source in layer.sources:
        with pytest.raises(NotFound):
            feature(conn, layer, source.name, 999_999_999_999, actor=actor)


def test_contents_count_components_by_main_class_without_removed_ones(conn: Connection) -> None:
    cell = make_cell(conn)
    lon, lat = middle()
    for code, state in (("0101", "intact"), ("0102", "intact"), ("0201", "intact"),
                        ("0101", "removed")):  # fmt: skip
        make_component(conn, lon=lon, lat=lat, class_code=code, state=state)
    planner = make_actor(conn, Role.PLANNER)
    counted = {c.code: c.items for c in grid_contents(conn, cell, actor=planner)}
    assert counted == {"01": 2, "02": 1}


def test_a_cluster_answers_the_area_or_the_cell_it_stands_for(conn: Connection) -> None:
    cell = make_cell(conn)
    actor = make_actor(conn, Role.DISPATCHER)
    [near] = {s.table for s in MAP["cases"].sources if s.name == "case_cluster"} - {"area"}
    assert near == "grid_cell"
    found = feature(conn, MAP["cases"], "case_cluster", int(cell), actor=actor)
    assert found.grid_code == cell
    stranger = make_actor(conn, Role.DISPATCHER, scope=("110101002",))
    with pytest.raises(NotFound):
        feature(conn, MAP["cases"], "case_cluster", int(cell), actor=stranger)
