"""Whether this process lives, and whether it can do its work."""

import shutil
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gis.config import Settings
from gis.db.engine import transaction
from gis.db.migrate import current, head
from gis.errors import Unavailable
from gis.runtime import runtime

FREE_BYTES_LEAST = 500_000_000
WORKER_SILENT_MOST_S = 120
CALENDAR_DAYS_LEAST = 14

_WORKER = text(
    "SELECT extract(epoch FROM CAST(:now AS timestamptz) - max(last_heartbeat))"
    " FROM procrastinate_workers"
)
_CALENDAR = text("SELECT max(day) - CAST(:now AS date) FROM workday")


async def healthz(_request: Request) -> JSONResponse:
    """The process answers; nothing else is asked."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> JSONResponse:
    """Every check with its figure; 503 when one that work depends on fails."""
    checks = await run_in_threadpool(run_checks, datetime.now(UTC))
    ready = all(check["ok"] for check in checks.values() if check["needed"])
    return JSONResponse(
        {"status": "ready" if ready else "not_ready", "checks": checks},
        status_code=200 if ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def _check(ok: bool, value: object, *, needed: bool = True) -> dict[str, Any]:
    return {"ok": ok, "value": value, "needed": needed}


def run_checks(now: datetime) -> dict[str, dict[str, Any]]:
    """Database, schema, worker, disk, calendar."""
    here = runtime()
    checks = {"disk": disk(here.settings)}
    try:
        with transaction(here.engine) as conn:
            checks |= database(conn, now)
    except Unavailable:
        checks["database"] = _check(False, None)
    return checks


def disk(settings: Settings) -> dict[str, Any]:
    """Free bytes where files and logs go."""
    folder = settings.home if settings.home.is_dir() else settings.home.parent
    free = shutil.disk_usage(folder).free if folder.is_dir() else 0
    return _check(free >= FREE_BYTES_LEAST, free)


def database(conn: Connection, now: datetime) -> dict[str, dict[str, Any]]:
    """What the database can say: it answers, its schema is ours, the worker was seen."""
    revision = current(conn)
    silent = conn.execute(_WORKER, {"now": now}).scalar()
    ahead = conn.execute(_CALENDAR, {"now": now}).scalar()
    return {
        "database": _check(True, "ok"),
        "schema": _check(revision == head(), revision),
        "worker": _check(
            silent is not None and silent <= WORKER_SILENT_MOST_S,
            None if silent is None else round(float(silent), 1),
            needed=False,
        ),
        "calendar": _check(ahead is not None and ahead >= CALENDAR_DAYS_LEAST, ahead, needed=False),
    }


routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
