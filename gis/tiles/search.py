"""One search box of the map: case numbers, component codes, coordinates, names and codes."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission, Scope
from gis.cases.workflow import STATES
from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.grids.queries import cell_at
from gis.places.model import Place
from gis.places.queries import search_places

MOST = 12
MOST_CASES = 4
MOST_COMPONENTS = 4
STREET_LENGTH = 9
CODE_DIGITS = 20
"""No code is longer."""
_CASES = load_sql(__package__, "cases_by_number")
_COMPONENTS = load_sql(__package__, "components_by_code")
_BOXES = load_sql(__package__, "boxes_of_codes")
_NUMBER = re.compile(r"^\d{6,9}[\d-]{0,20}$", re.ASCII)
_COMPONENT = re.compile(r"^\d{10,16}$", re.ASCII)
"""From ten digits on, district and class, a text may be the beginning of a component code."""
_PAIR = re.compile(r"^(-?\d{1,3}(?:\.\d{1,12})?)°?[\s,，;]+(-?\d{1,3}(?:\.\d{1,12})?)°?$", re.ASCII)
CASE = Term("案卷", "Case")
POINT = Term("坐标", "Coordinates")
COMPONENT = Term("部件", "Component")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Hit:
    """
    One thing found; `bounds` are west, south, east, north in degrees (EPSG:4490).

    `layer`, `source` and `id` name the feature of the map that it is; None where it is no
    feature, or not one the asker may see.
    """

    kind: Term
    title: Term
    where: Term
    bounds: Bounds
    layer: str | None = None
    source: str | None = None
    id: int | None = None

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2


_LEVELS = {6: "district", 9: "street", 12: "community", 15: "grid"}


def _point(conn: Connection, wanted: str) -> list[Hit]:
    """
    Typed degrees, longitude first; the other way round where only that is on the globe.

    Latitudes end at 90, so `39.9, 116.4` can mean one place only.
    """
    pair = _PAIR.match(wanted)
    if pair is None:
        return []
    lon, lat = (float(number) for number in pair.groups())
    if abs(lat) > 90:
        lon, lat = lat, lon
    if abs(lat) > 90 or abs(lon) > 180:
        return []
    place = cell_at(conn, lon=lon, lat=lat)
    title = f"{lon:.6f}, {lat:.6f}"
    where = place.code if place else ""
    return [Hit(POINT, Term(title, title), Term(where, where), (lon, lat, lon, lat))]


def _cases(conn: Connection, wanted: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.VIEW_CASES) or not _NUMBER.match(wanted):
        return []
    given = {
        "starts": _starts(wanted, actor.scope),
        **actor.scope.params(),
        "most": MOST_CASES,
    }
    names = {str(state): row.name for state, row in STATES.items()}
    return [
        Hit(
            CASE,
            Term(row.number, row.number),
            names.get(row.state, Term("", "")),
            (row.lon, row.lat, row.lon, row.lat),
            "cases",
            "case",
            row.id,
        )
        for row in conn.execute(_CASES, given)
    ]


def _starts(wanted: str, scope: Scope) -> list[str]:
    """Beginnings of numbers that fit both the text and the scope: a number begins by its street."""
    streets = {prefix[:STREET_LENGTH] for prefix in scope.prefixes}
    fit = {max(wanted, s, key=len) for s in streets if wanted.startswith(s) or s.startswith(wanted)}
    return sorted(fit)


def _components(conn: Connection, wanted: str, actor: Actor) -> list[Hit]:
    if not _COMPONENT.match(wanted):
        return []
    given = {
        "wanted": wanted,
        "last": wanted.ljust(CODE_DIGITS, "9"),
        "scope": actor.scope.as_list(),
        "most": MOST_COMPONENTS,
    }
    return [
        Hit(
            COMPONENT,
            Term(row.code, row.code),
            Term(row.name_zh or "", row.name_en or ""),
            (row.lon, row.lat, row.lon, row.lat),
            "components",
            "component",
            row.id,
        )
        for row in conn.execute(_COMPONENTS, given)
    ]


def _place(place: Place, boxes: dict[str, Bounds], actor: Actor) -> Hit:
    point = (place.lon, place.lat, place.lon, place.lat)
    code = place.code or ""
    source = _LEVELS.get(len(code))
    known = source is not None and code.isdigit() and actor.scope.covers(code)
    return Hit(
        place.kind.label,
        place.name,
        place.where,
        boxes.get(code, point),
        "grids" if known else None,
        source if known else None,
        int(code) if known else None,
    )


def search(conn: Connection, wanted: str, *, actor: Actor, most: int = MOST) -> list[Hit]:
    """
    What a person may see and that fits a text, best first.

    A typed point stands alone. What is called exactly so comes first, then cases, names and codes
    of areas and grids, components. Names, codes and where they lie are public; cases and
    components are found within the actor's scope only, by the beginning of their number or code.
    Fewer than two characters find nothing.
    """
    wanted = " ".join(wanted.split())
    if len(wanted) < 2:
        return []
    point = _point(conn, wanted)
    if point:
        return point
    cases, components = _cases(conn, wanted, actor), _components(conn, wanted, actor)
    places = search_places(conn, wanted, limit=most - len(cases) - len(components))
    codes = [place.code for place in places if place.code]
    rows = conn.execute(_BOXES, {"codes": codes}).all() if codes else []
    boxes = {row.code: (row.west, row.south, row.east, row.north) for row in rows}
    hits = [*cases, *(_place(place, boxes, actor) for place in places), *components]
    return sorted(hits, key=lambda hit: wanted not in (hit.title.zh, hit.title.en, str(hit.id)))
