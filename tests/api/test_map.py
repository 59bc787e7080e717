"""What the map asks beside its tiles: right answers, to the right people, and clear refusals."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from starlette.requests import Request
from starlette.testclient import TestClient

from gis.accounts.model import Actor, Role, Scope, permissions_of
from gis.api import map as routes
from gis.api.gate import Gate
from gis.catalog.layers import layers
from gis.runtime import close_runtime
from gis.tiles import case_days, counts, versions
from tests.factories import grid_code, make_case, make_cell, make_component, middle

SignIn = Callable[..., int]
OTHER_STREET = "110101002"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Every test empties the database that was counted before."""
    case_days.forget()


@pytest.fixture
def street(web_database: Engine) -> int:
    """One cell with one component; answers the component's id."""
    with web_database.begin() as conn:
        make_cell(conn)
        lon, lat = middle()
        return make_component(conn, lon=lon, lat=lat)


def asked(web: TestClient, path: str, status: int = 200, **query: object) -> Any:
    answer = web.get(f"/map/{path}", params={k: str(v) for k, v in query.items()})
    assert answer.status_code == status, answer.text
    assert "no-store" in answer.headers["cache-control"]
    return answer.json()


def refused(web: TestClient, path: str, status: int, **query: object) -> None:
    said = asked(web, path, status, **query)
    assert said["error"] and said["message"] and "reference" not in said


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
    refused(web, "feature", 404, layer="components", source="component", id=street)


def test_a_feature_of_a_layer_without_permission_is_forbidden(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.SUPERVISOR)
    refused(web, "feature", 403, layer="pipelines", source="pipe", id=1)


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
    refused(web, "feature", status, **query)


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
    refused(web, "suggest", 422, q="路" * 61)


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
    refused(web, "grid", 404, code=grid_code())


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
    refused(web, "grid", status, **query)


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
    refused(web, "outline", 422, lon="x", lat=39)
    sign_in_as(Role.PLANNER, area_code=OTHER_STREET)
    assert asked(web, "outline", lon=lon, lat=lat) == {"code": grid_code(), "outline": None}


# ---------------------------------------------------------------- what is new


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed shows in the next answer, not a quarter of a second later."""
    monkeypatch.setattr(versions, "VERSIONS_FRESH_S", 0.0)


def step(site: Engine, **case: Any) -> tuple[float, float]:
    """A case with its first event, committed; answers where it lies."""
    at = case.setdefault("at", middle(0.1, 0.2))
    with site.begin() as conn:
        key = make_case(conn, **case)
        conn.execute(
            text("INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role)"
                 " VALUES (:key, 1, 'report', 'START', 'REPORTED', now(), 'supervisor')"),
            {"key": key},
        )  # fmt: skip
    return float(at[0]), float(at[1])


def test_changes_name_the_layers_of_the_reader_with_the_tags_of_their_tiles(
    web: TestClient, sign_in_as: SignIn, street: int, at_once: None
) -> None:
    sign_in_as(Role.PLANNER)
    now = asked(web, "changes")
    planner = permissions_of(Role.PLANNER)
    assert set(now["layers"]) == {x.id for x in layers().values() if x.permission in planner}
    assert now["cases"] == {"all": False, "points": []}
    sign_in_as(Role.PLANNER, area_code=OTHER_STREET)
    other = asked(web, "changes")
    assert other["layers"]["grids"] != now["layers"]["grids"]
    assert other["layers"]["roads"] == now["layers"]["roads"]


def test_a_new_case_is_told_once_with_its_place(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int, at_once: None
) -> None:
    sign_in_as(Role.DISPATCHER)
    before = asked(web, "changes")
    place = step(web_database, number="110101001-261118-0042")
    after = asked(web, "changes", since=before["tag"])
    assert [*place] in after["cases"]["points"]
    assert after["layers"]["cases"] != before["layers"]["cases"]
    again = asked(web, "changes", since=after["tag"])
    assert again["cases"] == {"all": False, "points": []} and again["tag"] == after["tag"]


def test_a_case_of_another_street_is_not_told(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int, at_once: None
) -> None:
    sign_in_as(Role.DISPATCHER, area_code=OTHER_STREET)
    before = asked(web, "changes")
    step(web_database, number="110101001-261118-0042")
    after = asked(web, "changes", since=before["tag"])
    assert after["cases"] == {"all": False, "points": []}


@pytest.mark.parametrize("since", ["x", "1", "1-2-3", "-1-2", "9" * 40 + "-1", "1-'", "٣-٣", ""])
def test_a_tag_that_is_none_of_ours_is_refused(
    web: TestClient, sign_in_as: SignIn, street: int, since: str
) -> None:
    sign_in_as(Role.PLANNER)
    refused(web, "changes", 422, since=since)


# ---------------------------------------------------------------- counts in a box

BOX = "116.39,39.89,116.42,39.92"


def test_counts_go_by_the_codes_of_the_legend_within_the_box(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER)
    with web_database.begin() as conn:
        late = datetime.now(UTC) - timedelta(hours=2)
        make_case(conn, number="110101001-261118-0042", state="HANDLING", due_at=late)
    held = asked(web, "counts", bbox=BOX, layers="components,cases,grids")["layers"]
    assert held["components"] == {"total": 1, "codes": {"1": 1}, "capped": False}
    assert held["cases"] == {"total": 1, "codes": {"red": 1}, "capped": False}
    assert held["grids"]["total"] == 1
    away = asked(web, "counts", bbox="100,20,101,21", layers="components")["layers"]
    assert away["components"]["total"] == 0


def test_counts_hold_nothing_of_another_street(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER, area_code=OTHER_STREET)
    held = asked(web, "counts", bbox=BOX, layers="components,grids")["layers"]
    assert (held["components"]["total"], held["grids"]["total"]) == (0, 0)


def test_a_count_that_takes_too_long_is_null_and_leaves_the_others(
    web: TestClient, sign_in_as: SignIn, street: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_as(Role.DISPATCHER)
    slow = "pg_sleep(9) IS NOT NULL AND geom_3857 && {box}"
    monkeypatch.setattr(counts, "TIMEOUT_MS", 1_500)
    monkeypatch.setattr(counts, "_REACHES", {**counts._REACHES, "point": slow})
    held = asked(web, "counts", bbox=BOX, layers="components,grids")["layers"]
    assert held["components"] == {"total": None, "codes": None, "capped": False}
    assert held["grids"]["total"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"layers": "grids"}, 422),
        ({"bbox": "1,2,3", "layers": "grids"}, 422),
        ({"bbox": "nan,1,2,3", "layers": "grids"}, 422),
        ({"bbox": "3,1,2,3", "layers": "grids"}, 422),
        ({"bbox": BOX}, 404),
        ({"bbox": BOX, "layers": "grids,nothing"}, 404),
        ({"bbox": BOX, "layers": "a" * 2000}, 422),
        ({"bbox": "-inf,-inf,inf,inf", "layers": "grids"}, 200),
    ],
)
def test_a_count_of_nonsense_is_refused_with_a_sentence(
    web: TestClient, sign_in_as: SignIn, street: int, query: dict[str, object], status: int
) -> None:
    sign_in_as(Role.PLANNER)
    said = asked(web, "counts", status, **query)
    assert status == 200 or said["message"]


def test_a_layer_without_permission_is_not_counted(
    web: TestClient, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.SUPERVISOR)
    refused(web, "counts", 403, bbox=BOX, layers="grids,pipelines")


# ---------------------------------------------------------------- cases by day


def test_reports_are_counted_by_day_and_area(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER)
    now = datetime.now(UTC)
    with web_database.begin() as conn:
        for number, back in (("0001", 0), ("0002", 0), ("0003", 5), ("0004", 40)):
            at = now - timedelta(days=back)
            make_case(conn, number=f"110101001-261118-{number}", reported_at=at)
    told = asked(web, "case-days", days=30, level=3)
    assert told["days"] == 30
    assert list(told["areas"]) == ["110101001"]
    per_day = told["areas"]["110101001"]
    assert (len(per_day), per_day[-1], per_day[-6], sum(per_day)) == (30, 2, 1, 3)
    assert list(asked(web, "case-days", days=30, level=4)["areas"]) == ["110101001001"]


def test_reports_of_another_street_are_not_counted(
    web: TestClient, web_database: Engine, sign_in_as: SignIn, street: int
) -> None:
    sign_in_as(Role.DISPATCHER, area_code=OTHER_STREET)
    with web_database.begin() as conn:
        make_case(conn, number="110101001-261118-0001", reported_at=datetime.now(UTC))
    assert asked(web, "case-days", days=90, level=3)["areas"] == {}


@pytest.mark.parametrize(
    "query", [{}, {"days": 90}, {"days": 0, "level": 3}, {"days": 91, "level": 3},
              {"days": "9e1", "level": 3}, {"days": 90, "level": 5}, {"days": "-1", "level": 4}],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(
    web: TestClient, sign_in_as: SignIn, street: int, query: dict[str, object]
) -> None:
    sign_in_as(Role.DISPATCHER)
    refused(web, "case-days", 422, **query)


# ---------------------------------------------------------------- the door

ROUTES = (
    "changes", "suggest?q=x", "feature?layer=grids&source=grid&id=1", "grid?lon=116&lat=39",
    f"counts?bbox={BOX}&layers=grids", "case-days?days=90&level=3",
)  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
def test_without_a_session_there_is_nothing(web: TestClient, path: str) -> None:
    answer = web.get(f"/map/{path}")
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed_out"


@pytest.mark.parametrize("path", ROUTES)
def test_while_the_database_is_away_the_answer_is_to_try_again(
    web: TestClient, sign_in_as: SignIn, street: int, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_as(Role.DISPATCHER)
    actor = Actor(1, "x", "x", None, frozenset({Role.DISPATCHER}), Scope(("",)), "en")
    monkeypatch.setattr(Gate, "_answer", _let_in(actor))
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    close_runtime()
    monkeypatch.setenv("DATABASE_URL", away)
    answer = web.get(f"/map/{path}")
    assert answer.status_code == 503
    assert "Try again" in answer.json()["message"]


@pytest.mark.parametrize(
    "trouble",
    [
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SET LOCAL statement_timeout = 50; SELECT pg_sleep(9)",
    ],
)
def test_a_database_that_goes_away_or_sticks_half_way_is_no_fault_of_the_asker(
    web: TestClient, sign_in_as: SignIn, street: int, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    sign_in_as(Role.PLANNER)

    def stuck(conn: Connection, *_asked: object, **_more: object) -> list[object]:
        for statement in trouble.split("; "):
            conn.execute(text(statement))
        return []

    with monkeypatch.context() as patch:
        patch.setattr(routes, "search", stuck)
        answer = web.get("/map/suggest?q=xy")
    assert answer.status_code == 503
    assert "Try again" in answer.json()["message"]
    assert asked(web, "suggest", q=grid_code())["hits"], "the next question is answered again"


def _let_in(actor: Actor) -> Any:
    async def _answer(_gate: Gate, request: Request) -> None:
        request.state.actor = actor

    return _answer


# ---------------------------------------------------------------- a selection


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
