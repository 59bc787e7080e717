"""Pages run by Streamlit's own test runner: real shell, real guard, a real demo district."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.accounts.sessions import enter_demo
from gis.config import CHECKOUT
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.runtime import close_runtime
from gis.ui import session

SHELL = CHECKOUT / "gis" / "ui" / "shell.py"
RUN_MOST_S = 60


@pytest.fixture
def district(demo_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The runtime of this process on the demo district of this test run."""
    monkeypatch.setenv("DATABASE_URL", demo_database.app_url)
    close_runtime()
    st.cache_data.clear()
    engine = make_engine(demo_database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()
    st.cache_data.clear()


@pytest.fixture
def own_district(
    fresh_demo_database: ClusterUrls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The same for a test that changes it."""
    monkeypatch.setenv("DATABASE_URL", fresh_demo_database.app_url)
    close_runtime()
    st.cache_data.clear()
    engine = make_engine(fresh_demo_database.app_url, pool_size=2)
    yield engine
    engine.dispose()
    close_runtime()
    st.cache_data.clear()


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`visitor(engine, Role.PLANNER, "people.py")` opens a page as the demo person of a role."""

    def open_as(
        engine: Engine | None, role: Role | None, page: str = "home.py", locale: str = "zh-CN"
    ) -> AppTest:
        token = None
        if engine is not None and role is not None:
            with engine.begin() as conn:
                opened = enter_demo(conn, role, now=datetime.now(UTC))
            assert opened is not None, f"the demo has no {role}"
            token = opened[0]
        monkeypatch.setattr(session, "session_token", lambda: token)
        app = AppTest.from_file(str(SHELL), default_timeout=RUN_MOST_S)
        app.session_state["wanmi.locale"] = locale
        app.run()
        if page != "home.py" and token is not None:
            app.switch_page(str(CHECKOUT / "pages" / page)).run()
        return app

    return open_as
