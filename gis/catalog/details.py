"""What a click shows of one row, as data: data/catalog/details.json and words.csv."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gis.catalog.layers import LAYERS_FILE
from gis.errors import Term
from gis.standards.csvfile import read_table

FOLDER = LAYERS_FILE.parent
MEASURES = {
    "area_m2": "ST_Area({0})",
    "area_km2": "ST_Area({0}) / 1e6",
    "length_m": "ST_Length({0})",
}
"""Measures of the working geometry; the unit is in the name."""
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}$")


@dataclass(frozen=True)
class Detail:
    """One line of a panel: a column, perhaps measured, looked up or with a unit."""

    column: str
    title: Term
    measure: str | None = None
    lookup: str | None = None
    unit: str = ""
    digits: int | None = None

    @property
    def sql(self) -> str:
        """The expression that reads it."""
        return MEASURES[self.measure].format(self.column) if self.measure else self.column


def _detail(raw: Mapping[str, str | int]) -> Detail:
    column, measure = str(raw["column"]), raw.get("as")
    if not _NAME.match(column) or (measure is not None and measure not in MEASURES):
        msg = f"details.json: {raw!r} cannot be read"
        raise ValueError(msg)
    digits = raw.get("digits")
    return Detail(
        column=column,
        title=Term(str(raw["zh"]), str(raw["en"])),
        measure=str(measure) if measure else None,
        lookup=str(raw["lookup"]) if raw.get("lookup") else None,
        unit=str(raw.get("unit", "")),
        digits=int(digits) if digits is not None else None,
    )


@cache
def details() -> Mapping[str, tuple[Detail, ...]]:
    """The lines of each table's panel, in order."""
    raw = json.loads((FOLDER / "details.json").read_text(encoding="utf-8"))
    return {table: tuple(_detail(entry) for entry in lines) for table, lines in raw.items()}


@cache
def words() -> Mapping[tuple[str, str], Term]:
    """Names of small enums by list and code."""
    rows = read_table("words", ("list", "code", "name_zh", "name_en"), folder=FOLDER)
    return {(row["list"], row["code"]): Term(row["name_zh"], row["name_en"]) for row in rows}
