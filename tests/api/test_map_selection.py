"""What lies in an area that somebody drew."""

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests.api.map_asking import OTHER_STREET, SignIn
from tests.factories import grid_code


@pytest.fixture
def district(web_database: Engine, street: int) -> int:
    """The same with an outline of the district; answers the component's id."""
    with web_database.begin() as conn:
        conn.execute(
            text("UPDATE area SET geom = ST_Multi(ST_MakeEnvelope(116.4, 39.9, 116.41, 39.91,"
                 " 4490)) WHERE level = 2")
        )  # fmt: skip
    return street


RING = [[116.4001, 39.9001], [116.4009, 39.9001], [116.4009, 39.9009], [116.4001, 39.9009]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def test_a_drawn_area_answers_a_table_per_layer(
    web: TestClient, sign_in_as: SignIn, district: int
) -> None:
    sign_in_as(Role.PLANNER)
    body = {"geometry": POLYGON, "layers": ["components", "grids"]}
    answer = web.post("/map/selection", json=body)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    components, grids = answer.json()["layers"]
    assert (components["layer"], components["title"]) == ("components", "Components")
    assert (components["total"], components["capped"]) == (1, False)
    keys = [column["key"] for column in components["columns"]]
    assert keys[0] == "code" and len(components["rows"][0]) == len(keys)
    assert grids["rows"][0][0] == grid_code()


def test_a_drawn_area_holds_nothing_of_another_street(
    web: TestClient, sign_in_as: SignIn, district: int
) -> None:
    sign_in_as(Role.PLANNER, area_code=OTHER_STREET)
    body = {"geometry": POLYGON, "layers": ["components", "grids"]}
    tables = web.post("/map/selection", json=body).json()["layers"]
    assert [table["total"] for table in tables] == [0, 0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 422),
        ([], 422),
        ({}, 422),
        ({"layers": ["grids"]}, 422),
        ({"layers": ["grids"], "geometry": "x"}, 422),
        ({"layers": "grids", "geometry": POLYGON}, 422),
        ({"layers": ["grids"] * 13, "geometry": POLYGON}, 422),
        ({"layers": ["nothing"], "geometry": POLYGON}, 404),
        ({"layers": [{"a": 1}], "geometry": POLYGON}, 404),
        ({"layers": ["cases"], "geometry": POLYGON}, 403),
        ({"layers": ["grids"], "geometry": {"type": "Polygon", "coordinates": [[[1]]]}}, 422),
    ],
)
def test_a_selection_of_nonsense_is_refused_with_a_sentence(
    web: TestClient, sign_in_as: SignIn, district: int, body: object, status: int
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.post("/map/selection", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"] and "reference" not in answer.json()
