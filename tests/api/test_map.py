"""What the map asks of a feature, a text, a grid: right answers and clear refusals."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from tests.api.map_asking import OTHER_STREET, SignIn, asked, assert_refused
from tests.factories import grid_code, make_case, middle

# ---------------------------------------------------------------- a feature


def test_a_feature_answers_its_lines_in_the_language_of_the_reader(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    shown = asked(web, "feature", layer="components", source="component", id=street)
    lines = {line["title"]: line["value"] for line in shown["lines"]}
    assert lines["State"] == "Intact"
    assert shown["grid_code"] == grid_code()
    assert shown["link"] is None
    assert shown["bounds"] == pytest.approx([*middle(), *middle()])


def test_a_case_carries_the_way_to_its_page(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER)
    with web_database.begin() as conn:
        key = make_case(conn, number="110101001-261118-0042")
    shown = asked(web, "feature", layer="cases", source="case", id=key)
    assert shown["link"]["href"] == "/case?number=110101001-261118-0042"
    assert shown["link"]["text"] == "Open the case"


def test_a_feature_of_another_street_is_not_there(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER, area_code=OTHER_STREET)
    assert_refused(web, "feature", 404, layer="components", source="component", id=street)


def test_a_feature_of_a_layer_without_permission_is_forbidden(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.SUPERVISOR)
    assert_refused(web, "feature", 403, layer="pipelines", source="pipe", id=1)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"layer": "nothing", "source": "component", "id": 1}, 404),
        ({"layer": "components", "source": "'; DROP", "id": 1}, 404),
        ({"layer": "components", "source": "component"}, 422),
        ({"layer": "components", "source": "component", "id": "1e3"}, 422),
        ({"layer": "components", "source": "component", "id": "9" * 30}, 422),
        ({"layer": "components", "source": "component", "id": 10**18}, 404),
        ({"layer": "x" * 500, "source": "component", "id": 1}, 422),
    ],
)
def test_a_feature_that_cannot_be_is_refused_with_a_sentence(
    web: TestClient, sign_in_as: SignIn, street: int, query: dict[str, object], status: int
) -> None:
    sign_in_as(Role.PLANNER)
    assert_refused(web, "feature", status, **query)


# ---------------------------------------------------------------- a search


def test_a_grid_is_suggested_by_its_code(web: TestClient, sign_in_as: SignIn, street: int) -> None:
    sign_in_as(Role.PLANNER)
    [hit] = asked(web, "suggest", q=grid_code())["hits"]
    assert (hit["layer"], hit["source"], hit["id"]) == ("grids", "grid", int(grid_code()))
    assert hit["kind"] == "Unit grid"
    west, south, east, north = hit["bounds"]
    assert west < hit["point"][0] < east and south < hit["point"][1] < north


def test_one_letter_suggests_nothing_and_a_page_of_text_is_refused(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    assert asked(web, "suggest", q="1") == {"hits": []}
    assert asked(web, "suggest") == {"hits": []}
    assert asked(web, "suggest", q="\x00\x00%'\"") == {"hits": []}
    assert_refused(web, "suggest", 422, q="路" * 61)


# ---------------------------------------------------------------- a grid


def test_a_grid_tells_what_lies_in_it_at_a_point(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER)
    with web_database.begin() as conn:
        soon = datetime.now(UTC) + timedelta(hours=2)
        make_case(conn, number="110101001-261118-0042", state="HANDLING", due_at=soon)
    lon, lat = middle()
    told = asked(web, "grid", lon=lon, lat=lat)
    assert (told["inside"], told["yours"], told["code"]) == (True, True, grid_code())
    assert told["path"] == ["Dongcheng", "Donghuamen Street", "Duofuxiang"]
    [components] = [group for group in told["groups"] if group["topic"] == "component"]
    assert (components["title"], components["total"]) == ("Components", "1")
    assert components["lines"][0]["title"] != "01"
    assert told["cases"]["total"] == 1
    [case] = told["cases"]["list"]
    assert (case["lamp"], case["href"]) == ("yellow", "/case?number=110101001-261118-0042")
    assert told["supervisor"] == {"names": [], "on_duty": [], "roster_href": "/roster"}
    assert asked(web, "grid", code=grid_code()) == told


def test_pipes_are_told_in_metres_longest_first_and_one_that_only_touches_the_cell_as_such(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    pipe = text(
        "INSERT INTO pipe_segment (code, kind, diameter_mm, depth_m, length_m, grid_code, geom)"
        " VALUES (:code, :kind, 300, 1, :length_m, :cell, 'LINESTRING(116.4 39.9, 116.401 39.9)')"
    )
    with web_database.begin() as conn:
        for code, kind, length_m in (("P1", "YS", 0.2), ("P2", "YS", 0.1), ("P3", "TR", 40.4)):
            told = {"code": code, "kind": kind, "length_m": length_m, "cell": grid_code()}
            conn.execute(pipe, told)
    groups = asked(web, "grid", code=grid_code())["groups"]
    [pipes] = [group for group in groups if group["topic"] == "pipe"]
    assert pipes["total"] == "41 m"
    assert [(line["value"], line["amount"]) for line in pipes["lines"]] == [
        ("40 m", 40),
        ("< 1 m", 0),
    ]


def test_what_the_posts_do_not_include_is_null(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    told = asked(web, "grid", code=grid_code())
    assert told["cases"] is None and told["supervisor"] is None
    sign_in_as(Role.SUPERVISOR)
    assert asked(web, "grid", code=grid_code())["cases"] == {"total": 0, "list": []}


def test_a_point_of_another_street_has_a_code_and_nothing_else(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER, area_code=OTHER_STREET)
    lon, lat = middle()
    told = asked(web, "grid", lon=lon, lat=lat)
    assert (told["inside"], told["yours"], told["code"]) == (True, False, grid_code())
    assert told["groups"] == [] and told["cases"] is None and told["bounds"] is None
    assert_refused(web, "grid", 404, code=grid_code())


def test_a_point_outside_every_grid_says_so(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    told = asked(web, "grid", lon=10, lat=10)
    assert (told["inside"], told["code"]) == (False, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"lon": "nan", "lat": 39}, 422),
        ({"lon": 116, "lat": "1e400"}, 422),
        ({"lon": "116,4", "lat": 39}, 422),
        ({"code": "110101001001999"}, 404),
        ({"code": "%"}, 404),
        ({"code": "٣" * 15}, 404),
        ({"code": "1" * 70}, 422),
    ],
)
def test_a_grid_that_cannot_be_is_refused_with_a_sentence(
    web: TestClient, sign_in_as: SignIn, street: int, query: dict[str, object], status: int
) -> None:
    sign_in_as(Role.PLANNER)
    assert_refused(web, "grid", status, **query)


def test_a_grid_gives_its_whole_outline_to_those_who_may_see_it(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.PLANNER)
    lon, lat = middle()
    told = asked(web, "outline", lon=lon, lat=lat)
    assert told["code"] == grid_code()
    assert told["outline"]["type"] == "Polygon"
    [ring] = told["outline"]["coordinates"]
    assert ring[0] == ring[-1] and len(ring) == 5
    assert {tuple(place) for place in ring} == {
        (116.4, 39.9), (116.401, 39.9), (116.401, 39.901), (116.4, 39.901)
    }  # fmt: skip
    assert asked(web, "outline", lon=10, lat=10) == {"code": None, "outline": None}
    assert_refused(web, "outline", 422, lon="x", lat=39)
    sign_in_as(Role.PLANNER, area_code=OTHER_STREET)
    assert asked(web, "outline", lon=lon, lat=lat) == {"code": grid_code(), "outline": None}
