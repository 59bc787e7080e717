"""The shell: strangers stay out, each role sees its pages, every page opens in both languages."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Actor, Role, Scope, permissions_of
from gis.accounts.sessions import end_session, hash_of
from gis.ui import session
from gis.ui.page_table import FIRST, PAGES, TABLE, offered

Visitor = Callable[..., AppTest]
ROLES = [role for role in Role if role is not Role.SYSTEM]


def _texts(app: AppTest) -> str:
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info,
             app.warning, app.error, app.success)  # fmt: skip
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_a_stranger_sees_nothing_but_the_way_in(district: Engine, visitor: Visitor) -> None:
    app = visitor(district, None)
    assert not app.exception
    assert "您已退出登录" in _texts(app)
    assert not app.title
    assert not app.sidebar.children


def test_a_page_run_directly_refuses_a_stranger_too(
    district: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "session_token", lambda: None)
    app = AppTest.from_file(str(PAGES / "people.py"), default_timeout=60).run()
    assert not app.exception
    assert not app.dataframe
    assert "您已退出登录" in _texts(app)


def test_a_page_run_directly_refuses_a_role_without_the_permission(
    district: Engine, visitor: Visitor
) -> None:
    visitor(district, Role.PLANNER)
    app = AppTest.from_file(str(PAGES / "people.py"), default_timeout=60).run()
    assert "您的岗位无权使用此页面" in _texts(app)
    assert not app.dataframe


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_offered_the_pages_it_may_open(role: Role) -> None:
    actor = Actor(1, "x", "x", 1, frozenset({role}), Scope(("110101",)))
    for page in offered(actor):
        assert page.permission is None or page.permission in permissions_of(role)
    withheld = [p for p in TABLE if p not in offered(actor) and (PAGES / p.file).is_file()]
    for page in withheld:
        assert (page.permission and page.permission not in permissions_of(role)) or page.roles
    assert FIRST[role] in {page.file for page in TABLE}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_the_start_page_greets_every_role(
    district: Engine, visitor: Visitor, role: Role, locale: str
) -> None:
    app = visitor(district, role, locale=locale)
    assert not app.exception
    assert [t.value for t in app.title] == ["首页" if locale == "zh-CN" else "Start"]
    words = "演示城区" if locale == "zh-CN" else "Demo district"
    assert words in _texts(app)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADMINISTRATOR, "people.py"),
        (Role.SHIFT_LEADER, "roster.py"),
        (Role.AUDITOR, "about.py"),
        (Role.MANAGER, "people.py"),
        (Role.MANAGER, "roster.py"),
    ],
)
def test_our_pages_open(
    district: Engine, visitor: Visitor, role: Role, page: str, locale: str
) -> None:
    app = visitor(district, role, page, locale)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


def test_a_revoked_session_ends_at_the_next_run(own_district: Engine, visitor: Visitor) -> None:
    app = visitor(own_district, Role.ADMINISTRATOR, "people.py")
    assert app.dataframe
    token = session.session_token()
    assert token is not None
    with own_district.begin() as conn:
        end_session(conn, token, now=datetime.now(UTC))
    app.session_state["wanmi.read"] = (0.0, None, None)  # as half a second later
    app.run()
    assert not app.dataframe
    assert "您已退出登录" in _texts(app)


def test_the_language_switch_is_kept_with_the_person(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.PLANNER)
    app.segmented_control(key="shell.language").set_value("en").run()
    assert [t.value for t in app.title] == ["Start"]
    token = session.session_token()
    assert token is not None
    with own_district.begin() as conn:
        saved = conn.execute(
            text(
                "SELECT p.locale FROM person p JOIN web_session s ON s.person_id = p.id"
                " WHERE s.token_hash = :h"
            ),
            {"h": hash_of(token)},
        ).scalar()
    assert saved == "en"
