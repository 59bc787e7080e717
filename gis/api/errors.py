"""One table from errors to HTTP, in the language of whoever asked."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from gis.accounts.sessions import LOCALE_COOKIE
from gis.api.policies import BARE
from gis.api.sign_in_page import message_page
from gis.errors import (
    Conflict,
    Forbidden,
    GisError,
    Invalid,
    NotFound,
    Refused,
    SignedOut,
    Unavailable,
)
from gis.i18n import LOCALES, N_, pick_locale, translate
from gis.log import report

STATUS: tuple[tuple[type[GisError], int], ...] = (
    (SignedOut, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Refused, 409),
    (Invalid, 422),
    (Unavailable, 503),
    (GisError, 400),
)
"""The first row whose class fits counts: children stand before their parents."""

UNEXPECTED = N_("Something went wrong on our side. Reference: {reference}")
HTTP_WORDS = {
    404: N_("There is nothing at this address."),
    405: N_("This address does not take requests of this kind."),
    413: N_("What you sent is too large: at most {most} bytes."),
}


def locale_of(request: Request) -> str:
    """The person's saved language, else the cookie's, else the browser's."""
    actor = getattr(request.state, "actor", None)
    saved = getattr(actor, "locale", "") or request.cookies.get(LOCALE_COOKIE)
    return saved if saved in LOCALES else pick_locale(request.headers.get("accept-language"))


def status_of(error: GisError) -> int:
    """The HTTP status of an error raised on purpose."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def body_of(error: GisError, locale: str) -> dict[str, Any]:
    """What a client reads: a code for programs, a sentence and the faults for people."""
    faults = error.faults if isinstance(error, Invalid) else ()
    return {
        "error": error.code,
        "message": error.text(locale),
        "faults": [{"field": f.field, "message": f.text(locale)} for f in faults],
    }


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: a browser that opens an address of no API."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("accept", "")
        and not request.url.path.startswith("/api/")
    )


def _answer(
    request: Request, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """JSON for programs, a page with the same sentence for people."""
    carried = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if not wants_page(request):
        return JSONResponse(body, status_code=status, headers=carried)
    locale = locale_of(request)
    carried |= {"Content-Security-Policy": BARE, "Content-Language": locale}
    return HTMLResponse(
        message_page(locale, str(body["message"])), status_code=status, headers=carried
    )


async def on_gis_error(request: Request, error: Exception) -> Response:
    """Answer an error raised on purpose."""
    if not isinstance(error, GisError):
        raise error
    return _answer(request, status_of(error), body_of(error, locale_of(request)))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router refuses."""
    if not isinstance(error, HTTPException):
        raise error
    words = HTTP_WORDS.get(error.status_code)
    message = translate(words, locale_of(request)) if words else str(error.detail)
    body = {"error": f"http_{error.status_code}", "message": message, "faults": []}
    return _answer(request, error.status_code, body, error.headers)


async def on_unexpected(request: Request, error: Exception) -> Response:
    """Answer a reference; the trace goes to the log."""
    reference = report(error, border="api", path=request.url.path, method=request.method)
    body = {
        "error": "unexpected",
        "message": translate(UNEXPECTED, locale_of(request)).format(reference=reference),
        "faults": [],
        "reference": reference,
    }
    return _answer(request, 500, body)


HANDLERS = {GisError: on_gis_error, HTTPException: on_http_error, Exception: on_unexpected}
"""For `st.App(exception_handlers=…)`."""
