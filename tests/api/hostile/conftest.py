"""One process and one database for the hostile requests of a module."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from gis.api.errors import HANDLERS
from gis.api.gate import Gate
from gis.api.routes import resources, routes
from gis.api.session import SessionReader
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from tests import factories as make


@pytest.fixture(scope="module")
def site(
    module_database: ClusterUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One process and one database for all of these: what is refused leaves nothing behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", module_database.app_url)
        patch.setenv("WANMI_HOME", str(tmp_path_factory.mktemp("home")))
        close_runtime()
        engine = make_engine(module_database.app_url, pool_size=2)
        with engine.begin() as conn:
            make.make_cell(conn)
        yield engine
        engine.dispose()
        close_runtime()


@pytest.fixture(scope="module")
def stranger(site: Engine) -> Iterator[TestClient]:
    """A client on this machine that nobody is signed in with."""
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Gate, sessions=SessionReader())],
        exception_handlers=HANDLERS,
        lifespan=resources,
    )
    with TestClient(
        app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000), follow_redirects=False,
        raise_server_exceptions=False, headers={"Accept-Language": "en"},
    ) as client:  # fmt: skip
        yield client


@pytest.fixture(scope="module")
def person(site: Engine) -> int:
    """Somebody who may do what any of these roles may."""
    with site.begin() as conn:
        return make.make_person(
            conn,
            roles=(
                Role.SUPERVISOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.HANDLER,
                Role.PLANNER, Role.MANAGER,
            ),
        )  # fmt: skip


@pytest.fixture
def web(site: Engine, stranger: TestClient, person: int) -> Iterator[TestClient]:
    """The client, signed in."""
    with site.begin() as conn:
        token, _ = open_session(conn, person_id=person, now=datetime.now(UTC))
    stranger.cookies.set(COOKIE, token, domain="127.0.0.1")
    yield stranger
    stranger.cookies.clear()
