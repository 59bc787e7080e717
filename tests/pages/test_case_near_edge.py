"""A case reported near the edge of a grid, on its page: a warning where nobody was asked."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role

Visitor = Callable[..., AppTest]

KEEP = text(
    "INSERT INTO case_cell_edge (case_id, accuracy_m, point_cell, chosen_cell, chosen_by,"
    " candidates) SELECT id, 14, grid_code, grid_code, CASE WHEN :asked THEN reporter_id END,"
    " jsonb_build_array(jsonb_build_object('grid_code', grid_code, 'distance_m', 0),"
    " jsonb_build_object('grid_code', '110101999999999', 'distance_m', 5.2))"
    " FROM cases WHERE id = :id"
)


@pytest.mark.parametrize("asked", [True, False])
def test_the_page_says_which_grids_were_possible_and_who_chose(
    own_district: Engine, visitor: Visitor, asked: bool
) -> None:
    with own_district.begin() as conn:
        case = conn.execute(
            text("SELECT id, number, grid_code FROM cases WHERE state = 'REPORTED'"
                 " AND reporter_id IS NOT NULL ORDER BY id LIMIT 1")
        ).one()  # fmt: skip
        conn.execute(KEEP, {"id": case.id, "asked": asked})
    app = visitor(own_district, Role.ACCEPTOR, "case.py")
    app.query_params["number"] = case.number
    app.run()
    assert not app.exception
    said = [str(box.value) for box in (app.caption if asked else app.warning)]
    [edge] = [words for words in said if "靠近网格边界" in words]
    assert "14 米" in edge and "110101999999999" in edge and case.grid_code in edge
    assert ("选择了" in edge) is asked
    assert ("未询问上报人" in edge) is not asked
