"""What a search for a place answers."""

from dataclasses import dataclass
from enum import StrEnum

from gis.errors import Term


class PlaceKind(StrEnum):
    """What a place is; decides its icon and how far the map zooms in."""

    AREA = "area"
    GRID = "grid"
    ROAD = "road"
    FACILITY = "facility"
    WATER = "water"
    PARK = "park"
    ADDRESS = "address"

    @property
    def label(self) -> Term:
        """Its name for people."""
        return _KINDS[self]


_KINDS = {
    PlaceKind.AREA: Term("区域", "Area"),
    PlaceKind.GRID: Term("单元网格", "Unit grid"),
    PlaceKind.ROAD: Term("道路", "Road"),
    PlaceKind.FACILITY: Term("设施", "Facility"),
    PlaceKind.WATER: Term("水域", "Water"),
    PlaceKind.PARK: Term("绿地", "Green space"),
    PlaceKind.ADDRESS: Term("地址", "Address"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place that was found."""

    kind: PlaceKind
    name: Term
    """English is the romanised or translated name where there is one, else the Chinese."""
    code: str | None
    """Area or grid code of an area or a unit grid."""
    grid_code: str | None
    """Unit grid the point lies in; None outside every cell."""
    where: Term
    """Street it lies in; empty where unknown or where it is the street itself."""
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A place near a point."""

    place: Place
    distance_m: float
