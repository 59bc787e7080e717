"""What the map asks again and again: what is new, how much is in view, what happened by day."""

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
from gis.tiles import counts, versions
from tests.api.map_asking import OTHER_STREET, SignIn, asked, assert_refused
from tests.factories import grid_code, make_case, middle

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
    assert_refused(web, "changes", 422, since=since)


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
    assert_refused(web, "counts", 403, bbox=BOX, layers="grids,pipelines")


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
    assert_refused(web, "case-days", 422, **query)


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
