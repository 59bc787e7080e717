"""Signing in and out, by forms that need no script."""

import time as clock
from datetime import UTC, datetime
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gis.accounts.model import Permission, Role
from gis.accounts.passwords import verify
from gis.accounts.sessions import (
    COOKIE,
    LOCALE_COOKIE,
    demo_is_open,
    demo_roles,
    end_session,
    enter_demo,
    save_locale,
)
from gis.accounts.signing_in import credentials_of, finish, refusal
from gis.api.errors import locale_of
from gis.api.session import SESSIONS, actor_of, is_https, set_session_cookie
from gis.api.sign_in_page import STYLE, page
from gis.db.engine import transaction
from gis.db.settings import read_settings_of
from gis.errors import Forbidden, GisError, Unavailable
from gis.i18n import LOCALES, N_
from gis.runtime import runtime

_CHECKING = CapacityLimiter(2)
"""argon2id takes 64 MiB and a core for ~60 ms: a burst of sign-ins queues up by itself."""
_WAITING_MOST = 20
LOOPBACK = frozenset({"127.0.0.1", "::1"})
LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
YEAR_SECONDS = 31_536_000
LEFT_COOKIE = "wanmi_left"
"""When somebody last signed out in this browser, readable by scripts of `/log`."""


def safe_next(wanted: str | None) -> str:
    """Where to go on: a path of ours, never another site."""
    path = wanted or "/"
    plain = all(letter > " " and letter != "\\" for letter in path)
    return path if path.startswith("/") and not path.startswith("//") and plain else "/"


def is_loopback(request: Request) -> bool:
    """
    Whether the browser runs on this machine.

    A proxy in front makes everybody look local, so its headers end it; a foreign name in
    Host is a page that points its own name at 127.0.0.1.
    """
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
    here = request.client is not None and request.client.host in LOOPBACK
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return here and not forwarded and host in LOOPBACK_NAMES


def _demo_roles() -> list[Role]:
    with transaction(runtime().engine) as conn:
        return demo_roles(conn) if demo_is_open(conn) else []


async def _page(
    request: Request, *, error: GisError | None = None, login: str = "", next_path: str = "/"
) -> Response:
    roles = await run_in_threadpool(_demo_roles) if is_loopback(request) else []
    language = locale_of(request)
    body = page(language, roles=roles, error=error, login=login, next_path=next_path)
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    return HTMLResponse(body, status_code=401 if error else 200, headers=headers)


async def sign_in_page(request: Request) -> Response:
    """The form; whoever is signed in goes on at once."""
    next_path = safe_next(request.query_params.get("next"))
    if request.state.actor is not None:
        return RedirectResponse(next_path, status_code=303)
    return await _page(request, next_path=next_path)


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


async def sign_in(request: Request) -> Response:
    """Check login and password; a wrong pair gets the form back with the login kept."""
    form = await request.form(max_files=0)
    login, next_path = _field(form, "login").strip(), safe_next(_field(form, "next"))
    agent = request.headers.get("user-agent", "")
    try:
        opened = await _check(login, _field(form, "password"), agent)
    except GisError as error:
        return await _page(request, error=error, login=login, next_path=next_path)
    return _enter(request, opened, next_path)


async def _check(login: str, password: str, agent: str) -> tuple[str, datetime]:
    if _CHECKING.statistics().tasks_waiting > _WAITING_MOST:
        raise Unavailable(N_("Too many people are signing in at once. Try again in a minute."))
    engine = runtime().engine

    def known():  # type: ignore[no-untyped-def]
        with transaction(engine) as conn:
            return credentials_of(conn, login)

    def conclude(matches: bool) -> tuple[str, datetime]:
        with transaction(engine) as conn:
            opened = finish(
                conn, credentials, matches=matches, now=datetime.now(UTC), user_agent=agent
            )
            limits = read_settings_of(conn, "lockout_failures", "lockout_minutes")
        if opened is None:
            raise refusal(limits["lockout_failures"], limits["lockout_minutes"])
        return opened

    credentials = await run_in_threadpool(known)
    matches = await to_thread.run_sync(
        verify, credentials.password_hash, password, limiter=_CHECKING
    )
    return await run_in_threadpool(conclude, matches)


def _enter(request: Request, opened: tuple[str, datetime], next_path: str) -> Response:
    response = RedirectResponse(next_path, status_code=303, headers={"Cache-Control": "no-store"})
    token, until = opened
    set_session_cookie(response, token, until=until, secure=is_https(request))
    return response


async def demo(request: Request) -> Response:
    """
    Become a person of the generated district: loopback only, until a real account exists.

    Answers 403 in every other case, whatever the role.
    """
    form = await request.form(max_files=0)
    refused = Forbidden(N_("One-click sign-in is only there for a demo on this machine."))
    if not is_loopback(request) or _field(form, "role") not in set(Role):
        raise refused
    role, agent = Role(_field(form, "role")), request.headers.get("user-agent", "")

    def enter() -> tuple[str, datetime] | None:
        with transaction(runtime().engine) as conn:
            return enter_demo(conn, role, now=datetime.now(UTC), user_agent=agent)

    opened = await run_in_threadpool(enter)
    if opened is None:
        raise refused
    return _enter(request, opened, safe_next(_field(form, "next")))


async def sign_out(request: Request) -> Response:
    """End the session; works for the signed-out too."""
    token = request.cookies.get(COOKIE)
    if token:

        def leave() -> None:
            with transaction(runtime().engine) as conn:
                end_session(conn, token, now=datetime.now(UTC))

        await run_in_threadpool(leave)
        SESSIONS.forget(token)
    response = RedirectResponse("/auth/sign-in", status_code=303)
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    # for the page that keeps tasks: what was kept before this moment is not shown again
    response.set_cookie(
        LEFT_COOKIE, str(int(clock.time())), max_age=YEAR_SECONDS, path="/log", samesite="lax",
        secure=is_https(request),
    )  # fmt: skip
    return response


async def choose_locale(request: Request) -> Response:
    """Remember a language: in a cookie, and with the person who is signed in."""
    form = await request.form(max_files=0)
    wanted = _field(form, "locale")
    response = RedirectResponse(safe_next(_field(form, "next")), status_code=303)
    if wanted in LOCALES:
        response.set_cookie(
            LOCALE_COOKIE, wanted, max_age=YEAR_SECONDS, path="/", samesite="lax",
            secure=is_https(request),
        )  # fmt: skip
        actor = request.state.actor
        if actor is not None and actor.person_id is not None:
            person_id = actor.person_id

            def save() -> None:
                with transaction(runtime().engine) as conn:
                    save_locale(conn, person_id, wanted)

            await run_in_threadpool(save)
    return response


async def me(request: Request) -> Response:
    """Who is signed in, with roles, permissions and area."""
    actor = actor_of(request)
    return JSONResponse(
        {
            "person_id": actor.person_id,
            "name": actor.name,
            "login": actor.login,
            "department_id": actor.department_id,
            "roles": sorted(actor.roles),
            "permissions": [p.value for p in Permission if actor.may(p)],
            "areas": actor.scope.as_list(),
            "locale": locale_of(request),
            "demo": actor.demo,
            "server_time": int(clock.time()),
        },
        headers={"Cache-Control": "no-store"},
    )


async def style(_request: Request) -> Response:
    """The style of the sign-in page."""
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=300"})


routes = [
    Route("/auth/sign-in", sign_in_page, methods=["GET"]),
    Route("/auth/sign-in", sign_in, methods=["POST"]),
    Route("/auth/sign-in.css", style),
    Route("/auth/demo", demo, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
    Route("/auth/locale", choose_locale, methods=["POST"]),
    Route("/api/me", me),
]
