"""What somebody without a session may send: logins, forms, headers."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, open_session
from tests import factories as make
from tests.api.hostile.refusals import assert_refused_in_words


@pytest.mark.parametrize(
    "form",
    [
        {"login": "\x00", "password": "p"},
        {"login": "admin\x00", "password": "p\x00"},
        {"login": "x" * 100_000, "password": "y" * 100_000},
        {"login": "' OR 1=1 --", "password": ""},
        {"password": "p"},
        {},
    ],
)
def test_logins_that_nobody_has_are_refused_like_any_other(
    stranger: TestClient, form: dict[str, str]
) -> None:
    answer = stranger.post("/auth/sign-in", data=form)
    assert answer.status_code == 401
    assert "do not match" in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\nb\r\n--x--'),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
        ("application/x-www-form-urlencoded", b"login=%ED%A0%80&password=%FF"),
        ("text/plain", b"login=a"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/demo", "/auth/locale"])
def test_forms_that_no_browser_sends_are_no_error_of_ours(
    stranger: TestClient, path: str, kind: str, raw: bytes
) -> None:
    answer = stranger.post(path, content=raw, headers={"Content-Type": kind})
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("role", ["\x00", "system", "SUPERVISOR", "x" * 10_000, ""])
def test_demo_roles_that_are_none_are_refused(stranger: TestClient, role: str) -> None:
    assert_refused_in_words(stranger.post("/auth/demo", data={"role": role}))


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"{COOKIE}="},
        {"cookie": f"{COOKIE}=" + "x" * 5000},
        {"cookie": f"{COOKIE}=%00; {COOKIE}=; ;;;="},
        {"cookie": f'{COOKIE}="\\000"'},
        {"accept-language": "zz;q=x,,,;"},
        {"accept-language": "x" * 5000},
        {"content-length": "-1"},
    ],
)
def test_headers_of_strangers_are_answered_with_the_way_in(
    stranger: TestClient, headers: dict[str, str]
) -> None:
    answer = stranger.get("/api/me", headers=headers)
    assert_refused_in_words(answer)
    assert answer.status_code in (401, 413)


def test_a_session_opened_by_an_odd_browser_is_a_session(
    stranger: TestClient, site: Engine
) -> None:
    with site.begin() as conn:
        person_id = make.make_person(conn, roles=(Role.SUPERVISOR,))
        token, _ = open_session(
            conn, person_id=person_id, now=datetime.now(UTC), user_agent="\xff" * 1000
        )
    stranger.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert stranger.get("/api/me").status_code == 200
    stranger.cookies.clear()
