"""Everything the browser loads besides pages and data: scripts, styles, fonts, pictures."""

import os

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gis.config import CHECKOUT

DIST = CHECKOUT / "gis" / "ui" / "browser" / "dist"
ICON = CHECKOUT / "gis" / "ui" / "icon.png"
FOREVER = "public, max-age=31536000, immutable"
A_WEEK = "public, max-age=604800"
"""Fonts: the page and the map's frame name one address, so that it is loaded once."""
ASK_AGAIN = "public, max-age=3600, must-revalidate"


class Assets(StaticFiles):
    """Static files that browsers keep for ever when the address carries the content's hash."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file with its Cache-Control."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned = b"v=" in scope.get("query_string", b"")
        unversioned = A_WEEK if str(full_path).endswith(".woff2") else ASK_AGAIN
        response.headers["Cache-Control"] = FOREVER if versioned else unversioned
        return response


async def icon(_request: Request) -> Response:
    """The picture in the browser's tab, at the address that every page names."""
    return FileResponse(ICON, headers={"Cache-Control": ASK_AGAIN})


routes = [
    Route("/favicon.png", icon),
    Mount("/assets", Assets(directory=DIST, check_dir=False), name="assets"),
]
