"""Who sends a request: read once by the gate, handed on in the request's state."""

import asyncio
import time
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import Response

from gis.accounts.model import Actor
from gis.accounts.sessions import COOKIE, actor_of_session, hash_of
from gis.db.engine import transaction
from gis.errors import SignedOut
from gis.i18n import N_
from gis.runtime import runtime

FRESH_SECONDS = 1.0
"""How long a session's answer is believed: a page of tiles asks once, a revocation waits 1 s."""
_HELD_MOST = 2_000
PERSON_HEADER = "Wanmi-Person"
"""For whom a queue of a device sends: never under the name of whoever signed in meanwhile."""


def is_https(connection: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy in front."""
    forwarded = connection.headers.get("x-forwarded-proto", "")
    return connection.url.scheme in {"https", "wss"} or forwarded == "https"


def set_session_cookie(
    response: Response, token: str, *, until: datetime, secure: bool
) -> None:  # fmt: skip
    """Hand the token to the browser: out of reach of scripts and of other sites' posts."""
    response.set_cookie(
        COOKIE, token, expires=until, path="/", httponly=True, samesite="lax", secure=secure
    )


def actor_of(request: HTTPConnection) -> Actor:
    """
    The person behind a request, as the gate found them.

    Raises
    ------
    SignedOut
        When nobody is signed in, the session has ended, or the request says whom it is from
        and somebody else is signed in.
    """
    actor = getattr(request.state, "actor", None)
    if not isinstance(actor, Actor):
        raise SignedOut(N_("You are signed out. Sign in to go on."))
    meant = request.headers.get(PERSON_HEADER)
    if meant is not None and meant != str(actor.person_id):
        raise SignedOut(
            N_(
                "Somebody else has signed in on this device. Sign in again as yourself to send"
                " this."
            )
        )
    return actor


def _read(token: str) -> Actor | None:
    with transaction(runtime().engine) as conn:
        return actor_of_session(conn, token, now=datetime.now(UTC))


class SessionReader:
    """
    Asks the database who a token is, at most once a second per token.

    Requests that come together wait for one answer. Kept by hash: a memory dump holds no
    token that could be used.
    """

    def __init__(self, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._fresh_seconds = fresh_seconds
        self._held: dict[bytes, tuple[float, asyncio.Task[Actor | None]]] = {}

    async def read(self, token: str | None) -> Actor | None:
        """The person behind the token; None: nobody."""
        if not token:
            return None
        key, now = hash_of(token), time.monotonic()
        held = self._held.get(key)
        if held is None or held[0] < now:
            self._drop_old(now)
            task = asyncio.create_task(run_in_threadpool(_read, token))
            held = self._held[key] = (now + self._fresh_seconds, task)
        try:
            return await asyncio.shield(held[1])
        except Exception:
            self._held.pop(key, None)
            raise

    def forget(self, token: str | None) -> None:
        """Ask again next time: the session has just changed."""
        if token:
            self._held.pop(hash_of(token), None)

    def _drop_old(self, now: float) -> None:
        if len(self._held) >= _HELD_MOST:
            self._held = {k: v for k, v in self._held.items() if v[0] >= now}


SESSIONS = SessionReader()
"""The reader of this process."""
