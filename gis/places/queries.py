"""Finding places; names are public, so no scope is asked."""

from math import cos, radians

from sqlalchemy import Connection, Row

from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.places.model import NearPlace, Place, PlaceKind

MAX_PLACES = 50
MAX_TEXT = 100
"""Characters of a search that count; nobody types a longer place name."""
MIN_CODE = 4
"""Digits from which a text is taken as the beginning of a code: the city's."""
_DEGREE_M = 110_000
"""A little less than the metres of a degree of latitude, so that boxes err on the large side."""

_SEARCH = load_sql(__package__, "search_places")
_NEAR = load_sql(__package__, "places_near")


def search_places(conn: Connection, text: str, *, limit: int = 20) -> list[Place]:
    """
    Places whose name, alias or pinyin fits, and areas and unit grids whose code begins so.

    Pinyin may be written with or without spaces and apostrophes, whole or as
    initials ("wangfujing", "wang fu jing", "wfj"). Grid codes answer from the
    nine digits of a street on. Best first: exact, beginning, anywhere, then
    areas before others and the shorter name. An empty text finds nothing.
    """
    wanted = " ".join(text[:MAX_TEXT].replace("\x00", " ").lower().split())
    if not wanted:
        return []
    params = {
        "text": wanted,
        "pattern": f"%{_escaped(wanted)}%",
        "latin": _latin(wanted),
        "digits": wanted
        if wanted.isascii() and wanted.isdigit() and len(wanted) >= MIN_CODE
        else "",
        "limit": max(1, min(limit, MAX_PLACES)),
    }
    return [_place(row) for row in conn.execute(_SEARCH, params)]


def places_near(
    conn: Connection, *, lon: float, lat: float, within_m: float = 200, limit: int = 5
) -> list[NearPlace]:
    """
    Facilities, water and green nearest to a point (EPSG:4490), the nearest first.

    Distances in metres on the ellipsoid to the point stored for the place, not
    to its outline.
    """
    wide = within_m / (_DEGREE_M * max(cos(radians(lat)), 0.01))
    params = {
        "lon": lon,
        "lat": lat,
        "within_m": within_m,
        "within_deg": wide,
        "limit": max(1, min(limit, MAX_PLACES)),
    }
    return [NearPlace(_place(row), row.distance_m) for row in conn.execute(_NEAR, params)]


def _escaped(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text


def _latin(text: str) -> str:
    """The letters of a text that is pinyin and nothing else; spaces and apostrophes go."""
    joined = text.replace(" ", "").replace("'", "").replace("’", "").replace("ü", "v")
    return joined if joined.isascii() and joined.isalnum() and not joined.isdigit() else ""


def _place(row: Row[tuple[object, ...]]) -> Place:
    return Place(
        kind=PlaceKind(row.kind),
        name=Term(row.name_zh, row.name_en),
        code=row.code,
        grid_code=row.grid_code,
        where=Term(row.street_zh or "", row.street_en or ""),
        lon=row.lon,
        lat=row.lat,
    )
