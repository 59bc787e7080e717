"""One search box of the map: case numbers, and everything that has a name or a code."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission
from gis.cases.workflow import STATES
from gis.db.sqlfile import load_sql
from gis.errors import Term
from gis.places.model import Place
from gis.places.queries import search_places

MOST = 12
MOST_CASES = 6
_CASES = load_sql(__package__, "cases_by_number")
_BOXES = load_sql(__package__, "boxes_of_codes")
_NUMBER = re.compile(r"^\d{6,9}[\d-]*$")
CASE = Term("案卷", "Case")

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


def _cases(conn: Connection, wanted: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.VIEW_CASES) or not _NUMBER.match(wanted):
        return []
    given = {
        "wanted": wanted,
        "scope": actor.scope.as_list(),
        "department": actor.scope.department_id,
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
    What a person may see and that fits a text, best first; cases before places.

    Names, codes and where they lie are public; cases are found within the actor's scope only, by
    the beginning of their number. Fewer than two characters find nothing.
    """
    wanted = " ".join(wanted.split())
    if len(wanted) < 2:
        return []
    hits = _cases(conn, wanted, actor)
    places = search_places(conn, wanted, limit=most - len(hits))
    codes = [place.code for place in places if place.code]
    rows = conn.execute(_BOXES, {"codes": codes}).all()
    boxes = {row.code: (row.west, row.south, row.east, row.north) for row in rows}
    return hits + [_place(place, boxes, actor) for place in places]
