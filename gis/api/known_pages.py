"""Addresses of no page answer 404 in words: Streamlit would show its own dialog, in English."""

from collections.abc import Collection, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from gis.api.errors import on_http_error, wants_page
from gis.api.gate import is_public

STREAMLITS_OWN = ("/_stcore/", "/component/", "/media/", "/static/", "/app/")
"""Below these Streamlit answers itself, frames of components among them."""


class KnownPages:
    """Lets through what is a page, one of our routes or Streamlit's own; stands behind the gate."""

    def __init__(
        self, app: ASGIApp, pages: Collection[str], routes: Sequence[BaseRoute] = ()
    ) -> None:
        self.app = app
        self.pages = frozenset(pages)
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that nothing is there."""
        if scope["type"] == "http" and not self._knows(scope):
            request = Request(scope, receive)
            if wants_page(request):
                answer = await on_http_error(request, HTTPException(404))
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return (
            path.strip("/") in self.pages
            or is_public(path)
            or path.startswith(STREAMLITS_OWN)
            or any(route.matches(scope)[0] is not Match.NONE for route in self.routes)
        )
