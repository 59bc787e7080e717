"""Near the edge of a unit grid over HTTP: what is asked, and what the answer does."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests.factories import grid_code, make_cell, middle

SignIn = Callable[..., int]


def test_a_position_near_an_edge_is_answered_with_every_grid_it_may_lie_in(
    web: TestClient, web_database: Engine, street: int, sign_in_as: SignIn
) -> None:
    with web_database.begin() as conn:
        make_cell(conn, 1)
    sign_in_as(Role.SUPERVISOR, area_code=grid_code())
    lon, lat = middle(0.495)
    near = {"lon": lon, "lat": lat, "accuracy_m": 10}
    found = web.get("/api/locate", params=near).json()["candidates"]
    assert [(cell["grid_code"], cell["mine"]) for cell in found] == [
        (grid_code(), True), (grid_code(1), False),
    ]  # fmt: skip
    assert web.get("/api/locate", params={**near, "accuracy_m": 0.1}).json()["candidates"] == []
    assert web.get("/api/locate", params={"lon": lon, "lat": lat}).json()["candidates"] == []
    for wrong in ("-1", "x", "nan", "inf", "1e9"):
        answer = web.get("/api/locate", params={**near, "accuracy_m": wrong})
        assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "accuracy_m")


def test_the_grid_chosen_near_an_edge_counts(
    web: TestClient, web_database: Engine, street: int, sign_in_as: SignIn
) -> None:
    with web_database.begin() as conn:
        make_cell(conn, 1)
    sign_in_as(Role.SUPERVISOR)
    lon, lat = middle(0.495)
    report = {"kind": "event", "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾",
              "accuracy_m": 10, "cell_choice": grid_code(1)}  # fmt: skip
    answer = web.post("/api/cases", json=report, headers={"Idempotency-Key": "edge"})
    assert (answer.status_code, answer.json()["grid_code"]) == (201, grid_code(1))


@pytest.mark.parametrize("chosen", [None, 1])
def test_a_case_tells_which_grids_it_may_lie_in_and_who_chose(
    web: TestClient, web_database: Engine, street: int, sign_in_as: SignIn, chosen: int | None
) -> None:
    with web_database.begin() as conn:
        make_cell(conn, 1)
        name = "SELECT name FROM person WHERE id = :id"
        me = conn.execute(text(name), {"id": sign_in_as(Role.SUPERVISOR)}).scalar_one()
    lon, lat = middle(0.495)
    report = {"kind": "event", "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾",
              "accuracy_m": 10}  # fmt: skip
    report |= {"cell_choice": grid_code(chosen)} if chosen else {}
    headers = {"Idempotency-Key": f"edge-{chosen}"}
    number = web.post("/api/cases", json=report, headers=headers).json()["number"]
    edge = web.get(f"/api/cases/{number}").json()["near_edge"]
    assert edge["accuracy_m"] == 10
    assert (edge["point_cell"], edge["chosen_cell"]) == (grid_code(), grid_code(chosen or 0))
    assert edge["chosen_by"] == (me if chosen else None)
    assert [cell["grid_code"] for cell in edge["cells"]] == [grid_code(), grid_code(1)]
    assert edge["cells"][0]["distance_m"] == 0 < edge["cells"][1]["distance_m"] < 10
    assert edge["cells"][0]["community_zh"]
    sign_in_as(Role.ACCEPTOR, area_code="110102")
    assert web.get(f"/api/cases/{number}").status_code == 404


def test_a_case_clearly_within_its_grid_has_no_edge(
    web: TestClient, street: int, sign_in_as: SignIn
) -> None:
    sign_in_as(Role.SUPERVISOR)
    lon, lat = middle()
    report = {"kind": "event", "class_code": "0110", "lon": lon, "lat": lat, "text": "垃圾"}
    number = web.post("/api/cases", json=report, headers={"Idempotency-Key": "m"}).json()["number"]
    assert web.get(f"/api/cases/{number}").json()["near_edge"] is None
