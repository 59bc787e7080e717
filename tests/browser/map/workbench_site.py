"""A site of the workbench alone: one page, hand-written answers of /map/*, tiles drawn by hand."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gis.i18n import translate
from gis.tiles.words import WORDS
from gis.ui.maps.assets import DIST, asset
from tests.mvt import encode

PAGE = Path(__file__).with_name("workbench.html").read_text(encoding="utf-8")
HOSTILE = "<img src=x onerror=window.hit=1>`${window.hit=1}` {{ 7*7 }}"
CODE = 110101001001001
BOX = [116.396, 39.908, 116.404, 39.914]

DATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("workbench.json").read_text(encoding="utf-8")
)
PROFILE: dict[str, Any] = DATA["profile"]
NOTE = "Generated demo data, not real."


def _spoken(value: Any, locale: str) -> Any:
    """Titles of the fixture in Chinese where that is asked."""
    if locale != "zh-CN":
        return value
    if isinstance(value, dict):
        return {key: _spoken(inner, locale) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spoken(inner, locale) for inner in value]
    return DATA["zh"].get(value, value) if isinstance(value, str) else value


def _layer(row: dict[str, Any]) -> dict[str, Any]:
    url = f"/tiles/{row['id']}/{{z}}/{{x}}/{{y}}?v={{v}}"
    return {**DATA["usual"], "url": url, "notes": [NOTE], **row}


def config(locale: str = "zh-CN", theme: str = "light") -> dict[str, Any]:
    """The config of the page, as gis.tiles.screen makes it."""
    told: dict[str, Any] = deepcopy(DATA["config"])
    told["layers"] = [_layer(row) for row in told["layers"]]
    told = _spoken(told, locale)
    words = {key: translate(text, locale) for key, text in WORDS.items()}
    return told | {"locale": locale, "theme": theme, "words": words}


def _grid_tile() -> list[dict[str, Any]]:
    step = 1024
    return [
        {"id": CODE + row * 4 + column, "type": 3,
         "lines": [[(column * step, row * step), ((column + 1) * step, row * step),
                    ((column + 1) * step, (row + 1) * step), (column * step, (row + 1) * step)]]}
        for row in range(4) for column in range(4)
    ]  # fmt: skip


def _spots(kind: str, every: int, first: int) -> list[dict[str, Any]]:
    return [
        {"id": first + n, "type": 1, "lines": [[(300 + n * every % 3600, 500 + n * 977 % 3300)]],
         "properties": {"kind": kind}} for n in range(6)
    ]  # fmt: skip


TILES = {
    "grids": encode({"grid": _grid_tile()}),
    "density": encode({"grid": _grid_tile()}),
    "roads": encode({"road": [{"id": 5, "type": 2, "lines": [[(0, 1700), (4096, 2300)]]},
                              {"id": 6, "type": 2, "lines": [[(2500, 0), (2500, 4096)]]}]}),
    "pipelines": encode({"pipe": [{"id": 9, "type": 2, "lines": [[(0, 2048), (4096, 2048)]]}]}),
    "components": encode({"component": _spots("lamp", 1301, 500)}),
    "cases": encode({"case": _spots("case", 733, 900)}),
}  # fmt: skip


class WorkbenchSite:
    """Serves the page and its answers; a test may change `answers`, `status` and `delay_s`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.delay_s: dict[str, float] = {}
        self.config: dict[str, Any] = {}
        self.answers: dict[str, Callable[[Request], Any]] = {
            "changes": self.changes, "suggest": self.suggest, "feature": self.feature,
            "grid": lambda _: PROFILE, "counts": self.counts, "case-days": lambda _: {},
        }  # fmt: skip
        self.version = 1
        self.cases: list[list[float]] = []
        routes = [
            Route("/", self.page),
            Route("/map/{name}", self.answer, methods=["GET", "POST"]),
            Route("/tiles/{layer}/{z}/{x}/{y}", self.tile),
            Route("/picture/{z}/{x}/{y}", lambda _: Response(status_code=404)),
            Mount("/assets", StaticFiles(directory=DIST)),
        ]
        self.app = Starlette(routes=routes)

    def page(self, request: Request) -> Response:
        query = request.query_params
        told = config(query.get("locale", "zh-CN"), query.get("theme", "light")) | self.config
        text = json.dumps(told).replace("<", "\\u003c")
        html = re.sub(r"asset:([\w.-]+)", lambda match: asset(match.group(1)), PAGE)
        return HTMLResponse(html.replace("CONFIG", text))

    def answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(f"/map/{name}?{request.url.query}")
        time.sleep(self.delay_s.get(name, 0))
        if self.status != 200:
            return JSONResponse({"error": "x", "message": "请登录。"}, self.status)
        if name not in self.answers:
            return JSONResponse({"error": "not_found", "message": "没有。"}, 404)
        return JSONResponse(self.answers[name](request))

    def changes(self, request: Request) -> Any:
        since = request.query_params.get("since")
        points, self.cases = (self.cases, []) if since else ([], self.cases)
        layers = {layer["id"]: f"{self.version}.x" for layer in DATA["config"]["layers"]}
        return {
            "tag": f"t{self.version}",
            "layers": layers,
            "cases": {"all": False, "points": points},
        }

    def suggest(self, request: Request) -> Any:
        wanted = request.query_params["q"]
        names = [
            ("街道", "东华门街道", "东城区"),
            ("道路", "东华门大街", "东华门街道"),
            ("地点", f"东华门 {HOSTILE}", ""),
        ]
        hits = [
            {"kind": kind, "title": title, "where": where, "bounds": BOX, "point": [116.4, 39.911],
             "layer": None, "source": None, "id": None}
            for kind, title, where in names if wanted in title
        ]  # fmt: skip
        if str(CODE).startswith(wanted):
            cell = {"kind": "单元网格", "title": str(CODE), "where": "多福巷社区", "id": CODE}
            where = {"bounds": BOX, "point": [116.4, 39.911], "layer": "grids", "source": "grid"}
            hits.insert(0, cell | where)
        return {"hits": hits}

    def feature(self, request: Request) -> Any:
        query = request.query_params
        lines = {
            "编号": query["id"],
            "名称": HOSTILE,
            "所属社区": "多福巷社区",
            "面积": "12,040 m²",
        }
        case = query["layer"] == "cases"
        return {
            "title": {"grids": "单元网格", "cases": "案卷"}.get(query["layer"], "部件"),
            "lines": [{"title": title, "value": value} for title, value in lines.items()],
            "bounds": BOX, "grid_code": str(CODE),
            "link": {"href": "/case?number=20261120-0042", "text": "打开案卷"} if case else None,
        }  # fmt: skip

    def counts(self, request: Request) -> Any:
        layers = request.query_params["layers"].split(",")
        known = {"components": {"total": 1312, "codes": {"1": 702, "2": 410}, "capped": False},
                 "cases": {"total": 48, "codes": None, "capped": False},
                 "pipelines": {"total": None, "codes": None, "capped": False},
                 "grids": {"total": 10000, "codes": None, "capped": True}}  # fmt: skip
        return {"layers": {name: known[name] for name in layers if name in known}}

    def tile(self, request: Request) -> Response:
        layer = request.path_params["layer"]
        self.asked.append(f"{request.url.path}?{request.url.query}")
        time.sleep(self.delay_s.get("tile", 0))
        if self.status != 200:
            return Response(status_code=self.status)
        return Response(TILES[layer])

    def start(self, port: int = 0) -> str:
        server = uvicorn.Server(uvicorn.Config(self.app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        self.stop = lambda: (setattr(server, "should_exit", True), thread.join(10))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"


if __name__ == "__main__":  # to look at: python -m tests.browser.map.workbench_site 8600
    print(WorkbenchSite().start(int(sys.argv[1])))
    threading.Event().wait()
