"""What all routes of the map share: the reader, one transaction, the reader's language."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gis.accounts.model import Actor, Permission, require
from gis.api.errors import locale_of
from gis.api.session import actor_of
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Unavailable
from gis.i18n import N_
from gis.runtime import runtime
from gis.tiles.render import NAMES_MISSING
from gis.wording import Wording

HEADERS = {"Cache-Control": "private, no-store"}
_AWAY = N_("The database does not answer. Try again in a minute.")
_DAMAGED = N_(
    "The table of a layer is damaged, or a part of it is missing. "
    "“script/gis layers check” says which."
)


@dataclass(frozen=True)
class Asking:
    """Who asks, in which language, on which connection."""

    conn: Connection
    actor: Actor
    wording: Wording


Work = Callable[[Asking], Any]


def reader_of(request: Request) -> Actor:
    """The person behind a request to the map; refused who may not see it."""
    actor = actor_of(request)
    require(actor, Permission.VIEW_MAP)
    return actor


async def read(request: Request, work: Work) -> Any:
    """
    What `work` reads in a transaction of its own, on a worker thread.

    Raises
    ------
    Unavailable
        When the database goes away meanwhile, or takes too long, or lacks a table or column that
        the catalogue names.
    """
    actor, locale = reader_of(request), locale_of(request)

    def done() -> Any:
        try:
            with transaction(runtime().engine) as conn:
                zone = ZoneInfo(str(read_setting(conn, "time_zone")))
                return work(Asking(conn, actor, Wording(locale, zone)))
        except DBAPIError as error:
            if error.connection_invalidated or _took_too_long(error):
                raise Unavailable(_AWAY, detail=str(error.orig)) from error
            if _state_of(error).startswith(NAMES_MISSING):
                raise Unavailable(_DAMAGED, detail=str(error.orig)) from error
            raise

    return await run_in_threadpool(done)


async def answer(request: Request, work: Work) -> Response:
    """
    The same as JSON that nobody may keep.

    Written on the worker thread too: a megabyte of counts would hold up everybody's requests.
    """

    def written(asking: Asking) -> bytes:
        return json.dumps(work(asking), ensure_ascii=False, separators=(",", ":")).encode()

    body = await read(request, written)
    return Response(body, media_type="application/json", headers=HEADERS)


def _took_too_long(error: DBAPIError) -> bool:
    return _state_of(error) == "57014"  # query_canceled


def _state_of(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
