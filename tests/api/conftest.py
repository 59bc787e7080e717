"""The whole HTTP side in this process: real routes, real gate, a real database."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api.errors import HANDLERS
from gis.api.routes import before_routes, resources, served
from gis.api.session import SessionReader
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from gis.tiles import case_days
from gis.ui.page_table import ADDRESSES
from tests.factories import (
    empty_out,
    make_areas,
    make_cell,
    make_component,
    make_person,
    middle,
)

HERE = "http://127.0.0.1"


async def _body(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _boom(_request: Request) -> PlainTextResponse:
    msg = "a secret in the message"
    raise RuntimeError(msg)


class _Stream(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")


@pytest.fixture
def web_database(
    module_database: ClusterUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The runtime of this process on a folder of the test's own and an emptied database."""
    monkeypatch.setenv("DATABASE_URL", module_database.app_url)
    monkeypatch.setenv("WANMI_HOME", str(tmp_path))
    close_runtime()
    case_days.forget()
    owner = make_engine(module_database.owner_url, pool_size=1)
    with owner.begin() as conn:
        empty_out(conn)
    owner.dispose()
    engine = make_engine(module_database.app_url, pool_size=2)
    with engine.begin() as conn:
        make_areas(conn)
    yield engine
    engine.dispose()
    close_runtime()


@pytest.fixture
def web(web_database: Engine) -> Iterator[TestClient]:
    """A client on this machine that nobody is signed in with."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with resources(app):
            yield

    app = Starlette(
        lifespan=lifespan,
        routes=[
            Route("/api/body", _body, methods=["POST"]),
            Route("/api/boom", _boom),
            Route("/boom", _boom),
            *served(ADDRESSES),
            WebSocketRoute("/_stcore/stream", _Stream),
            *create_streamlit_static_assets_routes(base_url=None),
        ],
        middleware=before_routes(SessionReader(fresh_seconds=0)),
        exception_handlers=HANDLERS,
    )
    with TestClient(
        app, base_url=HERE, client=("127.0.0.1", 50_000), follow_redirects=False,
        raise_server_exceptions=False, headers={"Accept-Language": "en"},
    ) as client:  # fmt: skip
        yield client


@pytest.fixture
def sign_in_as(web: TestClient, web_database: Engine) -> Callable[..., int]:
    """`sign_in_as(Role.PLANNER)` gives the client a session; answers the person's id."""

    def sign_in(*roles: Role, area_code: str = "110101") -> int:
        with web_database.begin() as conn:
            person_id = make_person(conn, roles=roles, area_code=area_code)
            token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
        web.cookies.set(COOKIE, token, domain="127.0.0.1")
        return person_id

    return sign_in


@pytest.fixture
def street(web_database: Engine) -> int:
    """One cell with one component; answers the component's id."""
    with web_database.begin() as conn:
        make_cell(conn)
        lon, lat = middle()
        return make_component(conn, lon=lon, lat=lat)
