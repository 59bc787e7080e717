"""Where benches look: tiles of the city, drawn by chance that repeats."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

_BOUNDS = text(
    "SELECT ST_XMin(b) AS west, ST_YMin(b) AS south, ST_XMax(b) AS east, ST_YMax(b) AS north"
    " FROM (SELECT ST_Extent(geom) AS b FROM area WHERE level IN (2, 3) AND geom IS NOT NULL) AS t"
)
_MARGIN = 0.03
"""Share of each side that is left out: tiles at the edge of the city are half empty."""

TileAddress = tuple[int, int, int]
"""Zoom, column, row."""


@dataclass(frozen=True)
class Bounds:
    """The city in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def inner(self) -> "Bounds":
        """Without the edge."""
        dx, dy = (self.east - self.west) * _MARGIN, (self.north - self.south) * _MARGIN
        return Bounds(self.west + dx, self.south + dy, self.east - dx, self.north - dy)


def city_bounds(conn: Connection) -> Bounds:
    """The box around all districts and streets."""
    return Bounds(*conn.execute(_BOUNDS).one())


def tile_at(lon: float, lat: float, zoom: int) -> TileAddress:
    """The tile that holds a place."""
    side = 1 << zoom
    y = math.asinh(math.tan(math.radians(lat)))
    return zoom, int((lon + 180) / 360 * side), int((1 - y / math.pi) / 2 * side)


def every_tile(bounds: Bounds, zoom: int) -> list[TileAddress]:
    """All tiles of one zoom that touch the box."""
    _, left, bottom = tile_at(bounds.west, bounds.south, zoom)
    _, right, top = tile_at(bounds.east, bounds.north, zoom)
    return [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def random_tiles(bounds: Bounds, zooms: range, *, seed: int) -> Iterator[TileAddress]:
    """Tiles around random places, zooms in turn, none twice; ends when a zoom is used up."""
    draw, inner = random.Random(seed), bounds.inner()  # noqa: S311  places, no secrets
    seen: set[TileAddress] = set()
    most = {zoom: len(every_tile(inner, zoom)) for zoom in zooms}
    while True:
        for zoom in zooms:
            if sum(tile[0] == zoom for tile in seen) >= most[zoom] // 2:
                return
            while True:
                lon = draw.uniform(inner.west, inner.east)
                tile = tile_at(lon, draw.uniform(inner.south, inner.north), zoom)
                if tile not in seen:
                    break
            seen.add(tile)
            yield tile
