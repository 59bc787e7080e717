"""What stands in the street, as it is read."""

from dataclasses import dataclass
from datetime import date

from gis.errors import Term

STATES = ("intact", "damaged", "lost", "abandoned", "removed")
"""States of a component (GB/T 47678.5-2026, sourced from one transcription)."""


@dataclass(frozen=True, slots=True)
class Component:
    """One managed object with its names."""

    code: str
    edition: str
    class_code: str
    class_name: Term
    grid_code: str
    state: str
    department: Term | None
    installed_on: date | None
    lon: float
    lat: float
