"""Components in PostGIS: found by code and cell, thinned for the map."""

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Role, Scope
from gis.components.commands import label_minzooms
from gis.components.queries import component_by_code, components_in_grid
from gis.errors import Forbidden, NotFound
from gis.standards.commands import seed_standards
from tests import factories as make

EVERYTHING = Scope((make.DISTRICT,))


def _three(conn: Connection) -> None:
    seed_standards(conn)
    make.make_cell(conn)
    lon, lat = make.middle()
    for n, code in enumerate(("0137", "0101", "0137")):
        make.make_component(conn, lon=lon + n * 1e-5, lat=lat, class_code=code)


def test_components_of_a_cell_come_by_class_with_their_names(conn: Connection) -> None:
    _three(conn)
    found = components_in_grid(conn, make.grid_code(), scope=EVERYTHING)
    assert [c.class_code for c in found] == ["0101", "0137", "0137"]
    assert found[1].class_name.zh == "路灯" and found[1].class_name.en == "Street lamp"
    assert [
        c.class_code
        for c in components_in_grid(conn, make.grid_code(), scope=EVERYTHING, class_code="0101")
    ] == ["0101"]
    assert len(components_in_grid(conn, make.grid_code(), scope=EVERYTHING, limit=2)) == 2
    assert components_in_grid(conn, make.grid_code(5, 5), scope=EVERYTHING) == []
    assert component_by_code(conn, found[0].code, scope=EVERYTHING) == found[0]


def test_an_unknown_component_is_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound, match="1101010137999999"):
        component_by_code(conn, "1101010137999999", scope=EVERYTHING)


def test_labels_thin_the_map_and_end_its_tiles_only_when_they_change(conn: Connection) -> None:
    _three(conn)
    owner = make.make_actor(conn, Role.DATA_OWNER)
    version = "SELECT coalesce(max(version), 1) FROM layer_version WHERE layer = 'component'"
    before = conn.execute(text(version)).scalar_one()
    assert label_minzooms(conn, actor=owner, now=make.NOW) == 3
    labels = conn.execute(text("SELECT minzoom FROM component ORDER BY id")).scalars().all()
    assert labels[0] == 4 and all(label > 9 for label in labels[1:])
    assert conn.execute(text(version)).scalar_one() == before + 1
    assert label_minzooms(conn, actor=owner, now=make.NOW) == 0
    assert conn.execute(text(version)).scalar_one() == before + 1


def test_labels_need_the_right_to_manage_data(conn: Connection) -> None:
    supervisor = make.make_actor(conn, Role.SUPERVISOR)
    with pytest.raises(Forbidden, match="manage data"):
        label_minzooms(conn, actor=supervisor, now=make.NOW)
