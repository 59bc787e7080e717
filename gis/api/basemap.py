"""GET /basemap/{name}/{z}/{x}/{y}: picture tiles of a folder, for people who are signed in."""

import time
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from gis.accounts.model import Permission, require
from gis.api.parameters import tile_address
from gis.api.session import actor_of
from gis.catalog.base_maps import BaseMap, picture_hosts, read_base_maps
from gis.db.engine import transaction
from gis.errors import NotFound
from gis.i18n import N_
from gis.runtime import runtime

FOLDER = "basemaps"
"""Below WANMI_HOME: one folder per base map, tiles in {z}/{x}/{y}.png (or jpg, webp)."""
KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
KEEP = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie"}
FRESH_SECONDS = 5.0
_MAX_ZOOM = 22


class BaseMapReader:
    """The base maps of the setting, asked at most every five seconds."""

    def __init__(self) -> None:
        self._until = 0.0
        self._url = ""
        self._held: list[BaseMap] = []

    def read(self) -> list[BaseMap]:
        """The base maps of the database this process serves."""
        if self._until < time.monotonic() or self._url != runtime().url:
            with transaction(runtime().engine) as conn:
                self._held = read_base_maps(conn)
            self._url, self._until = runtime().url, time.monotonic() + FRESH_SECONDS
        return self._held

    def forget(self) -> None:
        """Ask again next time."""
        self._until = 0.0

    async def hosts(self) -> tuple[str, ...]:
        """Where pictures may come from; while the database is away, where they last came from."""
        try:
            return picture_hosts(await run_in_threadpool(self.read))
        except Exception:  # noqa: BLE001  a page's policy must not fail it; the page itself will say so
            return picture_hosts(self._held)


BASE_MAPS = BaseMapReader()
"""The reader of this process."""


def _folder_of(name: str) -> Path:
    found = next((base for base in BASE_MAPS.read() if base.id == name and base.folder), None)
    if found is None or found.folder is None:
        raise NotFound(N_("There is no such base map."))
    return runtime().settings.home / FOLDER / found.folder


def tile_file(folder: Path, zoom: int, column: int, row: int) -> Path | None:
    """The picture of a tile; None where there is none, or where a link leads out of the folder."""
    stem = folder / str(zoom) / str(column) / str(row)
    inside = folder.resolve()
    for ending in KINDS:
        file = stem.with_suffix(ending)
        if file.is_file() and file.resolve().is_relative_to(inside):
            return file
    return None


def base_map_tile(request: Request) -> Response:
    """One tile of a base map that lies in a folder; 204 where the folder has none."""
    require(actor_of(request), Permission.VIEW_MAP)
    zoom, column, row = tile_address(request)
    if zoom > _MAX_ZOOM or column >= 1 << zoom or row >= 1 << zoom:
        raise NotFound(N_("There is no such tile."))
    file = tile_file(_folder_of(request.path_params["name"]), zoom, column, row)
    if file is None:
        return Response(status_code=204, headers=KEEP)
    return FileResponse(file, media_type=KINDS[file.suffix], headers=KEEP)


routes = [Route("/basemap/{name}/{z}/{x}/{y}", base_map_tile, methods=["GET"])]
