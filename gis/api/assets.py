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
        response.headers["Cache-Control"] = FOREVER if versioned else ASK_AGAIN
        return response


async def icon(_request: Request) -> Response:
    """The picture in the browser's tab, at the address that every page names."""
    return FileResponse(ICON, headers={"Cache-Control": ASK_AGAIN})


routes = [
    Route("/favicon.png", icon),
    Mount("/assets", Assets(directory=DIST, check_dir=False), name="assets"),
]
