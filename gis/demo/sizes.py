"""What the generator is told: sizes and distributions as data, chance from a seed."""

import csv
import zlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np

from gis.config import CHECKOUT
from gis.errors import Invalid
from gis.i18n import N_

DEMO_DATA = CHECKOUT / "data" / "demo"
AREA_DATA = CHECKOUT / "data" / "areas"
DISTRICT = "110101"
"""Dongcheng: its streets and communities lend their names and codes."""

EDITION = "2013"

DEFAULT_SEED = 1652
"""The historic pilot had 1,652 unit grids; any other whole number gives another district."""


@dataclass(frozen=True)
class Size:
    """How much of everything is made; lengths in metres, areas in square metres."""

    name: str
    streets: tuple[str, ...]
    columns: int
    rows: int
    block_width_m: int
    block_height_m: int
    cell_area_m2: float
    components: int
    pipes_km: float
    building_step_m: float
    parcel_area_m2: float
    crews: int
    """Supervisors per community: four keep three shifts, one walks every shift (tests)."""
    handlers: int
    """Per department."""
    cases: int
    days: int
    """How far back the cases reach."""

    @property
    def period(self) -> timedelta:
        """The time the cases are spread over."""
        return timedelta(days=self.days)


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of `data/demo/<name>.csv`."""
    with (DEMO_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def sizes() -> dict[str, Size]:
    """The sizes of data/demo/sizes.csv by name."""
    return {row["size"]: _size(row) for row in read_rows("sizes")}


def _size(row: dict[str, str]) -> Size:
    whole = ("columns", "rows", "block_width_m", "block_height_m", "components", "crews")
    return Size(
        name=row["size"],
        streets=tuple(row["streets"].split("|")),
        cell_area_m2=float(row["cell_area_m2"]),
        pipes_km=float(row["pipes_km"]),
        building_step_m=float(row["building_step_m"]),
        parcel_area_m2=float(row["parcel_area_m2"]),
        handlers=int(row["handlers"]),
        cases=int(row["cases"]),
        days=int(row["days"]),
        **{name: int(row[name]) for name in whole},
    )


def size_named(name: str) -> Size:
    """
    The size called `name`.

    Raises
    ------
    Invalid
        When there is none; the message lists those there are.
    """
    if name not in sizes():
        raise Invalid(
            N_("There is no demo size “{name}”; known: {known}."),
            name=name,
            known=", ".join(sizes()),
        )
    return sizes()[name]


def chance(seed: int, what: str) -> np.random.Generator:
    """
    A stream of chance of its own for each part of the district.

    A part that draws more or fewer numbers does not change the others.
    """
    return np.random.default_rng([seed, zlib.crc32(what.encode())])


@cache
def behaviour() -> dict[str, float]:
    """Rates and durations of the generated cases: invented, and stated in data/demo."""
    return {row["name"]: float(row["value"]) for row in read_rows("behaviour")}


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Invented names of one kind."""
    return tuple(row["word"] for row in read_rows("words") if row["list"] == name)


def area_rows(name: str) -> list[dict[str, str]]:
    """The real names and codes of the district: `upper`, `dongcheng_streets`, `…_communities`."""
    with (AREA_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
