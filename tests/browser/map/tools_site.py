"""The site of the workbench with cases of ninety days, as the tools need it."""

import sys
import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from tests.browser.map.workbench_site import CODE, TILES, WorkbenchSite, config
from tests.mvt import encode

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 90
STREETS = ("110101001", "110101002")
OUTLINE = [[116.396, 39.908], [116.404, 39.908], [116.404, 39.914], [116.396, 39.914]]

CASE_DAYS: dict[str, Any] = {
    "id": "case_days", "group": "cases", "title": "近 90 天案卷", "order": 68, "visible": False,
    "live": True, "interactive": True, "minzoom": 8, "values": None, "labels": [], "legend": [],
    "credits": [], "notes": [], "counts": False, "url": "/tiles/case_days/{z}/{x}/{y}?v={v}",
    "time": {"source": "case_day", "attribute": "day"},
    "rules": [
        {"source": "case_area", "kind": "fill", "maxzoom": 14,
         "color": {"by": "@value", "stops": [3, 6], "range": ["#fff7bc", "#fec44f", "#d95f0e"],
                   "nodata": "#eeeeee"}},
        {"source": "case_day", "kind": "circle", "color": "#7c2d12", "radius": 6, "minzoom": 14},
    ],
}  # fmt: skip


def first_day() -> datetime:
    """The first of the ninety days that end today."""
    return datetime.now(ZONE) - timedelta(days=DAYS - 1)


def day_number(back: int) -> int:
    """Days since 1970 of the day `back` days before today."""
    return (datetime.now(ZONE).date() - datetime(1970, 1, 1).date()).days - back


def counts(street: int) -> list[int]:
    """Reports of each day of one street: a week's rhythm, nothing on its last day but one."""
    return [0 if n == DAYS - 2 else (n + street) % 7 + street for n in range(DAYS)]


def case_days(_: Any) -> dict[str, Any]:
    """The answer of /map/case-days."""
    return {
        "first": first_day().strftime("%Y-%m-%d"), "days": DAYS,
        "areas": {code: counts(at) for at, code in enumerate(STREETS, 1)},
    }  # fmt: skip


def _tile() -> bytes:
    halves = [[(w, 0), (w + 2048, 0), (w + 2048, 4096), (w, 4096)] for w in (0, 2048)]
    areas = [
        {"id": int(code), "type": 3, "lines": [half]}
        for code, half in zip(STREETS, halves, strict=True)
    ]
    spots = [
        {"id": 700 + n, "type": 1, "lines": [[(400 + n * 700 % 3400, 700 + n * 1300 % 3000)]],
         "properties": {"day": day_number(n), "open": n % 2}} for n in range(5)
    ]  # fmt: skip
    return encode({"case_area": areas, "case_day": spots})


class ToolsSite(WorkbenchSite):
    """The workbench's site with a layer of cases by day and outlines of cells."""

    def __init__(self) -> None:
        super().__init__()
        TILES["case_days"] = _tile()
        self.answers["case-days"] = case_days
        polygon = {"type": "Polygon", "coordinates": [[*OUTLINE, OUTLINE[0]]]}
        self.answers["outline"] = lambda _: {"code": str(CODE), "outline": polygon}

    def page(self, request: Request) -> Response:
        """The page of the workbench with one layer more."""
        told = config(request.query_params.get("locale", "zh-CN"))
        self.config = {"layers": [*told["layers"], CASE_DAYS]}
        return super().page(request)


if __name__ == "__main__":  # to look at: python -m tests.browser.map.tools_site 8601
    print(ToolsSite().start(int(sys.argv[1])))
    threading.Event().wait()
