"""One search box over areas, grids, roads, facilities, places and case numbers."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from gis.accounts.model import Actor, Permission
from gis.db.sqlfile import load_sql

MOST = 12
MAX_TEXT = 60
_SEARCH = load_sql(__package__, "search")
_CODE = re.compile(r"^\d[\d-]{2,27}$")


@dataclass(frozen=True)
class Hit:
    """One thing found; `bounds` are west, south, east, north in degrees (EPSG:4490)."""

    kind: str
    """grid | case | area | place | road | facility"""
    id: str
    title_zh: str
    title_en: str
    detail: str
    bounds: tuple[float, float, float, float]

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2


def _pattern(wanted: str) -> str:
    """`wanted` anywhere in a name; its own % and _ are letters."""
    escaped = re.sub(r"([\\%_])", r"\\\1", wanted)
    return f"%{escaped}%"


def search(conn: Connection, wanted: str, *, actor: Actor, most: int = MOST) -> list[Hit]:
    """
    What a person may see and that has `wanted` in its name, or begins with it as a code.

    Best first: equal names, case numbers, grids, then the shortest names. Grid codes and case
    numbers are asked only for what looks like one (three digits and more). Fewer than two
    characters find nothing.
    """
    wanted = " ".join(wanted.split())[:MAX_TEXT]
    if len(wanted) < 2:
        return []
    digits = wanted if _CODE.match(wanted) else ""
    rows = conn.execute(
        _SEARCH,
        {
            "wanted": wanted,
            "pattern": _pattern(wanted),
            "digits": digits,
            "scope": actor.scope.as_list(),
            "department": actor.scope.department_id,
            "view_cases": actor.may(Permission.VIEW_CASES),
            "most": most,
        },
    )
    return [
        Hit(row.kind, row.id, row.title, row.title_en, row.detail or "",
            (row.west, row.south, row.east, row.north))
        for row in rows
    ]  # fmt: skip
