"""Every role at every address: who is refused, and that nothing is forgotten in the table."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from starlette.routing import Route
from starlette.testclient import TestClient

from gis.accounts.model import Permission, Role, permissions_of
from gis.api.gate import is_public
from gis.api.routes import routes
from gis.catalog.layers import layers
from tests.factories import make_cell

SignIn = Callable[..., int]
NOBODY = "110101001-261122-9999"

REPORT = {"kind": "event", "class_code": "0101", "lon": 116.4005, "lat": 39.9005}
Row = tuple[str, str, str, dict[str, object] | None, tuple[Permission, ...]]

# method, route, an address of it, the body, and of which permissions one is needed; none of them
# means: everybody who is signed in
TABLE: tuple[Row, ...] = (
    ("GET", "/api/me", "/api/me", None, ()),
    ("POST", "/api/cases", "/api/cases", REPORT, (Permission.LOG_CASES,)),
    ("GET", "/api/cases", "/api/cases", None, (Permission.VIEW_CASES,)),
    (
        "GET", "/api/cases/duplicates",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=116.4005&lat=39.9005", None,
        (Permission.VIEW_CASES,),
    ),
    ("GET", "/api/cases/{number}", f"/api/cases/{NOBODY}", None, (Permission.VIEW_CASES,)),
    (
        "POST", "/api/cases/{number}/moves", f"/api/cases/{NOBODY}/moves",
        {"move": "close", "version": 1, "fields": {}}, (Permission.MOVE_CASES,),
    ),
    (
        "GET", "/api/cases/{number}/tasks", f"/api/cases/{NOBODY}/tasks", None,
        (Permission.VIEW_CASES,),
    ),
    (
        "POST", "/api/cases/{number}/tasks", f"/api/cases/{NOBODY}/tasks",
        {"department": 1, "words": "x"}, (Permission.MOVE_CASES,),
    ),
    (
        "POST", "/api/cases/{number}/tasks/{task:int}", f"/api/cases/{NOBODY}/tasks/1",
        {"step": "take_up", "version": 1}, (Permission.MOVE_CASES,),
    ),
    (
        "POST", "/api/cases/{number}/tasks/{task:int}/person",
        f"/api/cases/{NOBODY}/tasks/1/person", {"person": 1, "version": 1},
        (Permission.MOVE_CASES,),
    ),
    (
        "GET", "/api/cases/{number}/people", f"/api/cases/{NOBODY}/people", None,
        (Permission.MOVE_CASES,),
    ),
    ("GET", "/api/questions", "/api/questions", None, ()),
    ("GET", "/api/classes", "/api/classes?q=x", None, ()),
    ("GET", "/api/locate", "/api/locate?lon=116.4005&lat=39.9005", None, ()),
    ("POST", "/api/files", "/api/files", {}, (Permission.LOG_CASES, Permission.MOVE_CASES)),
    ("GET", "/files/{sha256}", f"/files/{'0' * 64}", None, ()),
    ("GET", "/log/phone", "/log/phone", None, (Permission.LOG_CASES,)),
    ("GET", "/log/work", "/log/work", None, (Permission.MOVE_CASES,)),
    ("GET", "/api/tasks/mine", "/api/tasks/mine", None, (Permission.MOVE_CASES,)),
    ("GET", "/log/config", "/log/config", None, (Permission.LOG_CASES,)),
    ("GET", "/log/sw.js", "/log/sw.js", None, ()),
    ("GET", "/log/app.webmanifest", "/log/app.webmanifest", None, (Permission.LOG_CASES,)),
    ("GET", "/log/app/{version}/{name}", "/log/app/x/y", None, ()),
    ("GET", "/log/cell/{code}", "/log/cell/110101001001001", None, (Permission.LOG_CASES,)),
    ("GET", "/map/case-days", "/map/case-days?days=9&level=3", None, (Permission.VIEW_CASES,)),
    ("GET", "/map/changes", "/map/changes", None, (Permission.VIEW_MAP,)),
    (
        "GET", "/map/counts", "/map/counts?bbox=116,39,117,40&layers=grids", None,
        (Permission.VIEW_MAP,),
    ),
    (
        "GET", "/map/feature", "/map/feature?layer=grids&source=grid&id=110101001001001", None,
        (Permission.VIEW_MAP,),
    ),
    ("GET", "/map/grid", "/map/grid?code=110101001001001", None, (Permission.VIEW_MAP,)),
    ("GET", "/map/outline", "/map/outline?lon=116.4&lat=39.9", None, (Permission.VIEW_MAP,)),
    (
        "POST", "/map/selection", "/map/selection",
        {"geometry": {"type": "Polygon", "coordinates": []}, "layers": ["grids"]},
        (Permission.VIEW_MAP,),
    ),
    ("GET", "/map/suggest", "/map/suggest?q=x", None, (Permission.VIEW_MAP,)),
    ("GET", "/basemap/{name}/{z}/{x}/{y}", "/basemap/x/1/0/0", None, (Permission.VIEW_MAP,)),
    ("GET", "/print/map", "/print/map?paper=a4", None, (Permission.VIEW_MAP,)),
    ("GET", "/print/map.css", "/print/map.css", None, ()),
    ("GET", "/print/print.css", "/print/print.css", None, ()),
    ("GET", "/print/case/{number}", f"/print/case/{NOBODY}", None, (Permission.VIEW_CASES,)),
)  # fmt: skip
TILES = "/tiles/{layer}/{z}/{x}/{y}"
ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.fixture
def street(web_database: Engine) -> None:
    with web_database.begin() as conn:
        make_cell(conn)


def test_every_route_stands_in_the_table() -> None:
    listed = {(method, route) for method, route, *_ in TABLE} | {("GET", TILES)}
    made = {
        (method, route.path)
        for route in routes
        if isinstance(route, Route) and not is_public(route.path)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert made == listed


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_what_it_may_not_and_nothing_else(
    web: TestClient, sign_in_as: SignIn, street: None, role: Role
) -> None:
    sign_in_as(role)
    wrong = []
    for method, _route, path, body, needed in TABLE:
        status = web.request(method, path, json=body).status_code
        allowed = not needed or not permissions_of(role).isdisjoint(needed)
        if (status != 403) is not allowed or status in {401, 500}:
            wrong.append((method, path, status, "allowed" if allowed else "forbidden"))
    assert not wrong


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_tiles_of_the_layers_it_may_see(
    web: TestClient, sign_in_as: SignIn, street: None, role: Role
) -> None:
    sign_in_as(role)
    wrong = []
    for layer in layers().values():
        status = web.get(f"/tiles/{layer.id}/14/13489/6208").status_code
        allowed = layer.permission in permissions_of(role)
        if (status != 403) is not allowed or status in {401, 500}:
            wrong.append((layer.id, status, "allowed" if allowed else "forbidden"))
    assert not wrong


def test_a_person_without_a_post_may_nothing(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as()
    for method, _route, path, body, needed in TABLE:
        status = web.request(method, path, json=body).status_code
        assert (status == 403) is bool(needed), (method, path, status)
