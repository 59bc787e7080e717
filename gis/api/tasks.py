"""A supervisor's work over HTTP: `GET /api/tasks/mine`, small and asked again with an ETag."""

import hashlib
import json
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gis.accounts.model import Actor
from gis.api.session import actor_of
from gis.cases.fieldwork.queries import my_work
from gis.cases.fieldwork.screen import work_body
from gis.db.engine import transaction
from gis.runtime import runtime

# the page keeps the answer itself, under the person's name; no cache of the browser does
_HEADERS = {"Cache-Control": "private, no-store"}


async def mine(request: Request) -> Response:
    """The tasks and cells of this person; 304 when they are as the asker has them."""
    data = await run_in_threadpool(_read, actor_of(request))
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    known = request.headers.get("if-none-match", "")
    if tag in (part.strip().removeprefix("W/") for part in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="application/json", headers=headers)


def _read(actor: Actor) -> bytes:
    with transaction(runtime().engine) as conn:
        work = my_work(conn, actor=actor, now=datetime.now(UTC))
    body = {"person_id": actor.person_id, **work_body(work)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


routes = [Route("/api/tasks/mine", mine, methods=["GET"])]
