"""Addresses of nothing answer 404: Streamlit would answer each of them with its page and a 200."""

from functools import cache

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, Mount, NoMatchFound, Router
from starlette.types import Receive, Scope, Send

from gis.api.streamlit_page import static_folder


@cache
def _files() -> frozenset[str]:
    """Streamlit's scripts, styles and pictures; its page is handed out at our addresses only."""
    static = static_folder()
    found = (f"/{path.relative_to(static)}" for path in static.rglob("*") if path.is_file())
    return frozenset(found) - {"/index.html"}


def is_for_everything(route: BaseRoute) -> bool:
    """Whether it is Streamlit's last route, which gives its page to whatever nobody wanted."""
    return isinstance(route, Mount) and not route.path


class NothingHere(BaseRoute):
    """
    The last of our routes: asks all routes once more, Streamlit's page for everything left out.

    What none of them takes is nowhere, and what one of them takes with another method is refused.
    Files, and addresses with a slash too many, which are sent on to the one without, go past it.
    """

    def __init__(self) -> None:
        self._others: Router | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take each request that is not left to Streamlit's last route."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path: str = scope["path"]
        left = path in _files() or (path.endswith("/") and path != "/")
        return (Match.NONE if left else Match.FULL), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give it to whom it is for, or say that nothing is there."""
        if self._others is None:
            routes = scope["app"].routes
            others = [r for r in routes if r is not self and not is_for_everything(r)]
            self._others = Router(others, redirect_slashes=False)
        await self._others(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """No address leads here."""
        raise NoMatchFound(name, path_params)
