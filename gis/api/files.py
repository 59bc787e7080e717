"""
Attachments over HTTP: `POST /api/files` keeps one, `GET /files/{sha256}` gives it to who may.

Photos are shown; PDFs, videos and voice notes are handed out to be saved or played, never as a
page of ours.
"""

import os
import re
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gis.accounts.model import Actor, Permission, require
from gis.api.session import actor_of
from gis.db.engine import transaction
from gis.db.settings import read_setting
from gis.errors import Unavailable
from gis.files import store
from gis.files.commands import store_document, store_photo
from gis.files.documents import EXTENSIONS, media_type_of, read_document
from gis.files.images import MAX_BYTES, MEDIA_TYPE, is_photo, read_photo, too_large
from gis.files.queries import StoredFile, readable_file
from gis.i18n import N_
from gis.runtime import runtime

_DECODING = CapacityLimiter(2)
"""A 40-megapixel PNG takes 160 MB while it is decoded: a shift's worth of phones must queue."""
_WAITING_MOST = 20
"""Bodies held in memory meanwhile; phones above that keep theirs and come again."""

# the browser keeps a photo for the walk back and forth on a case, not past a shift's end
_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
_HEADERS = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}


def files_root() -> Path:
    """The folder of attachments of this copy."""
    return runtime().settings.home / store.FOLDER


def _require_sender(actor: Actor) -> None:
    """Photos come with a new case or with a move of one."""
    if not actor.may(Permission.MOVE_CASES):
        require(actor, Permission.LOG_CASES)


async def _body(request: Request) -> bytes:
    """The raw body, given up as soon as it is too long."""
    parts: list[bytes] = []
    size_bytes = 0
    async for part in request.stream():
        size_bytes += len(part)
        if size_bytes > MAX_BYTES:
            raise too_large(size_bytes)
        parts.append(part)
    return b"".join(parts)


async def post_file(request: Request) -> Response:
    """
    Keep the photo or document that is the request's body; 201 with its name.

    What it is, its first bytes say; `?as=file` only chooses the words of a refusal. Safe to
    repeat: the same bytes get the same answer.
    """
    actor = actor_of(request)
    _require_sender(actor)
    if _DECODING.statistics().tasks_waiting >= _WAITING_MOST:
        raise Unavailable(N_("Too many photos arrive at once. Try again in a minute."))
    data = await _body(request)
    as_file = request.query_params.get("as") == "file"
    keep = _keep_document if _is_document(data, as_file=as_file) else _keep
    answer = await to_thread.run_sync(keep, actor, data, datetime.now(UTC), limiter=_DECODING)
    return JSONResponse(answer, status_code=201, headers={"Cache-Control": "no-store"})


def _keep(actor: Actor, data: bytes, now: datetime) -> dict[str, object]:
    engine = runtime().engine
    with transaction(engine) as conn:
        zone = ZoneInfo(str(read_setting(conn, "time_zone")))
    photo = read_photo(data, zone=zone)  # seconds of work: no connection is held meanwhile
    with transaction(engine) as conn:
        store_photo(conn, photo=photo, uploaded_by=actor.person_id, now=now, root=files_root())
    return {
        "sha256": photo.sha256,
        "media_type": MEDIA_TYPE,
        "size_bytes": len(photo.data),
        "width_px": photo.width_px,
        "height_px": photo.height_px,
    }


def _is_document(data: bytes, *, as_file: bool) -> bool:
    return media_type_of(data) is not None or (as_file and not is_photo(data))


def _keep_document(actor: Actor, data: bytes, now: datetime) -> dict[str, object]:
    document = read_document(data)
    with transaction(runtime().engine) as conn:
        store_document(
            conn, document=document, uploaded_by=actor.person_id, now=now, root=files_root()
        )
    return {
        "sha256": document.sha256,
        "media_type": document.media_type,
        "size_bytes": len(document.data),
        "width_px": None,
        "height_px": None,
    }


async def get_file(request: Request) -> Response:
    """
    The file, of a photo with `?size=thumb` the small one; 404 for whoever may not see it.

    What is no photo comes as a download, in parts where a player asks for a part.
    """
    actor = actor_of(request)
    sha256 = request.path_params["sha256"]
    small = request.query_params.get("size") == "thumb"
    file = await run_in_threadpool(_find, actor, sha256)
    tag = f'"{file.sha256}{"-thumb" if small else ""}"'
    headers = {**_HEADERS, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    picture = file.media_type == MEDIA_TYPE
    shown = "inline" if picture else "attachment"
    end = EXTENSIONS.get(file.media_type, "bin")
    headers["Content-Disposition"] = f'{shown}; filename="{file.sha256[:12]}.{end}"'
    if picture or small:
        read = store.get_thumbnail if small else store.get
        data = await run_in_threadpool(read, files_root(), file.sha256)
        return Response(data, media_type=file.media_type, headers=headers)
    stream = await run_in_threadpool(store.open_proven, files_root(), file.sha256)
    return _part(stream, request.headers.get("range", ""), file.media_type, headers)


def _part(stream: FileIO, wanted: str, media_type: str, headers: dict[str, str]) -> Response:
    """The whole, or the one range of bytes that was asked for (RFC 9110, section 14)."""
    size = os.fstat(stream.fileno()).st_size
    headers = {**headers, "Accept-Ranges": "bytes"}
    found = _RANGE.fullmatch(wanted)
    if found is None or not any(found.groups()):
        headers["Content-Length"] = str(size)
        return StreamingResponse(
            store.parts(stream, 0, size), media_type=media_type, headers=headers
        )
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        stream.close()
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    parts = store.parts(stream, start, stop)
    return StreamingResponse(parts, status_code=206, media_type=media_type, headers=headers)


def _find(actor: Actor, sha256: str) -> StoredFile:
    sees_cases = actor.may(Permission.VIEW_CASES)
    with transaction(runtime().engine) as conn:
        return readable_file(
            conn,
            sha256,
            person_id=actor.person_id,
            areas=actor.scope.as_list() if sees_cases else (),
            department_id=actor.scope.department_id,
            stands_for=actor.stands_for,
        )


routes = [
    Route("/api/files", post_file, methods=["POST"]),
    Route("/files/{sha256}", get_file, methods=["GET"]),
]
