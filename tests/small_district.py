"""A little invented district (two streets, seven communities, a few roads) for builds in tests."""

import geopandas as gpd
import pandas as pd
from shapely import LineString, Polygon

from gis.crs import WORK_SRID

DISTRICT = "990101"
WEST, SOUTH = 448_000.0, 4_418_000.0


def _at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(WEST + x, SOUTH + y) for x, y in points]


_SEAM = [(620, 0), (600, 210), (640, 400), (610, 600)]

STREETS = gpd.GeoDataFrame(
    {"street_code": [f"{DISTRICT}001", f"{DISTRICT}002"], "name": ["甲街道", "乙街道"]},
    geometry=[
        Polygon(_at((0, 0), *_SEAM, (20, 640))),
        Polygon(_at(*_SEAM, (1180, 590), (1200, 15))),
    ],
    crs=WORK_SRID,
)

COMMUNITIES = pd.DataFrame(
    [
        {
            "community_code": f"{DISTRICT}00{street}00{n}",
            "name": f"社区{street}{n}",
            "street_code": f"{DISTRICT}00{street}",
        }
        for street, count in ((1, 4), (2, 3))
        for n in range(1, count + 1)
    ]
)

_LINES = {
    "primary": [[(-50, 310), (1250, 290)], [(-50, 330), (1250, 310)]],
    "secondary": [[(300, -40), (310, 700)]],
    "tertiary": [[(900, -20), (890, 280)]],
    "residential": [[(100, 5), (105, 260)], [(0, 480), (560, 470)], [(700, 450), (1150, 455)]],
    "footway": [[(320, 100), (600, 120)], [(760, 320), (765, 600)]],
    "steps": [[(40, 40), (80, 80)]],
}

ROADS = gpd.GeoDataFrame(
    [
        {"highway": highway, "geometry": LineString(_at(*line)), "suspect_shortcut": False}
        for highway, lines in _LINES.items()
        for line in lines
    ]
    + [
        {
            "highway": "primary",
            "geometry": LineString(_at((0, 0), (1200, 600))),
            "suspect_shortcut": True,
        }
    ],
    geometry="geometry",
    crs=WORK_SRID,
)
