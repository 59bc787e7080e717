"""The gate: one ASGI middleware in front of everything, pages, websocket and API alike."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gis.accounts.sessions import COOKIE
from gis.api.basemap import BASE_MAPS
from gis.api.errors import HTTP_WORDS, locale_of, on_gis_error, on_unexpected, wants_page
from gis.api.policies import policy_of, shows_base_maps
from gis.api.session import SESSIONS, SessionReader
from gis.errors import Forbidden, GisError, SignedOut
from gis.i18n import N_, translate

PUBLIC = ("/auth/", "/assets/", "/static/")
PUBLIC_EXACT = frozenset({"/healthz", "/readyz", "/favicon.ico", "/favicon.png", "/robots.txt"})
"""What strangers may ask: signing in, files that hold no data, and whether we live."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_MOST = 1_048_576
BODY_MOST_FILES = 26_214_400
FILE_PATHS = ("/api/files", "/_stcore/upload_file")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
_HSTS = "max-age=31536000"


def is_public(path: str) -> bool:
    """Whether strangers may ask for `path`; one that climbs out of its folder is never public."""
    if ".." in path or "\\" in path or "//" in path:
        return False
    return path in PUBLIC_EXACT or path.startswith(PUBLIC)


def comes_from_here(headers: Headers) -> bool:
    """
    Whether a request was made by one of our own pages, or by no page at all.

    Browsers send Origin with every post and websocket. Without it the request comes from a
    program, which has no cookie of somebody else's to misuse; browsers too old for Origin
    are told by Sec-Fetch-Site or refused by SameSite.
    """
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host", "")
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


class Gate:
    """Headers, origin, body size and session of every request, before anything else sees it."""

    def __init__(self, app: ASGIApp, sessions: SessionReader = SESSIONS) -> None:
        self.app = app
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http":
            await self._http(scope, receive, _with_headers(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._answer(request)
        if answer is not None:
            await answer(scope, receive, send)
            return
        limited = _Limited(receive, send, body_most(scope["path"]))
        try:
            await self.app(scope, limited.receive, limited.send)
        except _TooLarge:
            if not limited.started:
                await _too_large(request)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        """The refusal, or None: let it through."""
        if request.method not in SAFE_METHODS and not comes_from_here(request.headers):
            refused = Forbidden(N_("This request was made by another site and is not accepted."))
            return await on_gis_error(request, refused)
        path: str = request.scope["path"]
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()) or int(length) > body_most(path):
            return _too_large(request)
        if is_public(path) and not path.startswith("/auth/"):
            return None  # no session is read for what is the same for everybody
        return await self._let_in(request)

    async def _let_in(self, request: Request) -> Response | None:
        path: str = request.scope["path"]
        try:
            actor = await self.sessions.read(request.cookies.get(COOKIE))
        except GisError as error:
            return await on_gis_error(request, error)
        except Exception as error:  # noqa: BLE001  the border of HTTP
            return await on_unexpected(request, error)
        request.state.actor = actor
        if actor is not None or is_public(path):
            return None
        return await _ask_to_sign_in(request)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        allowed = comes_from_here(connection.headers)
        if allowed:
            try:
                actor = await self.sessions.read(connection.cookies.get(COOKIE))
            except Exception as error:  # noqa: BLE001  the border of the websocket
                await on_unexpected_websocket(error, connection)
                actor = None
            connection.state.actor = actor
            allowed = actor is not None
        if not allowed:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "signed out"})
            return
        await self.app(scope, receive, send)


async def on_unexpected_websocket(error: Exception, connection: HTTPConnection) -> None:
    """Write an error down that no response can carry."""
    if not isinstance(error, GisError):
        await on_unexpected(Request({**connection.scope, "type": "http", "method": "GET"}), error)


async def _ask_to_sign_in(request: Request) -> Response:
    if not wants_page(request):
        return await on_gis_error(request, SignedOut(N_("You are signed out. Sign in to go on.")))
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(
        f"/auth/sign-in?next={quote(back, safe='/')}",
        status_code=303,
        headers={"Cache-Control": "no-store"},
    )


def body_most(path: str) -> int:
    """How many bytes a request to `path` may carry."""
    return BODY_MOST_FILES if path.startswith(FILE_PATHS) else BODY_MOST


def _too_large(request: Request) -> Response:
    words = translate(HTTP_WORDS[413], locale_of(request))
    most = body_most(request.url.path)
    return JSONResponse(
        {"error": "too_large", "message": words.format(most=most), "faults": []}, status_code=413
    )


class _TooLarge(Exception):
    """More bytes came than were announced or allowed."""


class _Limited:
    """Counts what comes in, for bodies without a length."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.started = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        self.started = True
        await self._send(message)


def _with_headers(scope: Scope, send: Send) -> Send:
    """The same `send`, which adds the security headers to the start of each response."""
    path, https = scope["path"], scope.get("scheme") == "https"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            hosts = await BASE_MAPS.hosts() if shows_base_maps(path) else ()
            more = _encoded(policy_of(path, hosts), https=https)
            own = list(message.get("headers", ()))
            there = {name.lower() for name, _ in own}
            message["headers"] = own + [pair for pair in more if pair[0] not in there]
        await send(message)

    return sending


@lru_cache(maxsize=32)
def _encoded(policy: str, *, https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """The security headers as ASGI sends them; every tile carries them."""
    words = {**HEADERS, "Content-Security-Policy": policy}
    if https:
        words["Strict-Transport-Security"] = _HSTS
    return tuple((k.lower().encode(), v.encode()) for k, v in words.items())
