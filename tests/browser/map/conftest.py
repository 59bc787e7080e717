"""One page with two layers, and a server of hand-written tiles that a test can make misbehave."""

import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gis.ui.maps.assets import DIST, asset
from tests.browser.map.paint import settled
from tests.mvt import encode

PAGE = re.sub(
    r"asset:([\w.-]+)",
    lambda match: asset(match.group(1)),
    Path(__file__).with_name("layer.html").read_text(encoding="utf-8"),
)

AREA = encode(
    {
        "area": [
            {
                "id": 7,
                "type": 3,
                "lines": [[(-64, -64), (4160, -64), (4160, 4160), (-64, 4160)]],
                "properties": {"kind": 2},
            }
        ]
    }
)
# every tile: a line through the middle and a lamp on it
SPOT = encode(
    {
        "pipe": [{"id": 20, "type": 2, "lines": [[(0, 2048), (4096, 2048)]]}],
        "spot": [
            {
                "id": 30,
                "type": 1,
                "lines": [[(2048, 2048)]],
                "properties": {"name": "东华门", "day": 100},
            }
        ],
    }
)


class Server:
    """Serves the page, the built assets and two tile layers whose behaviour a test can change."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tiles = {"area": AREA, "spot": SPOT}
        self.page = PAGE
        self.delay_s = 0.0
        self.dot = (0.0, 0.0)
        self.status = 200
        routes = [
            Route("/", lambda _: HTMLResponse(self.page)),
            Route("/tiles/{layer}/{z}/{x}/{y}", self.tile),
            Route("/pictures/{z}/{x}/{y}.png", self.picture),
            Mount("/assets", StaticFiles(directory=DIST)),
        ]
        config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="error")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def tile(self, request: Request) -> Response:
        layer = request.path_params["layer"]
        self.asked.append(request.url.path)
        time.sleep(self.delay_s)
        if self.status != 200:
            return Response(status_code=self.status)
        return Response(self.tiles[layer])

    def picture(self, request: Request) -> Response:
        """A tile of a picture map: red, with a blue dot at `self.dot`."""
        z, x, y = (int(request.path_params[name]) for name in "zxy")
        picture = Image.new("RGB", (256, 256), "#ff0000")
        lon, lat = self.dot
        across = (lon + 180) / 360 * 2**z - x
        sine = math.sin(math.radians(lat))
        down = (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * 2**z - y
        dot = (round(across * 256), round(down * 256))
        ImageDraw.Draw(picture).circle(dot, 6, fill="#0000ff")
        self.asked.append(request.url.path)
        out = BytesIO()
        picture.save(out, "PNG")
        return Response(out.getvalue(), media_type="image/png")

    def start(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/"


@pytest.fixture
def served() -> Iterator[SimpleNamespace]:
    server = Server()
    yield SimpleNamespace(server=server, url=server.start())
    server.server.should_exit = True
    server.thread.join(10)


@pytest.fixture
def shown(served: SimpleNamespace, visit: Callable[..., Any]) -> Callable[..., Page]:
    def show(hash_: str = "", **options: Any) -> Page:
        one = visit(**options)
        served.visit = one
        page: Page = one.page()
        page.goto(served.url + hash_)
        settled(page)
        return page

    return show
