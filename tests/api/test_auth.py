"""Signing in, the lock, the demo's door, signing out, languages."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.passwords import hash_password
from gis.accounts.sessions import COOKIE, LOCALE_COOKIE
from gis.api.auth import safe_next
from tests.factories import make_person, set_setting

PASSWORD = "seven quiet bridges"
HASH = hash_password(PASSWORD)
SignIn = Callable[..., int]


@pytest.fixture
def wang(web_database: Engine) -> int:
    with web_database.begin() as conn:
        return make_person(
            conn, roles=(Role.DISPATCHER,), login="wang.min", name="王敏", password_hash=HASH
        )


@pytest.fixture
def demo(web_database: Engine) -> None:
    with web_database.begin() as conn:
        set_setting(conn, "demo", {"seed": 1, "size": "tiny"})
        for role in (Role.SUPERVISOR, Role.PLANNER):
            make_person(conn, roles=(role,), demo=True)


def _sign_in(web: TestClient, login: str = "wang.min", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return web.post("/auth/sign-in", data={"login": login, "password": password, **more})


def test_the_right_password_opens_a_session(web: TestClient, wang: int) -> None:
    answer = _sign_in(web, next="/map?z=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/map?z=3")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    me = web.get("/api/me").json()
    assert (me["name"], me["roles"], me["areas"]) == ("王敏", ["dispatcher"], ["110101"])


def test_behind_tls_the_cookie_is_secure(web: TestClient, wang: int) -> None:
    answer = web.post(
        "/auth/sign-in",
        data={"login": "wang.min", "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("login", "password"), [("wang.min", "wrong"), ("nobody", PASSWORD), ("", ""), ("wang.min", "")]
)
def test_a_wrong_pair_gets_one_and_the_same_answer(
    web: TestClient, wang: int, login: str, password: str
) -> None:
    answer = _sign_in(web, login, password)
    assert answer.status_code == 401
    assert "Login and password do not match." in answer.text
    assert COOKIE not in answer.cookies
    assert f'value="{login}"' in answer.text  # what was typed is kept


def test_after_five_failures_the_account_is_locked_for_everybody(
    web: TestClient, wang: int, web_database: Engine
) -> None:
    for _ in range(5):
        assert _sign_in(web, password="wrong").status_code == 401
    assert _sign_in(web).status_code == 401
    with web_database.begin() as conn:
        conn.execute(text("UPDATE person SET locked_until = now() - interval '1 second'"))
    assert _sign_in(web).status_code == 303


def test_what_is_typed_is_shown_as_text(web: TestClient) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    answer = _sign_in(web, login=evil, next='/"><script>')
    assert "<img" not in answer.text
    assert "<script" not in answer.text
    assert "&lt;img" in answer.text


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "",
     "/\t/evil.example", "/\n/evil.example", "evil"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(wanted: str) -> None:
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize("path", ["/", "/map", "/case?number=110101001-261122-0007"])
def test_signing_in_leads_back(path: str) -> None:
    assert safe_next(path) == path


def test_who_is_signed_in_needs_no_form(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get("/auth/sign-in?next=/map")
    assert (answer.status_code, answer.headers["location"]) == (303, "/map")


def test_signing_out_ends_the_session_everywhere(web: TestClient, wang: int) -> None:
    _sign_in(web)
    token = web.cookies[COOKIE]
    assert web.post("/auth/sign-out").status_code == 303
    assert COOKIE not in web.cookies
    web.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert web.get("/api/me").status_code == 401


def test_signing_out_needs_a_post(web: TestClient, sign_in_as: SignIn) -> None:
    sign_in_as(Role.PLANNER)
    refused = web.get("/auth/sign-out")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert web.get("/api/me").status_code == 200


def test_the_demo_offers_one_button_per_role_that_exists(web: TestClient, demo: None) -> None:
    page = web.get("/auth/sign-in").text
    assert page.count('name="role"') == 2
    assert "every other figure, person and case is generated" in page


def test_one_click_signs_in_as_a_generated_person(web: TestClient, demo: None) -> None:
    answer = web.post("/auth/demo", data={"role": "planner", "next": "/map"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/map")
    me = web.get("/api/me").json()
    assert (me["roles"], me["demo"]) == (["planner"], True)


@pytest.mark.parametrize("role", ["auditor", "system", "nonsense", ""])
def test_one_click_opens_no_role_that_nobody_has(web: TestClient, demo: None, role: str) -> None:
    assert web.post("/auth/demo", data={"role": role}).status_code == 403


def test_the_first_real_account_ends_one_click_and_who_came_by_it(
    web: TestClient, demo: None, web_database: Engine
) -> None:
    from datetime import UTC, datetime

    from gis.accounts.commands import create_person
    from gis.accounts.model import SYSTEM
    from gis.accounts.people_rules import PersonDraft

    web.post("/auth/demo", data={"role": "planner"})
    assert web.get("/api/me").status_code == 200
    with web_database.begin() as conn:
        department_id = conn.execute(text("SELECT min(id) FROM department")).scalar_one()
        create_person(
            conn, actor=SYSTEM, draft=PersonDraft("real", "Real", department_id),
            now=datetime.now(UTC),
        )  # fmt: skip
    assert web.get("/api/me").status_code == 401
    assert 'name="role"' not in web.get("/auth/sign-in").text
    assert web.post("/auth/demo", data={"role": "planner"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Host": "wanmi.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_one_click_is_for_this_machine_only(
    web: TestClient, demo: None, headers: dict[str, str]
) -> None:
    assert 'name="role"' not in web.get("/auth/sign-in", headers=headers).text
    assert web.post("/auth/demo", data={"role": "planner"}, headers=headers).status_code == 403


def test_one_click_is_closed_without_the_generator_s_mark(
    web: TestClient, web_database: Engine
) -> None:
    with web_database.begin() as conn:
        make_person(conn, roles=(Role.PLANNER,), demo=True)
    assert web.post("/auth/demo", data={"role": "planner"}).status_code == 403


def test_the_page_speaks_the_browser_s_language_until_one_is_chosen(web: TestClient) -> None:
    zh = web.get("/auth/sign-in", headers={"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.1"}).text
    assert '<html lang="zh-CN">' in zh
    assert "登录名" in zh
    answer = web.post("/auth/locale", data={"locale": "zh-CN", "next": "/auth/sign-in"})
    assert answer.status_code == 303
    assert web.cookies[LOCALE_COOKIE] == "zh-CN"
    assert "登录名" in web.get("/auth/sign-in", headers={"Accept-Language": "en"}).text


def test_a_language_that_is_not_spoken_is_not_kept(web: TestClient) -> None:
    web.post("/auth/locale", data={"locale": "fr"})
    assert LOCALE_COOKIE not in web.cookies


def test_a_chosen_language_stays_with_the_person(
    web: TestClient, sign_in_as: SignIn, web_database: Engine
) -> None:
    person_id = sign_in_as(Role.PLANNER)
    web.post("/auth/locale", data={"locale": "zh-CN"})
    with web_database.begin() as conn:
        saved = conn.execute(
            text("SELECT locale FROM person WHERE id = :i"), {"i": person_id}
        ).scalar_one()
    assert saved == "zh-CN"
    web.cookies.delete(LOCALE_COOKIE)
    assert web.get("/api/me").json()["locale"] == "zh-CN"


def test_errors_speak_the_asker_s_language(web: TestClient) -> None:
    zh = web.get("/api/me", headers={"Accept-Language": "zh-CN"}).json()["message"]
    assert zh.startswith("您已退出登录")
    assert web.get("/api/me").json()["message"] == "You are signed out. Sign in to go on."
