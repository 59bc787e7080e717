"""
Colours as data: of code lists, by name, and ramps for classes.

The standards' own colours serve pipelines and land use, ours components. Named colours
(data/catalog/colours.csv) have a light and a dark side; ramps (data/catalog/ramps.csv) are safe
for colour-blind eyes, which a test measures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gis.errors import Term
from gis.standards.csvfile import DATA, read_table, words

STANDARDS = DATA / "standards"
CATALOG = DATA / "catalog"
THEMES = ("light", "dark")

COMPONENT_COLOURS = {
    "01": "#2b6cb0",
    "02": "#b7791f",
    "03": "#805ad5",
    "04": "#2f855a",
    "05": "#64748b",
    "06": "#9d5c63",
}
"""One per main class: apart for colour-blind eyes, dark enough on paper."""


@dataclass(frozen=True)
class Tone:
    """The colour and name of one code."""

    code: str
    color: str
    title: Term


def _pipeline_kinds() -> list[Tone]:
    """Appendix B of CJJ 61-2017; local lists without a colour of their own are left out."""
    columns = ("edition", "code", "name_zh", "name_en", "colour")
    return [
        Tone(row["code"], row["colour"], Term(row["name_zh"], row["name_en"]))
        for row in read_table("pipeline_kinds", columns, folder=STANDARDS)
        if row["colour"] and row["edition"] == "CJJ 61-2017"
    ]


def _land_uses() -> list[Tone]:
    columns = ("code", "name_zh", "name_en", "colour")
    return [
        Tone(row["code"], row["colour"], Term(row["name_zh"], row["name_en"]))
        for row in read_table("land_use_2023", columns, folder=STANDARDS)
        if row["colour"]
    ]


def _component_classes() -> list[Tone]:
    """The main classes of edition 2013; tiles carry them as numbers without the leading zero."""
    columns = ("edition", "class_code", "class_zh", "class_en")
    names = {
        row["class_code"]: Term(row["class_zh"], row["class_en"])
        for row in read_table("component_classes", columns, folder=STANDARDS)
        if row["edition"] == "2013"
    }
    return [Tone(str(int(code)), COMPONENT_COLOURS[code], names[code]) for code in sorted(names)]


_PALETTES = {
    "pipeline_kind": _pipeline_kinds,
    "land_use_2023": _land_uses,
    "component_class": _component_classes,
}


@cache
def palette(name: str) -> Mapping[str, Tone]:
    """
    The tones of a code list by code, in the order of the standard.

    Raises
    ------
    KeyError
        For a palette that does not exist.
    """
    return {tone.code: tone for tone in _PALETTES[name]()}


def palette_names() -> tuple[str, ...]:
    """The palettes there are."""
    return tuple(_PALETTES)


@cache
def colours() -> Mapping[str, Mapping[str, str]]:
    """Every named colour, by name and theme."""
    rows = read_table("colours", ("name", *THEMES), folder=CATALOG)
    return {row["name"]: {theme: row[theme] for theme in THEMES} for row in rows}


def spread(colours: Sequence[str], n: int) -> list[str]:
    """`n` colours from end to end of a list; one is its middle, more than there are repeat."""
    if n == 1:
        return [colours[len(colours) // 2]]
    return [colours[round(i * (len(colours) - 1) / (n - 1))] for i in range(n)]


@dataclass(frozen=True)
class Ramp:
    """Colours for classes, from the lowest to the highest, for 5 to 7 classes."""

    name: str
    kind: str
    """`sequential`: light is little; `diverging`: the middle is light."""
    title: Term
    colours: Mapping[int, tuple[str, ...]]
    source: str
    licence: str

    def of(self, classes: int) -> tuple[str, ...]:
        """As many colours as there are classes, 1 to 7, spread over the ramp from end to end."""
        if classes in self.colours:
            return self.colours[classes]
        return tuple(spread(self.colours[min(self.colours)], classes))


@cache
def ramps() -> Mapping[str, Ramp]:
    """All ramps by name, in the order of the file."""
    columns = ("name", "kind", "name_zh", "name_en", "classes", "colours", "source", "licence")
    found: dict[str, Ramp] = {}
    for row in read_table("ramps", columns, folder=CATALOG):
        tones = words(row["colours"], " ")
        known = found[row["name"]].colours if row["name"] in found else {}
        found[row["name"]] = Ramp(
            row["name"],
            row["kind"],
            Term(row["name_zh"], row["name_en"]),
            {**known, int(row["classes"]): tones},
            row["source"],
            row["licence"],
        )
    return found
